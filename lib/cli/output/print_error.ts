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
  if (format === "json") {
    io.out(`${JSON.stringify(errorDocument(error))}\n`);
  } else if (logFormat === "json") {
    const record = { time: new Date().toISOString(), type: "error", ...errorDocument(error).error };
    io.err(`${JSON.stringify({ ...record, ...(rest.state && { state: rest.state }) })}\n`);
  } else {
    const paint = createPaint(io, color);
    for (const line of errorLines(error, { paint, ...rest })) io.err(`${line}\n`);
  }
  const { code, cause } = error;
  if (withStack && code === "INTERNAL" && cause instanceof Error) io.err(`${cause.stack}\n`);
  if (io.env("GITHUB_ACTIONS") === "true") io.err(`${githubErrorLine(error)}\n`);
}
