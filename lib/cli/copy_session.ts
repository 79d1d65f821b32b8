/**
 * One run of copy or plan, from the first note to the last line.
 *
 * @module
 */

import type { CopyOptions, CopyRequest } from "../copy_request.ts";
import type { Plan, Warning } from "../plan/plan.ts";
import type { CopyEvent } from "../transfer/event.ts";
import type { Context } from "./command.ts";
import { connectionOptions } from "./connection.ts";
import type { CopyCall } from "./copy_call.ts";
import { createDeadline } from "./deadline.ts";
import { deliver, deliverFailure, type Delivery } from "./output/deliver.ts";
import { destinationState } from "./output/destination_state.ts";
import { Display } from "./output/display.ts";
import { checkOutputFile } from "./output/output_file.ts";

/** What a run came to. */
export interface Outcome extends Delivery {
  /** For stderr, in a line. */
  summary?: string;
  /** What should not go unsaid. */
  warnings: Warning[];
  /** What the program ends with. */
  exitCode: number;
}

/** What copy and plan do differently. */
export type Work = (request: CopyRequest, options: CopyOptions) => Promise<Outcome>;

/**
 * Runs a call: says what is going on, keeps the time, delivers the outcome, explains a failure.
 *
 * @param call What the command line asks for.
 * @param context In, out, and the end of it.
 * @param work The work.
 * @returns The exit code.
 */
export async function runCopyCall(call: CopyCall, context: Context, work: Work): Promise<number> {
  const { request, values, notes } = call;
  const { io, signal } = context;
  using display = new Display(io, values);
  using deadline = createDeadline({ timeout: values.timeout, signal });
  let plan: Plan | undefined;
  let outcome: Outcome | undefined;
  const onEvent = (event: CopyEvent): void => {
    if (event.type === "planned") plan = event.plan;
    display.take(event);
    deadline.take(event);
  };
  try {
    for (const note of notes) display.note(note);
    if (values.outputFile !== undefined) await checkOutputFile(values.outputFile);
    const options = await connectionOptions(values, io);
    outcome = await work(request, { ...options, onEvent, signal: deadline.signal });
    for (const warning of outcome.warnings) display.warn(warning);
    if (outcome.summary !== undefined) display.say(outcome.summary);
    display[Symbol.dispose]();
    await deliver(outcome, { values, io });
    return outcome.exitCode;
  } catch (thrown) {
    display[Symbol.dispose]();
    const tagChanged = outcome?.result !== undefined;
    const state = tagChanged
      ? `${outcome!.text.trimEnd()} was written.`
      : destinationState(plan, display.progress);
    const cause = deadline.signal.aborted ? deadline.signal.reason : thrown;
    return await deliverFailure(cause, { values, io, state, tagChanged });
  }
}
