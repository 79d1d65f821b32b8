/**
 * `oci-push copy`: copies or retags an artifact.
 *
 * @module
 */

import { ociPush } from "../copy.ts";
import type { CopyOptions, CopyRequest } from "../copy_request.ts";
import type { Command } from "./command.ts";
import { type CopyFlags, readCopyCall } from "./copy_call.ts";
import { type Outcome, runCopyCall } from "./copy_session.ts";
import { EXIT } from "./exit_code.ts";
import type { Flags } from "./flag.ts";
import { ANNOTATION, BOTH, DESTINATION, OUTPUT, SOURCE, TRANSFER } from "./flags.ts";
import { summaryLine } from "./output/summary.ts";

const DRY_RUN = {
  dryRun: { kind: "switch", about: "the same as oci-push plan" },
} as const satisfies Flags;

/** The command. */
export const command: Command<CopyFlags & typeof DRY_RUN> = {
  usage: "copy SRC DEST [FLAGS]",
  summary: "Copies an artifact, or gives it another tag where it is. Alias: cp.",
  examples: [
    "copy sandbox.example.com/app:v1-rc.1 prod.example.com/app:v1",
    "copy reg.example.com/app@sha256:… reg.example.com/app:v1",
    "copy oci://a.example.com/chart:1.0.0 oci://b.example.com/chart:1.0.0",
  ],
  groups: [
    SOURCE,
    DESTINATION,
    BOTH,
    { title: TRANSFER.title, flags: { ...ANNOTATION, ...TRANSFER.flags, ...DRY_RUN } },
    OUTPUT,
  ],
  page: "command-line.md",
  read(words, io) {
    const call = readCopyCall(words, io);
    if (!words.values.dryRun) return (context) => runCopyCall(call, context, copy);
    return async (context) => {
      const { planning } = await import("./plan.ts");
      return await runCopyCall(call, context, planning({ exitCode: false }));
    };
  },
};

async function copy(request: CopyRequest, options: CopyOptions): Promise<Outcome> {
  const result = await ociPush(request, options);
  const { image, digest, tag, status, warnings } = result;
  return {
    document: { schemaVersion: 1, ...result },
    text: `${image}@${digest}\n`,
    summary: summaryLine(result),
    warnings,
    outputs: { image, digest, tag, status },
    result,
    exitCode: EXIT.done,
  };
}
