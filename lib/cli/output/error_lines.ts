/**
 * Errors for people and for programs. Pure.
 *
 * @module
 */

import { OciPushError } from "../../oci/error.ts";
import { cleanText } from "../../oci/text.ts";
import { formatCount, formatDuration } from "../format.ts";
import type { Paint } from "./style.ts";

/** Long enough for two references and two digests, too short to flood a log. */
const MAX_LENGTH = 1000;

/** Options of {@linkcode errorLines}. */
export interface ErrorLinesOptions {
  /** Colours, or none. */
  paint: Paint;
  /** What became of the destination, in a sentence. */
  state?: string;
  /** Whether the command line was at fault. */
  isUsage?: boolean;
}

/**
 * An error for people: what failed, what was tried, what to do, and whether another try can help.
 *
 * @param error The error.
 * @param options Colours, and what became of the destination.
 * @returns Lines without their ends.
 */
export function errorLines(error: OciPushError, options: ErrorLinesOptions): string[] {
  const { paint, state, isUsage = false } = options;
  const { code, message, terminal, hint, details: { did, attempts = 1, retryAfter } } = error;
  const tried = attempts > 1 ? `tried ${formatCount(attempts, "time")}` : undefined;
  const done = [did && clean(did), tried].filter((part) => part !== undefined).join("; ");
  const verdict = isUsage
    ? "wrong usage"
    : terminal
    ? "final"
    : retryAfter
    ? `worth another try in ${formatDuration(retryAfter * 1000)}`
    : "worth another try";
  return [
    `${paint("red", "error:")} ${clean(message)}`,
    ...(done ? [`  did:  ${done}`] : []),
    ...(hint ? [`  try:  ${clean(hint)}`] : []),
    `  code: ${code}, ${verdict}.${state ? ` ${clean(state)}` : ""}`,
  ];
}

/**
 * An error for programs: the document of `--format json`.
 *
 * @param error The error.
 * @returns Plain data; texts are as clean as those for people.
 */
export function errorDocument(error: OciPushError): { error: Record<string, unknown> } {
  const { code, message, ...details } = error.toJSON();
  const cleaned = Object.entries({ message, tagChanged: false, ...details }).map(([key, value]) => [
    key,
    typeof value === "string" ? clean(value) : value,
  ]);
  return { error: { code, ...Object.fromEntries(cleaned) } };
}

/**
 * An error as a line that GitHub's runner shows beside the workflow.
 *
 * @param error The error.
 * @returns The command, with what the runner would take for its own escaped.
 */
export function githubErrorLine({ code, message }: OciPushError): string {
  return `::error title=oci-push ${code}::${clean(message).replaceAll("%", "%25")}`;
}

/**
 * Where in the program a bug is.
 *
 * @param error The error.
 * @returns Lines without their ends; none for what is no bug.
 */
export function stackLines({ code, cause }: OciPushError): string[] {
  if (code !== "INTERNAL" || !(cause instanceof Error)) return [];
  // Without the message that it begins with: that is told already, and may be a stranger's.
  const places = (cause.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return places.map((line) => `  ${clean(line)}`);
}

/**
 * Anything that was thrown, as the class that can be printed.
 *
 * @param error What was thrown.
 * @returns The error itself, a missing permission in words, or the admission of a bug.
 */
export function asOciPushError(error: unknown): OciPushError {
  if (error instanceof OciPushError) return error;
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (error instanceof Deno.errors.NotCapable) {
    const flag = /--allow-[a-z]+/.exec(message)?.[0];
    const [, what = "something"] = /^Requires (.+?), run again/.exec(error.message) ?? [];
    return new OciPushError("PERMISSION", `cannot go on: Deno was not allowed ${clean(what)}`, {
      terminal: true,
      hint: flag ? `run it with ${flag}, or -A` : "run it with -A",
    }, error);
  }
  return new OciPushError("INTERNAL", `oci-push has a bug: ${clean(message)}`, {
    terminal: true,
    hint: "run it again with -vv, and report what it prints",
  }, error);
}

/** A last look: most texts were cleaned where they came in, what a user typed was not. */
function clean(text: string): string {
  // A runner looks for its old commands anywhere in a line.
  return cleanText(text, MAX_LENGTH).replaceAll("##[", "# #[");
}
