/**
 * Words that cannot be meant.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";

/**
 * An error for a command line that cannot be meant: exit code 2.
 *
 * @param message What is wrong with which word.
 * @param hint What would be right.
 * @returns An `INVALID_ARGUMENT` error.
 */
export function usageError(message: string, hint: string): OciPushError {
  return new OciPushError("INVALID_ARGUMENT", message, { terminal: true, hint });
}
