/**
 * Errors as exit codes.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";

/**
 * What a script sees of an error.
 *
 * @param error What was thrown.
 * @returns 2 for words that cannot be meant, 75 (EX_TEMPFAIL) for what is worth another try, 1 for
 * all that is final.
 */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof OciPushError)) return 1;
  if (error.code === "INVALID_ARGUMENT" || error.code === "INVALID_REFERENCE") return 2;
  return error.terminal ? 1 : 75;
}
