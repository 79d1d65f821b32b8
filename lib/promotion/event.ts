/**
 * What a promotion tells while it runs, and what it came to.
 *
 * @module
 */

import type { OciPushError } from "../oci/error.ts";

/** How a step or a promotion ended. */
export type Status =
  /** Done, or nothing to do. */
  | "Succeeded"
  /** Not run: its condition, an earlier failure, or an interruption said so. */
  | "Skipped"
  /** Interrupted. */
  | "Aborted"
  /** Failed for good. */
  | "Failed"
  /** Failed, and worth another try. */
  | "Errored";

/** What became of a step; plain data. */
export interface StepResult {
  /** What `outputs` calls it. */
  alias: string;
  /** Which step it is. */
  uses: string;
  /** How it ended. */
  status: Status;
  /** What later steps read of it; empty where it did not succeed. */
  output: Readonly<Record<string, unknown>>;
  /** Why it did not succeed, as {@linkcode OciPushError.toJSON} gives it. */
  error?: ReturnType<OciPushError["toJSON"]>;
  /** Its evaluated config; in a dry run. */
  config?: Readonly<Record<string, unknown>>;
  /** What it would do; in a dry run. */
  plan?: unknown;
}

/** What became of a promotion; plain data. */
export interface PromotionResult {
  /** Of all steps together; failures that were allowed do not count. */
  status: Exclude<Status, "Skipped">;
  /** Every step, in order. */
  steps: StepResult[];
}

/** What happens in a promotion, as it happens. */
export type PromotionEvent =
  | {
    /** A step begins; nothing is said of one that is skipped before it ends. */
    type: "step-start";
    /** Which one, counted from 0. */
    index: number;
    /** How many there are. */
    total: number;
    /** What `outputs` calls it. */
    alias: string;
    /** Which step it is. */
    uses: string;
  }
  | {
    /** A step failed and is tried again after a wait. */
    type: "step-retry";
    /** Which one, counted from 0. */
    index: number;
    /** What `outputs` calls it. */
    alias: string;
    /** How many times it has failed. */
    attempt: number;
    /** Milliseconds until the next try. */
    wait: number;
    /** What failed. */
    error: OciPushError;
  }
  | {
    /** A step ended, in whichever way. */
    type: "step-end";
    /** Which one, counted from 0. */
    index: number;
    /** How many there are. */
    total: number;
    /** What became of it. */
    result: StepResult;
    /** Milliseconds that it took. */
    elapsed: number;
    /** What was done, for people, in a few words. */
    summary?: string | undefined;
  };

/**
 * Says in a line how far a promotion came.
 *
 * @example
 * ```ts
 * const step = { alias: "push", uses: "oci-push", status: "Succeeded", output: {} } as const;
 * console.assert(describeResult({ status: "Succeeded", steps: [step] }) === "done: push");
 * ```
 * @param result What became of it.
 * @returns e.g. `done: push, set-image; interrupted: annotate; not run: retag`.
 */
export function describeResult(result: PromotionResult): string {
  const words: [Status[], string][] = [
    [["Succeeded"], "done"],
    [["Failed", "Errored"], "failed"],
    [["Aborted"], "interrupted"],
    [["Skipped"], "not run"],
  ];
  return words.flatMap(([statuses, word]) => {
    const aliases = result.steps.filter(({ status }) => statuses.includes(status))
      .map(({ alias }) => alias);
    return aliases.length === 0 ? [] : [`${word}: ${aliases.join(", ")}`];
  }).join("; ");
}
