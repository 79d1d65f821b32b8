/**
 * Errors, for people and for programs.
 *
 * @module
 */

import { OciPushError } from "../../oci/error.ts";
import { cleanText } from "../../oci/text.ts";
import type { Io } from "../command.ts";

/** Options of {@linkcode printError}. */
export interface PrintErrorOptions {
  /** In and out. */
  io: Io;
  /** One JSON object on stdout instead of lines on stderr. */
  json: boolean;
  /** Show where in the program it happened. */
  verbose?: boolean;
  /** What became of the destination, in a sentence. */
  state?: string;
}

/**
 * Prints an error: what failed, what was tried, what to do, and whether another try can help. In
 * text form stdout stays empty, so that `$(oci-push copy …)` is never half right.
 *
 * @param error What was thrown.
 * @param options Where to, and how.
 */
export function printError(error: unknown, options: PrintErrorOptions): void {
  const { io, json, verbose = false, state } = options;
  const known = error instanceof OciPushError ? error : unexpected(error);
  if (json) {
    const { message, ...rest } = known.toJSON();
    const document = { error: { ...rest, message: cleanText(message), tagChanged: false } };
    io.out(`${JSON.stringify(document)}\n`);
    return;
  }
  const { details, code, terminal, hint } = known;
  const lines = [`error: ${tidy(known.message)}`];
  if (details.did) lines.push(`  did:  ${tidy(details.did)}`);
  if (hint) lines.push(`  try:  ${tidy(hint)}`);
  if (code !== "INVALID_ARGUMENT") {
    const again = terminal ? "final" : "worth another try";
    lines.push(`  code: ${code}, ${again}.${state ? ` ${state}` : ""}`);
  }
  io.err(`${lines.join("\n")}\n`);
  if (verbose && error instanceof Error) io.err(`${error.stack}\n`);
  annotate(known, io);
}

/** A line that GitHub's runner shows beside the workflow; it reads both streams. */
function annotate({ code, message }: OciPushError, io: Io): void {
  if (io.env("GITHUB_ACTIONS") !== "true") return;
  const escaped = tidy(message).replaceAll("%", "%25");
  io.err(`::error title=oci-push ${code}::${escaped}\n`);
}

/** Words of registries were cleaned where they came in; what a user typed is cleaned here. */
function tidy(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x1f\x7f-\x9f]+/g, " ");
}

function unexpected(error: unknown): OciPushError {
  const message = error instanceof Error ? error.message : String(error);
  return new OciPushError(
    "INTERNAL",
    `something went wrong that should not: ${cleanText(message)}`,
    {
      terminal: true,
      hint: "this is a bug; -vv shows where, a report is welcome",
    },
  );
}
