/**
 * `--output-file`: the document, in a file.
 *
 * @module
 */

import { OciPushError } from "../../oci/error.ts";

/**
 * Writes a document so that whoever looks finds all of it or nothing.
 *
 * @param file The path.
 * @param document Plain data.
 * @throws {OciPushError} `FILE` where it cannot be written.
 */
export async function writeOutputFile(file: string, document: object): Promise<void> {
  const partial = `${file}.${crypto.randomUUID()}`;
  try {
    await Deno.writeTextFile(partial, `${JSON.stringify(document)}\n`);
    await Deno.rename(partial, file);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    await Deno.remove(partial).catch(() => {}); // mostly not there
    throw refuse(file, cause);
  }
}

/**
 * Finds out before the work whether its result can be kept.
 *
 * @param file The path.
 * @throws {OciPushError} `FILE` where there is no folder for it, or a folder in its place.
 */
export async function checkOutputFile(file: string): Promise<void> {
  const folder = file.replace(/[^/\\]*$/, "") || ".";
  try {
    if (!(await Deno.stat(folder)).isDirectory) throw new Deno.errors.NotFound();
    const there = await Deno.stat(file).catch(() => undefined); // mostly not there
    if (there?.isDirectory) throw new Deno.errors.IsADirectory();
  } catch (cause) {
    // Without the permission to look there may be one to write.
    if (!(cause instanceof Deno.errors.NotCapable)) throw refuse(file, cause);
  }
}

function refuse(file: string, cause: unknown): OciPushError {
  const problem = cause instanceof Deno.errors.NotFound
    ? "there is no such folder"
    : cause instanceof Deno.errors.IsADirectory
    ? "it is a folder"
    : cause instanceof Deno.errors.PermissionDenied
    ? "the system does not allow it"
    : "it cannot be made";
  return new OciPushError(
    "FILE",
    `cannot write --output-file ${file}: ${problem}`,
    { terminal: true, file },
    cause,
  );
}
