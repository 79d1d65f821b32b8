/**
 * Errors as exit codes.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import { Interruption } from "./interruption.ts";

/** Exit codes that are not an error's own. */
export const EXIT = { done: 0, failed: 1, usage: 2, wouldChange: 3, retry: 75 } as const;

/**
 * What a script sees of an error.
 *
 * @param error What was thrown.
 * @returns 2 for arguments that cannot be meant, 75 (EX_TEMPFAIL) for what is worth another try,
 * 130 and 143 for a signal, 1 for all that is final.
 */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interruption) return error.exitCode;
  if (!(error instanceof OciPushError)) return EXIT.failed;
  if (error.code === "INVALID_ARGUMENT") return EXIT.usage;
  return error.terminal ? EXIT.failed : EXIT.retry;
}
