/**
 * Outputs and a summary for GitHub's runner.
 *
 * @module
 */

import { OciPushError } from "../../oci/error.ts";
import type { CopyResult } from "../../copy.ts";
import { type Io, usageError } from "../command.ts";
import { formatDuration, formatSize } from "../units.ts";

/**
 * Appends `image`, `digest`, `tag`, `status` and `json` to `$GITHUB_OUTPUT`, and a table to
 * `$GITHUB_STEP_SUMMARY` where there is one.
 *
 * @param result What a copy did.
 * @param io The environment.
 * @throws {OciPushError} `INVALID_ARGUMENT` outside of a workflow, `FILE` where it cannot be written.
 */
export async function writeGithubOutput(result: CopyResult, io: Io): Promise<void> {
  const file = io.env("GITHUB_OUTPUT");
  if (!file) {
    throw usageError("--github-output: GITHUB_OUTPUT is not set", "it is for GitHub's workflows");
  }
  const { image, digest, tag, status } = result;
  const outputs = { image, digest, tag, status, json: JSON.stringify(result) };
  // A delimiter that nobody can foresee: a value cannot end itself and begin another output.
  const delimiter = `oci-push-${crypto.randomUUID()}`;
  const text = Object.entries(outputs)
    .map(([name, value]) => `${name}<<${delimiter}\n${value}\n${delimiter}\n`).join("");
  await append(file, text);
  const summary = io.env("GITHUB_STEP_SUMMARY");
  if (summary) await append(summary, table(result));
}

async function append(file: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(file, text, { append: true });
  } catch (cause) {
    throw new OciPushError("FILE", `cannot write ${file}: it cannot be opened`, {
      terminal: true,
      file,
    }, cause);
  }
}

function table(result: CopyResult): string {
  const rows: [string, string][] = [
    ["image", `\`${result.image}\``],
    ["digest", `\`${result.digest}\``],
    ["before", result.previousDigest ? `\`${result.previousDigest}\`` : "–"],
    ["source", `\`${result.source.ref}\``],
    ["platforms", result.platforms.join(", ") || "–"],
    ["sent", formatSize(result.bytes)],
    ["time", formatDuration(result.seconds * 1000)],
  ];
  const lines = rows.map(([name, value]) => `| ${name} | ${value.replaceAll("|", "\\|")} |`);
  return `### oci-push: ${result.status}\n\n| | |\n| --- | --- |\n${lines.join("\n")}\n`;
}
