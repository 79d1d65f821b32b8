/**
 * Running Kargo's promotion steps without Kargo.
 *
 * @module
 */

import type { CopyOptions } from "../copy_request.ts";
import type { Clock } from "./attempt.ts";
import type { PromotionContext } from "./context.ts";
import type { PromotionEvent, PromotionResult } from "./event.ts";
import type { Freight } from "./freight.ts";
import type { Effects } from "./steps/step_definition.ts";

/** Options of {@linkcode promote}. */
export interface PromoteOptions {
  /** What the steps need of the rest of the program. By default the copy engine, with `copy`. */
  effects?: Effects;
  /** How registries are reached and bytes moved, unless `effects` say otherwise. */
  copy?: CopyOptions;
  /** The artifacts to promote. @default {[]} */
  freight?: readonly Freight[];
  /** Name or alias of the freight that is `ctx.targetFreight`. @default {the first} */
  targetFreight?: string;
  /** Project, stage and promotion; what is left out is taken from a Stage's own names. */
  ctx?: PromotionContext;
  /** Variables, stronger than the document's and weaker than a step's. */
  vars?: Readonly<Record<string, string>>;
  /** The folder that paths of steps are in. @default {the current one} */
  workdir?: string;
  /** Evaluates and plans everything, and writes nothing. @default {false} */
  dryRun?: boolean;
  /** The file's name, for errors. */
  file?: string;
  /** Interrupts the promotion; what was done by then is in the result. */
  signal?: AbortSignal;
  /** Told what happens, as it happens. */
  onEvent?(event: PromotionEvent): void;
  /** Time and chance. @default {the real ones} */
  clock?: Clock;
}

/**
 * Runs a promotion document.
 *
 * Everything is checked, and everything that can be is evaluated, before the first step runs; what
 * is wrong until then is thrown. From then on failures are part of the result.
 *
 * @example
 * ```ts ignore
 * const { status, steps } = await promote(await Deno.readTextFile("promotion.yaml"), {
 *   freight: await readFreight(await Deno.readTextFile("freight.yaml")),
 *   ctx: { stage: "prod" },
 * });
 * ```
 * @param document The text of a YAML file, or its data: a list of steps, `{ steps, vars }`, a Stage.
 * @param options The freight, the surroundings, and how to run.
 * @returns What became of the promotion and of each of its steps.
 * @throws {OciPushError} `INVALID_DOCUMENT`, `INVALID_EXPRESSION` or `INVALID_REFERENCE` with file,
 * line and path; `INVALID_ARGUMENT` for options that do not fit.
 */
export async function promote(
  document: unknown,
  options: PromoteOptions = {},
): Promise<PromotionResult> {
  // Whoever imports the module to copy should not load the parsers of two languages.
  const { runPromotion } = await import("./run_promotion.ts");
  const effects = options.effects ??
    (await import("./copy_effects.ts")).createCopyEffects(options.copy);
  return await runPromotion(document, { ...options, effects });
}
