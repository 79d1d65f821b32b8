/**
 * The end of a command that failed.
 *
 * @module
 */

import type { Io } from "../io.ts";
import {
  asOciPushError,
  errorDocument,
  errorLines,
  type ErrorLinesOptions,
  githubErrorLine,
  stackLines,
} from "./error_lines.ts";
import { createPaint } from "./style.ts";

/** Options of {@linkcode printError}. */
export interface PrintErrorOptions extends Omit<ErrorLinesOptions, "paint"> {
  /** In and out. */
  io: Io;
  /** One JSON object on stdout instead of lines on stderr. */
  format: "text" | "json";
  /** Lines on stderr, or one record. */
  logFormat?: "text" | "json" | undefined;
  /** Whether colours are wanted. */
  color?: string | undefined;
  /** Show where in the program it happened, if it is a bug. */
  withStack?: boolean;
}

/**
 * Prints an error. In text form stdout stays empty, so that `$(oci-push copy …)` is never half
 * right.
 *
 * @param thrown What was thrown.
 * @param options Where to, and how.
 */
export function printError(thrown: unknown, options: PrintErrorOptions): void {
  const { io, format, logFormat, color, withStack = false, ...rest } = options;
  const error = asOciPushError(thrown);
  const stack = withStack ? stackLines(error) : [];
  if (format === "json") io.out(`${JSON.stringify(errorDocument(error))}\n`);
  if (logFormat === "json") {
    const record = {
      time: new Date().toISOString(),
      type: "error",
      ...errorDocument(error).error,
      ...(rest.state && { state: rest.state }),
      ...(stack.length > 0 && { stack }),
    };
    // Who reads records gets nothing else, in a workflow neither.
    return io.err(`${JSON.stringify(record)}\n`);
  }
  if (format === "text") {
    const paint = createPaint(io, color);
    for (const line of errorLines(error, { paint, ...rest })) io.err(`${line}\n`);
  }
  for (const line of stack) io.err(`${line}\n`);
  if (io.env("GITHUB_ACTIONS") === "true") io.err(`${githubErrorLine(error)}\n`);
}
