/**
 * Files that a command line names.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";

/**
 * Reads a text file.
 *
 * @param file Its path.
 * @param what What it is wanted as, for the message: `--ca-file ca.pem`.
 * @returns Its text.
 * @throws {OciPushError} `FILE` where it cannot be read.
 */
export async function readTextFile(file: string, what: string = file): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    const problem = cause instanceof Deno.errors.NotFound
      ? "there is no such file"
      : "it cannot be read";
    const details = { terminal: true, file };
    throw new OciPushError("FILE", `cannot read ${what}: ${problem}`, details, cause);
  }
}
