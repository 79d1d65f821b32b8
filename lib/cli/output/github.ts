/**
 * Outputs and a summary for GitHub's runner.
 *
 * @module
 */

import type { CopyResult } from "../../copy.ts";
import { OciPushError } from "../../oci/error.ts";
import { cleanText } from "../../oci/text.ts";
import { formatDuration, formatSize } from "../format.ts";
import type { Io } from "../io.ts";
import { usageError } from "../usage_error.ts";

/**
 * Refuses `--github-output` where there is no workflow, before anything is done.
 *
 * @param io The environment.
 * @throws {OciPushError} `INVALID_ARGUMENT` without `GITHUB_OUTPUT`.
 */
export function checkGithub(io: Pick<Io, "env">): void {
  if (io.env("GITHUB_OUTPUT")) return;
  throw usageError(
    "cannot use --github-output: GITHUB_OUTPUT is not set",
    "it is for steps of a GitHub workflow; --output-file FILE works everywhere",
  );
}

/**
 * Appends outputs to `$GITHUB_OUTPUT`.
 *
 * @param outputs Values by name.
 * @param io The environment.
 * @throws {OciPushError} `FILE` where that file cannot be written.
 */
export async function writeGithubOutputs(
  outputs: Readonly<Record<string, string>>,
  io: Pick<Io, "env">,
): Promise<void> {
  // A delimiter that nobody can foresee: no value can end itself and begin another output.
  const delimiter = `oci-push-${crypto.randomUUID()}`;
  const text = Object.entries(outputs)
    .map(([name, value]) => `${name}<<${delimiter}\n${value}\n${delimiter}\n`).join("");
  await append(io.env("GITHUB_OUTPUT") ?? "", text);
}

/**
 * Appends a table to `$GITHUB_STEP_SUMMARY`, where there is one.
 *
 * @param result What a copy did.
 * @param io The environment.
 * @throws {OciPushError} `FILE` where that file cannot be written.
 */
export async function writeGithubSummary(
  result: CopyResult,
  io: Pick<Io, "env">,
): Promise<void> {
  const file = io.env("GITHUB_STEP_SUMMARY");
  if (!file) return;
  const { status, image, digest, previousDigest, source, platforms, bytes, seconds } = result;
  const rows: [string, string][] = [
    ["Source", code(source.ref)],
    ["Destination", code(image)],
    ["Digest", code(digest)],
    ...(previousDigest ? [["Before", code(previousDigest)] satisfies [string, string]] : []),
    ...(platforms.length > 0
      ? [["Platforms", platforms.map(code).join(", ")] satisfies [string, string]]
      : []),
    ["Sent", formatSize(bytes)],
    ["Time", formatDuration(seconds * 1000)],
  ];
  const lines = rows.map(([name, value]) => `| ${name} | ${value} |`);
  await append(file, `### oci-push: ${status}\n\n| | |\n| --- | --- |\n${lines.join("\n")}\n`);
}

async function append(file: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(file, text, { append: true });
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    throw new OciPushError("FILE", `cannot write ${file}: it cannot be opened`, {
      terminal: true,
      file,
    }, cause);
  }
}

/** A platform is what an index says: it may hold anything. */
function code(text: string): string {
  return `\`${cleanText(text).replaceAll(/[`|]/g, "?")}\``;
}
