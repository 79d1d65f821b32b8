/**
 * A step as a promotion document writes it.
 *
 * @module
 */

import { parseDuration } from "./duration.ts";
import { quoted } from "./expressions/refusal.ts";
import type { Place } from "./place.ts";
import type { ObjectSchema } from "./schema.ts";
import { readVariables, type Variable, VARIABLES } from "./variables.ts";

/** A step; its config, condition and variables are templates still. */
export interface Step {
  /** Which of the known steps it is. */
  uses: string;
  /** What `outputs` and `status()` call it. */
  alias: string;
  /** Its config, unchecked. */
  config: unknown;
  /** When it runs; without it, as long as nothing has failed. */
  condition?: string;
  /** Whether its failure stops nothing. */
  continueOnError: boolean;
  /** How long and how often it is tried. */
  retry: RetryLimits;
  /** Its own variables. */
  variables: Variable[];
  /** The document's variables. */
  outerVariables: Variable[];
  /** Where it stands. */
  place: Place;
}

/** How long and how often a step is tried. */
export interface RetryLimits {
  /** Milliseconds for all attempts together; absent for no limit. */
  timeout?: number;
  /** Failures after which it is given up. */
  errorThreshold: number;
}

/** The keys of a step. */
export const STEP_SCHEMA: ObjectSchema = {
  type: "object",
  fields: {
    uses: { type: "string" },
    as: { type: "string" },
    config: { type: "any" },
    if: { type: "string" },
    continueOnError: { type: "boolean" },
    retry: {
      type: "object",
      fields: { timeout: { type: "string" }, errorThreshold: { type: "integer", least: 0 } },
    },
    vars: VARIABLES,
    task: { type: "any" },
  },
};

/** What {@linkcode STEP_SCHEMA} leaves through. */
interface StepData {
  uses?: string;
  as?: string;
  config?: unknown;
  if?: string;
  continueOnError?: boolean;
  retry?: { timeout?: string; errorThreshold?: number };
  vars?: unknown;
  task?: unknown;
}

const RESERVED = /^(?:step|task)-[0-9]+$/;

/**
 * Reads a step that has the shape of {@linkcode STEP_SCHEMA}.
 *
 * @param data The step.
 * @param options Where it stands, and the document's variables.
 * @returns The step; its alias is empty unless `as` gives one.
 * @throws {OciPushError} `INVALID_DOCUMENT` for a task, a reserved alias, a retry that makes no sense.
 */
export function readStep(
  data: unknown,
  { place, variables }: { place: Place; variables: Variable[] },
): Step {
  const step = data as StepData;
  if (step.task !== undefined) {
    throw place.at("task").error("a task is kept in a cluster, and none is asked here", {
      hint: "write the steps of the task in its place",
    });
  }
  if (step.uses === undefined) throw place.error('"uses" is missing');
  if (step.as !== undefined) checkAlias(step.as, place.at("as"));
  return {
    uses: step.uses,
    alias: step.as ?? "",
    config: step.config ?? {},
    ...(step.if === undefined || step.if === "" ? {} : { condition: step.if }),
    continueOnError: step.continueOnError ?? false,
    retry: readRetry(step.retry, place.at("retry")),
    variables: readVariables(step.vars, place.at("vars")),
    outerVariables: variables,
    place,
  };
}

/**
 * Gives the steps without an alias theirs, and refuses one that stands twice.
 *
 * @param steps All steps of a run, in order.
 * @throws {OciPushError} `INVALID_DOCUMENT` for the second of two equal aliases.
 */
export function assignAliases(steps: Step[]): void {
  const seen = new Set<string>();
  for (const [index, step] of steps.entries()) {
    if (step.alias === "") step.alias = `step-${index + 1}`;
    if (seen.has(step.alias)) {
      throw step.place.at("as").error(`an earlier step is called ${quoted(step.alias)} already`);
    }
    seen.add(step.alias);
  }
}

function checkAlias(alias: string, place: Place): void {
  if (alias.trim() === "") throw place.error("an alias has at least one letter");
  if (RESERVED.test(alias)) {
    throw place.error(`${quoted(alias)} is kept for steps without an alias`, {
      hint: "choose a name that is not step-N or task-N",
    });
  }
}

function readRetry(retry: StepData["retry"], place: Place): RetryLimits {
  // Kargo takes 0 for "as usual": one failure is enough, and there is no time limit.
  const errorThreshold = retry?.errorThreshold || 1;
  if (retry?.timeout === undefined) return { errorThreshold };
  const timeout = parseDuration(retry.timeout);
  if (timeout === undefined) {
    throw place.at("timeout").error(`${quoted(retry.timeout)} is no duration`, {
      hint: "a duration looks like 90s, 5m or 1h30m",
    });
  }
  return timeout === 0 ? { errorThreshold } : { errorThreshold, timeout };
}
