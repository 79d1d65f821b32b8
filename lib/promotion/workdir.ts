/**
 * Paths of a promotion, which stay inside its folder.
 *
 * @module
 */

import { isAbsolute, join, normalize, relative, SEPARATOR } from "../std/path.ts";
import { OciPushError } from "../oci/error.ts";

/**
 * Tells whether a path, as it is written, stays inside the folder it is relative to.
 *
 * @param path The path.
 * @returns False for an absolute one and for one whose `..` lead out.
 */
export function staysInside(path: string): boolean {
  if (isAbsolute(path) || path.includes("\0")) return false;
  return normalize(path).split(SEPARATOR)[0] !== "..";
}

/**
 * Finds where a path really is, links followed, and refuses one that is outside the folder.
 *
 * @param path The path, relative to the folder.
 * @param options The folder.
 * @returns An absolute path without links.
 * @throws {OciPushError} `FILE` for a path that leads out or is not there, `PERMISSION` where the
 * program may not look.
 */
export async function resolveInside(path: string, options: { workdir: string }): Promise<string> {
  const { workdir } = options;
  if (!staysInside(path)) throw outside(path);
  const root = await onFile(workdir, () => Deno.realPath(workdir));
  const real = await onFile(path, () => Deno.realPath(join(root, path)));
  const way = relative(root, real);
  if (way === ".." || way.startsWith(`..${SEPARATOR}`) || isAbsolute(way)) throw outside(path);
  return real;
}

/**
 * Does something with a file and explains what goes wrong.
 *
 * @param path The file as the user knows it.
 * @param work What to do.
 * @returns What the work returns.
 * @throws {OciPushError} `FILE` or `PERMISSION`.
 */
export async function onFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) {
      throw new OciPushError("PERMISSION", `cannot use "${path}": the program may not`, {
        terminal: true,
        file: path,
        hint: "run it with --allow-read and --allow-write for the working directory",
      }, cause);
    }
    const reason = cause instanceof Deno.errors.NotFound
      ? "it is not there"
      : (cause as Error).message;
    throw new OciPushError("FILE", `cannot use "${path}": ${reason}`, {
      terminal: true,
      file: path,
    }, cause);
  }
}

function outside(path: string): OciPushError {
  return new OciPushError("FILE", `cannot use "${path}": it is outside the working directory`, {
    terminal: true,
    file: path,
    hint: "paths of steps are relative to --workdir and stay in it, links included",
  });
}
