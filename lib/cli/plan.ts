/**
 * `oci-push plan`: the decisions of a copy, nothing written.
 *
 * @module
 */

import { planCopy } from "../copy.ts";
import { type Command, type Context, type ParsedWords, valueOf } from "./command.ts";
import {
  ARTIFACT_GROUP,
  CONNECTION_GROUPS,
  OUTPUT_GROUP,
  readOptions,
  readRequest,
  TRANSFER_GROUP,
} from "./copy_options.ts";
import { formatPlan } from "./output/format_plan.ts";
import { Report } from "./output/report.ts";

/** The command. */
export const command: Command = {
  usage: "plan SRC DEST [options]",
  summary: "Says what a copy would do: what the tag holds now and would hold, what would move.",
  examples: [
    "plan sandbox.example.com/app:v1-rc.1 prod.example.com/app:v1",
    "plan --format json a.example.com/app:v1 b.example.com/app:v1",
  ],
  groups: [
    ARTIFACT_GROUP,
    ...CONNECTION_GROUPS,
    {
      ...TRANSFER_GROUP,
      options: [
        ...TRANSFER_GROUP.options,
        { name: "exit-code", help: "3 if a copy would change something" },
      ],
    },
    OUTPUT_GROUP,
  ],
  page: "command-line.md",
  run,
};

async function run(words: ParsedWords, context: Context): Promise<number> {
  const request = readRequest(words, context);
  const options = await readOptions(words, context);
  using report = new Report(words, { ...context, request });
  try {
    const plan = await planCopy(request, { ...options, onEvent: report.onEvent });
    const json = valueOf(words, "format") === "json";
    context.io.out(json ? `${JSON.stringify(plan)}\n` : formatPlan(plan));
    return words.flags["exit-code"] && plan.mode !== "unchanged" ? 3 : 0;
  } catch (error) {
    return await report.fail(error);
  }
}
