/**
 * `oci-push copy`: copies or retags an artifact.
 *
 * @module
 */

import { ociPush } from "../copy.ts";
import type { Command, Context, ParsedWords } from "./command.ts";
import {
  ARTIFACT_GROUP,
  CONNECTION_GROUPS,
  OUTPUT_GROUP,
  readOptions,
  readRequest,
  TRANSFER_GROUP,
} from "./copy_options.ts";
import { Report } from "./output/report.ts";

/** The command. */
export const command: Command = {
  usage: "copy SRC DEST [options]",
  summary: "Copies an artifact, or gives it another tag where it is.",
  examples: [
    "copy sandbox.example.com/app:v1-rc.1 prod.example.com/app:v1",
    "copy reg.example.com/app@sha256:… reg.example.com/app:v1",
    "copy oci://a.example.com/app:1.0.0 oci://b.example.com/app:1.0.0",
  ],
  groups: [
    ARTIFACT_GROUP,
    ...CONNECTION_GROUPS,
    {
      ...TRANSFER_GROUP,
      options: [...TRANSFER_GROUP.options, { name: "dry-run", help: "the same as oci-push plan" }],
    },
    OUTPUT_GROUP,
  ],
  page: "command-line.md",
  run,
};

async function run(words: ParsedWords, context: Context): Promise<number> {
  if (words.flags["dry-run"]) return (await import("./plan.ts")).command.run(words, context);
  const request = readRequest(words, context);
  const options = await readOptions(words, context);
  using report = new Report(words, { ...context, request });
  try {
    const result = await ociPush(request, { ...options, onEvent: report.onEvent });
    return await report.succeed(result);
  } catch (error) {
    return await report.fail(error);
  }
}
