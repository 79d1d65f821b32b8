/**
 * What {@linkcode promote} does once everything it needs is loaded.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import { CLOCK } from "./attempt.ts";
import { readDocument } from "./document.ts";
import type { PromotionResult } from "./event.ts";
import type { Freight } from "./freight.ts";
import { FreightSet } from "./freight_set.ts";
import { History } from "./history.ts";
import type { PromoteOptions } from "./promote.ts";
import type { Effects } from "./steps/step_definition.ts";
import { Resolver } from "./resolver.ts";
import { runSteps } from "./runner.ts";
import { isVariableName } from "./variables.ts";

/**
 * Reads a document, checks all of it, then runs its steps.
 *
 * @param document The text of a YAML file, or its data.
 * @param options The freight, the surroundings, and how to run.
 * @returns What became of it.
 * @throws {OciPushError} For what is wrong before the first step.
 */
export async function runPromotion(
  document: unknown,
  options: PromoteOptions & { effects: Effects },
): Promise<PromotionResult> {
  const { effects, freight = [], ctx = {}, vars = {}, dryRun = false, file, onEvent } = options;
  const { signal = new AbortController().signal, clock = CLOCK } = options;
  const target = chooseTarget(freight, options.targetFreight);
  checkVariables(vars);
  const { steps, context } = await readDocument(document, { file, stage: ctx.stage });
  const history = new History(steps.map(({ alias }) => alias));
  const view = { freight: new FreightSet(freight), history };
  const surroundings = { context: { ...context, ...ctx }, target, variables: vars };
  const resolver = new Resolver({ steps, ...surroundings, ...view });
  resolver.checkAll();
  const { workdir = "." } = options;
  return await runSteps(steps, {
    resolver,
    ...view,
    workdir,
    effects,
    dryRun,
    signal,
    clock,
    onEvent,
  });
}

function chooseTarget(
  freight: readonly Freight[],
  wanted: string | undefined,
): Freight | undefined {
  if (wanted === undefined) return freight[0];
  const found = freight.find(({ name, alias }) => name === wanted || alias === wanted);
  if (found) return found;
  const names = freight.map(({ name }) => name ?? "one without a name").join(", ") || "none";
  const message = `cannot promote freight "${wanted}": it was not given`;
  const hint = `the freight that was: ${names}`;
  throw new OciPushError("INVALID_ARGUMENT", message, { terminal: true, hint });
}

function checkVariables(vars: Readonly<Record<string, string>>): void {
  const bad = Object.keys(vars).find((name) => !isVariableName(name));
  if (bad === undefined) return;
  throw new OciPushError("INVALID_ARGUMENT", `cannot use "${bad}" as a variable: bad name`, {
    terminal: true,
    hint: "a name is letters, digits and underscores, and begins with no digit",
  });
}
