/**
 * Running the steps of a promotion one after the other.
 *
 * @module
 */

import { asOciPushError, attempt, type Clock } from "./attempt.ts";
import { defined } from "./_defined.ts";
import type { PromotionEvent, PromotionResult, Status, StepResult } from "./event.ts";
import type { FreightSet } from "./freight_set.ts";
import type { History } from "./history.ts";
import type { Resolver } from "./resolver.ts";
import type { Step } from "./step.ts";
import type { Effects, StepConfig, StepOutcome } from "./steps/step_definition.ts";

/** Options of {@linkcode runSteps}. */
export interface RunOptions {
  /** Evaluates conditions and configs. */
  resolver: Resolver;
  /** Takes what the steps come to. */
  history: History;
  /** The artifacts to promote. */
  freight: FreightSet;
  /** The folder that paths are in. */
  workdir: string;
  /** What is done elsewhere in the program. */
  effects: Effects;
  /** Whether nothing may be written. */
  dryRun: boolean;
  /** Interrupts it. */
  signal: AbortSignal;
  /** Time and chance. */
  clock: Clock;
  /** Told what happens. */
  onEvent?: ((event: PromotionEvent) => void) | undefined;
}

/** What one step came to, before it is said. */
interface Ending {
  result: StepResult;
  summary?: string | undefined;
}

/**
 * Runs steps. A failure ends nothing by itself: what comes after it is asked for its condition.
 *
 * @param steps The steps, in order.
 * @param options What they need.
 * @returns What became of each; failures and interruptions are in it, not thrown.
 */
export async function runSteps(
  steps: readonly Step[],
  options: RunOptions,
): Promise<PromotionResult> {
  const { history, clock, signal, onEvent } = options;
  const total = steps.length;
  const results: StepResult[] = [];
  let isCut = false;
  for (const [index, step] of steps.entries()) {
    const began = clock.now();
    isCut ||= signal.aborted;
    const ending: Ending = isCut
      ? { result: ended(step, "Skipped") }
      : await runOne(step, { ...options, index, total });
    const { result, summary } = ending;
    isCut ||= result.status === "Aborted";
    results.push(result);
    history.add(result, { mayFail: step.continueOnError });
    onEvent?.({ type: "step-end", index, total, result, elapsed: clock.now() - began, summary });
  }
  return { status: isCut ? "Aborted" : overall(steps, results), steps: results };
}

async function runOne(
  step: Step,
  options: RunOptions & { index: number; total: number },
): Promise<Ending> {
  const { resolver, index, total, signal, onEvent } = options;
  const { alias, uses } = step;
  let config: StepConfig | undefined;
  try {
    if (!resolver.condition(index)) return { result: ended(step, "Skipped") };
    onEvent?.({ type: "step-start", index, total, alias, uses });
    const resolved = resolver.resolve(index);
    config = resolved.config;
    resolved.definition.check?.(config, step.place.at("config"));
    const { output, plan, summary } = await work(step, { ...options, resolved });
    const result = { ...ended(step, "Succeeded"), output, ...shown(config, options) };
    return { result: { ...result, ...defined({ plan }) }, summary };
  } catch (cause) {
    if (signal.aborted) return { result: { ...ended(step, "Aborted"), ...shown(config, options) } };
    const error = asOciPushError(cause);
    const result = ended(step, error.terminal ? "Failed" : "Errored");
    return { result: { ...result, error: error.toJSON(), ...shown(config, options) } };
  }
}

function work(
  step: Step,
  options: RunOptions & { index: number; resolved: ReturnType<Resolver["resolve"]> },
): Promise<StepOutcome> {
  const { resolved, index, workdir, freight, effects, dryRun, signal, clock, onEvent } = options;
  return attempt(
    (signal) =>
      resolved.definition.run(resolved.config, { workdir, freight, effects, dryRun, signal }),
    {
      limits: step.retry,
      signal,
      clock,
      onRetry: (retry) => onEvent?.({ type: "step-retry", index, alias: step.alias, ...retry }),
    },
  );
}

function ended({ alias, uses }: Step, status: Status): StepResult {
  return { alias, uses, status, output: {} };
}

/** Only a dry run shows configs: what was really done is told by outputs. */
function shown(config: StepConfig | undefined, { dryRun }: RunOptions): { config?: StepConfig } {
  return dryRun && config !== undefined ? { config } : {};
}

function overall(
  steps: readonly Step[],
  results: readonly StepResult[],
): "Succeeded" | "Failed" | "Errored" {
  const counting = results.filter((_, index) => !steps[index]?.continueOnError);
  if (counting.some(({ status }) => status === "Failed")) return "Failed";
  return counting.some(({ status }) => status === "Errored") ? "Errored" : "Succeeded";
}
