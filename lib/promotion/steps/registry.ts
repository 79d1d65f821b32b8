/**
 * The steps there are; another one is a file beside these and a line in the list.
 *
 * @module
 */

import { suggest } from "../../oci/suggest.ts";
import { Place } from "../place.ts";
import { conform } from "../schema.ts";
import { KUSTOMIZE_SET_IMAGE } from "./kustomize_set_image.ts";
import { OCI_PUSH } from "./oci_push.ts";
import type { StepConfig, StepContext, StepDefinition, StepOutcome } from "./step_definition.ts";

/** Every kind of step by its name. */
export const STEPS: ReadonlyMap<string, StepDefinition> = new Map(
  [OCI_PUSH, KUSTOMIZE_SET_IMAGE].map((step) => [step.uses, step]),
);

/**
 * Finds a kind of step.
 *
 * @param uses Its name.
 * @param place Where that name stands.
 * @returns The step.
 * @throws {OciPushError} `INVALID_DOCUMENT` where there is none, with the nearest name.
 */
export function findStep(uses: string, place: Place = new Place()): StepDefinition {
  const step = STEPS.get(uses);
  if (step) return step;
  const names = [...STEPS.keys()];
  const near = suggest(uses, names);
  throw place.error(`there is no step "${uses}" here`, {
    hint: near === undefined
      ? `the steps are ${names.join(" and ")}; the others need Kargo`
      : `did you mean ${near}?`,
  });
}

/**
 * Runs one step by itself, without a document around it.
 *
 * @example
 * ```ts ignore
 * const { output } = await runStep({
 *   uses: "kustomize-set-image",
 *   config: { path: "overlays/prod", images: [{ image: "nginx", tag: "1.27" }] },
 * }, context);
 * ```
 * @param step Its name and its config; texts are taken as they are, without expressions.
 * @param context What it may use.
 * @returns What it did.
 * @throws {OciPushError} `INVALID_DOCUMENT` for a config that does not fit, else what the step throws.
 */
export async function runStep(
  step: { uses: string; config: unknown },
  context: StepContext,
): Promise<StepOutcome> {
  const definition = findStep(step.uses, new Place({}, ["uses"]));
  const place = new Place({}, ["config"]);
  const config = conform(step.config, definition.config, { place }) as StepConfig;
  definition.check?.(config, place);
  context.signal.throwIfAborted();
  return await definition.run(config, context);
}
