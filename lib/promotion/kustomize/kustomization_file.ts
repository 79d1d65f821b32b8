/**
 * Finding, reading and writing the kustomization of a folder.
 *
 * @module
 */

import { join } from "../../std/path.ts";
import { OciPushError } from "../../oci/error.ts";
import { defined } from "../_defined.ts";
import { onFile, resolveInside } from "../workdir.ts";

const NAMES = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/** A kustomization that was found. */
export interface KustomizationFile {
  /** The file relative to the working directory, for people. */
  name: string;
  /** Where it really is. */
  path: string;
  /** What is in it. */
  text: string;
}

/**
 * Finds and reads the one kustomization of a folder.
 *
 * @param folder The folder, relative to the working directory.
 * @param options The working directory.
 * @returns The file and its text.
 * @throws {OciPushError} `FILE` where there is none, more than one, or one outside the directory.
 */
export async function readKustomization(
  folder: string,
  options: { workdir: string },
): Promise<KustomizationFile> {
  const real = await resolveInside(folder, options);
  const entries = await onFile(folder, () => Array.fromAsync(Deno.readDir(real)));
  const found = NAMES.filter((name) =>
    entries.some((entry) => entry.name === name && !entry.isDirectory)
  );
  const [only, second] = found;
  if (only === undefined) {
    throw unusable(
      folder,
      "there is no kustomization in it",
      `it needs one of ${NAMES.join(", ")}`,
    );
  }
  if (second !== undefined) {
    throw unusable(folder, `there is more than one kustomization in it, ${found.join(" and ")}`);
  }
  const name = join(folder, only);
  const path = await resolveInside(name, options);
  return { name, path, text: await onFile(name, () => Deno.readTextFile(path)) };
}

/**
 * Writes a kustomization, whole or not at all.
 *
 * @param file The file.
 * @param text Its new text.
 * @throws {OciPushError} `FILE` or `PERMISSION`; the old text is there then.
 */
export async function writeKustomization(file: KustomizationFile, text: string): Promise<void> {
  const temporary = `${file.path}.oci-push-${crypto.randomUUID()}`;
  await onFile(file.name, async () => {
    const { mode } = await Deno.stat(file.path);
    try {
      await Deno.writeTextFile(temporary, text, mode === null ? {} : { mode: mode & 0o777 });
      await Deno.rename(temporary, file.path);
    } catch (cause) {
      await Deno.remove(temporary).catch(() => {});
      throw cause;
    }
  });
}

function unusable(folder: string, problem: string, hint?: string): OciPushError {
  return new OciPushError("FILE", `cannot use "${folder}": ${problem}`, {
    terminal: true,
    file: folder,
    ...defined({ hint }),
  });
}
