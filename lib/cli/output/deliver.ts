/**
 * The end of a command that has a result: everywhere it was asked for, stdout last.
 *
 * @module
 */

import type { CopyResult } from "../../copy.ts";
import { EXIT, exitCodeOf } from "../exit_code.ts";
import type { Values } from "../flag.ts";
import type { OUTPUT } from "../flags.ts";
import { Interruption } from "../interruption.ts";
import type { Io } from "../io.ts";
import { asOciPushError, errorDocument } from "./error_lines.ts";
import { writeGithubOutputs, writeGithubSummary } from "./github.ts";
import { writeOutputFile } from "./output_file.ts";
import { printError } from "./print_error.ts";

/** Where results go. */
export interface DeliveryOptions {
  /** What the flags say about output. */
  values: Values<typeof OUTPUT.flags>;
  /** In and out. */
  io: Io;
}

/** A result in its forms. */
export interface Delivery {
  /** For `--format json`, `--output-file` and the output `json`. */
  document: object;
  /** For stdout in text form, line ends included. */
  text: string;
  /** For `$GITHUB_OUTPUT`. */
  outputs: Readonly<Record<string, string>>;
  /** For `$GITHUB_STEP_SUMMARY`, where something was copied. */
  result?: CopyResult;
}

/**
 * Delivers a result. stdout comes last: where something before it fails, it stays empty.
 *
 * @param delivery The result.
 * @param options Where it goes.
 * @throws {OciPushError} `FILE` where a file cannot be written.
 */
export async function deliver(delivery: Delivery, { values, io }: DeliveryOptions): Promise<void> {
  const { document, text, outputs, result } = delivery;
  if (values.outputFile !== undefined) await writeOutputFile(values.outputFile, document);
  if (values.githubOutput) {
    await writeGithubOutputs({ ...outputs, json: JSON.stringify(document) }, io);
    if (result) await writeGithubSummary(result, io);
  }
  io.out(values.format === "json" ? `${JSON.stringify(document)}\n` : text);
}

/**
 * Tells of a failure instead.
 *
 * @param thrown What was thrown.
 * @param options Where it goes, what became of the destination, and whether its tag moved.
 * @returns The exit code.
 */
export async function deliverFailure(
  thrown: unknown,
  options: DeliveryOptions & { state?: string; tagChanged?: boolean },
): Promise<number> {
  const { values, io, state, tagChanged = false } = options;
  if (thrown instanceof Interruption) {
    const message = `interrupted${state ? `; ${state}` : ""}`;
    const record = { time: new Date().toISOString(), type: "interrupted", message };
    io.err(`${values.logFormat === "json" ? JSON.stringify(record) : message}\n`);
    return thrown.exitCode;
  }
  const error = tagChanged ? asOciPushError(thrown).with({ tagChanged }) : asOciPushError(thrown);
  const { format = "text", logFormat, color, outputFile, verbose } = values;
  if (outputFile !== undefined) {
    // This failure is the one to tell, not that of telling it.
    await writeOutputFile(outputFile, errorDocument(error)).catch(() => {});
  }
  const exitCode = exitCodeOf(error);
  printError(error, {
    io,
    format,
    logFormat,
    color,
    isUsage: exitCode === EXIT.usage,
    ...(state && { state }),
    withStack: verbose > 1,
  });
  return exitCode;
}
