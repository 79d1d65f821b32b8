/**
 * `oci-push promote`: promotion steps from a file.
 *
 * @module
 */

import { parseReference } from "../oci/reference.ts";
import type { Command } from "./command.ts";
import { checkConnection, type ConnectionFlags } from "./connection.ts";
import type { Flags } from "./flag.ts";
import { BOTH, DESTINATION, OUTPUT, SOURCE, TRANSFER } from "./flags.ts";
import { checkGithub } from "./output/github.ts";
import { readAssignment, readText } from "./readers.ts";
import { usageError } from "./usage_error.ts";

const FLAGS = {
  freight: {
    kind: "list",
    placeholder: "FILE",
    read: readText,
    about: "a Freight, a List, several documents",
  },
  targetFreight: {
    kind: "value",
    placeholder: "NAME",
    read: readText,
    about: "which is ctx.targetFreight (the first)",
  },
  image: {
    kind: "list",
    placeholder: "REPO:TAG@DIGEST",
    read: readImage,
    about: "freight by hand; the digest is looked up",
  },
  project: { kind: "value", placeholder: "NAME", read: readText, about: "ctx.project" },
  stage: { kind: "value", placeholder: "NAME", read: readText, about: "ctx.stage" },
  promotion: { kind: "value", placeholder: "NAME", read: readText, about: "ctx.promotion" },
  var: { kind: "list", placeholder: "NAME=VALUE", read: readAssignment, about: "vars.NAME" },
  workdir: {
    kind: "value",
    placeholder: "DIR",
    read: readText,
    about: "where paths of steps are (.)",
  },
  dryRun: { kind: "switch", about: "evaluate and plan all, write nothing" },
} as const satisfies Flags;

/** The flags of promote. */
export type PromoteFlags = typeof FLAGS & ConnectionFlags & typeof OUTPUT.flags;

/** The command. */
export const command: Command<PromoteFlags> = {
  usage: "promote FILE [FLAGS]",
  summary: "Runs promotion steps as Kargo documents them, without a cluster.",
  examples: [
    "promote steps.yaml --freight freight.yaml --stage prod",
    "promote steps.yaml --image sandbox.example.com/app:v1.2.3",
    "promote steps.yaml --freight freight.yaml --stage prod --dry-run",
  ],
  groups: [{ title: "Promotion", flags: FLAGS }, OUTPUT],
  alsoAs: { command: "copy", groups: [SOURCE, DESTINATION, BOTH, TRANSFER] },
  page: "promotions.md",
  read({ names, values }, io) {
    const [file, ...rest] = names;
    if (file === undefined) {
      throw usageError("cannot promote: no file is named", "name the file with the steps");
    }
    if (rest[0] !== undefined) {
      throw usageError(`cannot promote: "${rest[0]}" is one word too many`, "name one file");
    }
    checkConnection(values);
    if (values.githubOutput) checkGithub(io);
    return async (context) => {
      const { runPromotionFile } = await import("./promote_session.ts");
      return await runPromotionFile(file, { ...context, values });
    };
  },
};

/** As typed, once it is known to be a reference. */
function readImage(text: string): string {
  parseReference(text);
  return text;
}
