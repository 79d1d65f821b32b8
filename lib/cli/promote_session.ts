/**
 * One run of promote, from its files to its last line.
 *
 * @module
 */

import type { CopyOptions } from "../copy_request.ts";
import { OciPushError } from "../oci/error.ts";
import { describeResult, type PromotionEvent, type PromotionResult } from "../promotion/event.ts";
import type { Freight } from "../promotion/freight.ts";
import { readFreight } from "../promotion/freight_file.ts";
import { overlayFreight, readImageOptions } from "../promotion/image_option.ts";
import { promote, type PromoteOptions } from "../promotion/promote.ts";
import { resolveDigest } from "../resolve.ts";
import type { CopyEvent } from "../transfer/event.ts";
import type { Context } from "./command.ts";
import { connectionNotes, connectionOptions } from "./connection.ts";
import { createDeadline } from "./deadline.ts";
import { EXIT, exitCodeOf } from "./exit_code.ts";
import type { Values } from "./flag.ts";
import { deliver, deliverFailure } from "./output/deliver.ts";
import { Display } from "./output/display.ts";
import { checkOutputFile } from "./output/output_file.ts";
import { printError } from "./output/print_error.ts";
import { dryRunLines, promotionLine } from "./output/promotion_lines.ts";
import type { PromoteFlags } from "./promote.ts";
import { readTextFile } from "./read_file.ts";

/** What a run of promote works with. */
export interface PromoteContext extends Context {
  /** What the flags say. */
  values: Values<PromoteFlags>;
}

/**
 * Runs the steps of a file.
 *
 * @param file Its path.
 * @param context The flags, in, out, and the end of it.
 * @returns The exit code.
 */
export async function runPromotionFile(file: string, context: PromoteContext): Promise<number> {
  const { values, io } = context;
  using display = new Display(io, values);
  using deadline = createDeadline({ timeout: values.timeout, signal: context.signal });
  const { signal } = deadline;
  const onEvent = (event: CopyEvent): void => {
    display.take(event);
    deadline.take(event);
  };
  try {
    for (const note of connectionNotes(values)) display.note(note);
    if (values.outputFile !== undefined) await checkOutputFile(values.outputFile);
    const copy = { ...await copyOptions(context), onEvent, signal };
    const result = await promote(await readTextFile(file), {
      copy,
      freight: await readFreights(values, copy),
      ...promoteOptions(values),
      file,
      signal,
      onEvent: (event) => follow(event, display),
    });
    await finish(result, { io, values, display, reason: signal.reason });
    return exitCodeFor(result, signal);
  } catch (thrown) {
    display[Symbol.dispose]();
    return await deliverFailure(signal.aborted ? signal.reason : thrown, { values, io });
  }
}

async function copyOptions({ values, io }: PromoteContext): Promise<CopyOptions> {
  const options = await connectionOptions(values, io);
  if (!values.insecureSkipTlsVerify) return options;
  const insecure = { insecureSkipTLSVerify: true };
  return { ...options, source: insecure, destination: insecure };
}

function promoteOptions(values: Values<PromoteFlags>): PromoteOptions {
  const { targetFreight, workdir, project, stage, promotion, dryRun } = values;
  return {
    ...(targetFreight !== undefined && { targetFreight }),
    ...(workdir !== undefined && { workdir }),
    ctx: {
      ...(project !== undefined && { project }),
      ...(stage !== undefined && { stage }),
      ...(promotion !== undefined && { promotion }),
    },
    vars: Object.fromEntries(values.var),
    dryRun,
  };
}

/** The freight of files, with the artifacts of `--image` over it. */
async function readFreights(
  { freight: files, image: references }: Values<PromoteFlags>,
  copy: CopyOptions & { signal: AbortSignal },
): Promise<Freight[]> {
  const freights: Freight[] = [];
  for (const file of files) freights.push(...await readFreight(await readTextFile(file), { file }));
  if (references.length === 0) return freights;
  const overlay = await readImageOptions(references, {
    resolve: (reference) => resolveDigest(reference, copy),
    signal: copy.signal,
  });
  return overlayFreight(freights, overlay);
}

function follow(event: PromotionEvent, display: Display): void {
  if (event.type === "step-start") display.reset();
  display.say(promotionLine(event), event);
}

/** Errors of steps, what was done, and the result. */
async function finish(
  result: PromotionResult,
  { values, io, display, reason }: Omit<PromoteContext, "signal"> & {
    display: Display;
    reason: unknown;
  },
): Promise<void> {
  display.reset();
  const { format = "text", logFormat, color, dryRun } = values;
  const errors = result.steps
    .flatMap(({ status, error }) =>
      error && status !== "Aborted" ? [OciPushError.fromJSON(error)] : []
    );
  // Time that is over is an error, too; ^C is none.
  if (reason instanceof OciPushError) errors.push(reason);
  if (format === "text") {
    for (const error of errors) printError(error, { io, format, logFormat, color });
  }
  display.say(`${result.status}: ${describeResult(result)}`);
  display[Symbol.dispose]();
  const text = dryRun ? dryRunLines(result).map((line) => `${line}\n`).join("") : "";
  await deliver({ document: result, text, outputs: { status: result.status } }, { values, io });
}

function exitCodeFor({ status }: PromotionResult, signal: AbortSignal): number {
  switch (status) {
    case "Succeeded":
      return EXIT.done;
    case "Failed":
      return EXIT.failed;
    case "Errored":
      return EXIT.retry;
    case "Aborted":
      return exitCodeOf(signal.reason);
  }
}
