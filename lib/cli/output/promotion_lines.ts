/**
 * A promotion in lines. Pure.
 *
 * @module
 */

import { cleanText } from "../../oci/text.ts";
import type { Plan } from "../../plan/plan.ts";
import type { PromotionEvent, PromotionResult, StepResult } from "../../promotion/event.ts";
import { formatDuration } from "../format.ts";
import { planLines } from "./plan_lines.ts";

/**
 * What happens, for stderr.
 *
 * @param event What happened.
 * @returns A line without its end.
 */
export function promotionLine(event: PromotionEvent): string {
  switch (event.type) {
    case "step-start":
      return `[${event.index + 1}/${event.total}] ${event.alias}  ${event.uses}`;
    case "step-retry":
      return `      ${event.alias}  once more in ${formatDuration(event.wait)}: ${
        cleanText(event.error.message)
      }`;
    case "step-end": {
      const { index, total, result, elapsed, summary } = event;
      const outputs = Object.entries(result.output).map(([name, value]) =>
        `${name}=${cleanText(String(value))}`
      );
      return [
        `[${index + 1}/${total}] ${result.alias}  ${result.status}`,
        formatDuration(elapsed),
        ...(summary ? [cleanText(summary)] : []),
        ...outputs,
      ].join("  ");
    }
  }
}

/**
 * What a promotion would do, for stdout.
 *
 * @param result The result of a dry run.
 * @returns Lines without their ends.
 */
export function dryRunLines({ steps }: PromotionResult): string[] {
  return steps.flatMap((step) => [
    `${step.alias}  ${step.uses}  ${step.status}`,
    ...(step.config ? [`  config       ${cleanText(JSON.stringify(step.config), 1000)}`] : []),
    ...planOf(step).map((line) => `  ${line}`),
  ]);
}

function planOf({ plan }: StepResult): string[] {
  if (plan === undefined) return [];
  const isCopy = typeof plan === "object" && plan !== null && "manifests" in plan;
  return isCopy
    ? planLines(plan as Plan)
    : [`would        ${cleanText(JSON.stringify(plan), 1000)}`];
}
