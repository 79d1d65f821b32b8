/**
 * What a step is, and what it is given.
 *
 * @module
 */

import type { FreightSet } from "../freight_set.ts";
import type { Place } from "../place.ts";
import type { ObjectSchema } from "../schema.ts";

/** A kind of step, chosen by `uses`. */
export interface StepDefinition {
  /** Its name. */
  uses: string;
  /** What its config has to be; checked before {@linkcode StepDefinition.run} sees it. */
  config: ObjectSchema;
  /**
   * Looks at a whole config for what a schema cannot say, before anything runs.
   *
   * @throws {OciPushError} For a config that can never work, with its place.
   */
  check?(config: StepConfig, place: Place): void;
  /**
   * Does the step; with `dryRun`, everything but the writing.
   *
   * @throws {OciPushError} For what failed; `terminal` where another try cannot help.
   */
  run(config: StepConfig, context: StepContext): Promise<StepOutcome>;
}

/** A config that fits its step's schema; strings are final. */
export type StepConfig = Readonly<Record<string, unknown>>;

/** What a step may use of the world. */
export interface StepContext {
  /** The folder that paths of a config are in. */
  workdir: string;
  /** The artifacts to promote. */
  freight: FreightSet;
  /** What is done elsewhere in the program. */
  effects: Effects;
  /** Whether nothing may be written. */
  dryRun: boolean;
  /** Ends the step, which then throws `signal.reason`. */
  signal: AbortSignal;
}

/** What a step did, or would do. */
export interface StepOutcome {
  /** What later steps read as `outputs.alias`. */
  output: Readonly<Record<string, unknown>>;
  /** What would be done, as plain data; for a dry run. */
  plan?: unknown;
  /** What was done, for people, in a few words. */
  summary?: string | undefined;
}

/** What steps need of the rest of the program; a test gives its own. */
export interface Effects {
  /**
   * Copies or retags an artifact, or plans that and writes nothing.
   *
   * @throws {OciPushError} For what failed.
   */
  push(config: PushConfig, options: PushOptions): Promise<PushOutcome>;
}

/** The config of `oci-push`. */
export interface PushConfig {
  /** Where the artifact is. */
  srcRef: string;
  /** Where it shall be, with a tag. */
  destRef: string;
  /** Annotations to set, keys as documented: bare, `manifest:` or `index:`. */
  annotations?: Readonly<Record<string, string>>;
  /** Trusts any certificate, on both sides. */
  insecureSkipTLSVerify?: boolean;
}

/** How {@linkcode Effects.push} goes about it. */
export interface PushOptions {
  /** Whether to plan only. */
  dryRun: boolean;
  /** Ends it. */
  signal: AbortSignal;
}

/** What {@linkcode Effects.push} did, or would do. */
export interface PushOutcome {
  /** The destination as typed, without `oci://`. */
  image: string;
  /** What the tag names now. */
  digest: string;
  /** The tag that was written. */
  tag: string;
  /** The plan of a dry run. */
  plan?: unknown;
  /** What was done, for people, in a few words. */
  summary?: string;
}
