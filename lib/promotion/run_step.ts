/**
 * One step by itself, for programs that have no document.
 *
 * @module
 */

import type { CopyOptions } from "../copy_request.ts";
import type { Freight } from "./freight.ts";
import type { Effects, StepOutcome } from "./steps/step_definition.ts";

/** Options of {@linkcode runStep}. */
export interface RunStepOptions {
  /** The folder that paths of the config are in. @default {"."} */
  workdir?: string;
  /** The artifacts to promote; `kustomize-set-image` without images takes theirs. @default {[]} */
  freight?: readonly Freight[];
  /** What the step needs of the rest of the program. By default the copy engine, with `copy`. */
  effects?: Effects;
  /** How registries are reached and bytes moved, unless `effects` say otherwise. */
  copy?: CopyOptions;
  /** Everything but the writing. @default {false} */
  dryRun?: boolean;
  /** Ends the step, which then throws `signal.reason`. */
  signal?: AbortSignal;
}

/**
 * Runs one step, without a document around it.
 *
 * @example
 * ```ts ignore
 * const { output } = await runStep({
 *   uses: "kustomize-set-image",
 *   config: { path: "overlays/prod", images: [{ image: "nginx", tag: "1.27" }] },
 * });
 * ```
 * @param step Its name and its config; texts are taken as they are, without expressions.
 * @param options The folder, the freight, how registries are reached.
 * @returns What it did.
 * @throws {OciPushError} `INVALID_DOCUMENT` for an unknown step or a config that does not fit, else
 * what the step throws.
 */
export async function runStep(
  step: { uses: string; config: unknown },
  options: RunStepOptions = {},
): Promise<StepOutcome> {
  const { workdir = ".", freight = [], copy, dryRun = false } = options;
  // Whoever imports the module to copy should not load what steps need.
  const [registry, { FreightSet }, { createCopyEffects }] = await Promise.all([
    import("./steps/registry.ts"),
    import("./freight_set.ts"),
    import("./copy_effects.ts"),
  ]);
  return await registry.runStep(step, {
    workdir,
    freight: new FreightSet(freight),
    effects: options.effects ?? createCopyEffects(copy),
    dryRun,
    signal: options.signal ?? new AbortController().signal,
  });
}
