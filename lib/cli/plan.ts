/**
 * `oci-push plan`: the decisions of a copy, nothing written.
 *
 * @module
 */

import { planCopy } from "../copy.ts";
import type { CredentialSource } from "../credentials/source.ts";
import type { Side } from "../oci/error.ts";
import type { Command } from "./command.ts";
import { type CopyFlags, readCopyCall } from "./copy_call.ts";
import { runCopyCall, type Work } from "./copy_session.ts";
import { EXIT } from "./exit_code.ts";
import type { Flags } from "./flag.ts";
import { ANNOTATION, BOTH, DESTINATION, OUTPUT, SOURCE, TRANSFER } from "./flags.ts";
import { planLines } from "./output/plan_lines.ts";

const EXIT_CODE = {
  exitCode: { kind: "switch", about: "3 where a copy would change something" },
} as const satisfies Flags;

/** The command. */
export const command: Command<CopyFlags & typeof EXIT_CODE> = {
  usage: "plan SRC DEST [FLAGS]",
  summary: "Says what a copy would do, and writes nothing.",
  examples: [
    "plan sandbox.example.com/app:v1-rc.1 prod.example.com/app:v1",
    "plan --format json a.example.com/app:v1 b.example.com/app:v1",
    "plan --exit-code a.example.com/app:v1 b.example.com/app:v1",
  ],
  groups: [
    SOURCE,
    DESTINATION,
    BOTH,
    { title: TRANSFER.title, flags: { ...ANNOTATION, ...TRANSFER.flags } },
    { title: OUTPUT.title, flags: { ...EXIT_CODE, ...OUTPUT.flags } },
  ],
  page: "command-line.md",
  read(words, io) {
    const call = readCopyCall(words, io);
    const { exitCode } = words.values;
    return (context) => runCopyCall(call, context, planning({ exitCode }));
  },
};

/** What a copy would say of itself. */
const STATUS = { copy: "copied", retag: "retagged", unchanged: "unchanged" } as const;

/**
 * The work of a plan.
 *
 * @param options Whether changes show in the exit code.
 * @returns Work that ends with the plan on stdout.
 */
export function planning({ exitCode }: { exitCode: boolean }): Work {
  return async (request, options) => {
    const logins = new Map<Side, string>();
    const { credentials } = options;
    const plan = await planCopy(request, {
      ...options,
      ...(credentials && { credentials: noting(credentials, logins) }),
    });
    const { destination: { text: image, tag }, root: digest, mode, warnings } = plan;
    return {
      document: plan,
      text: planLines(plan, logins).map((line) => `${line}\n`).join(""),
      warnings,
      outputs: { image, digest, tag, status: STATUS[mode] },
      exitCode: exitCode && mode !== "unchanged" ? EXIT.wouldChange : EXIT.done,
    };
  };
}

/** The same answers, and whose they were. */
function noting(credentials: CredentialSource, logins: Map<Side, string>): CredentialSource {
  return async (query) => {
    const credential = await credentials(query);
    logins.set(query.side, credential?.origin ?? "anonymous");
    return credential;
  };
}
