/**
 * `oci-push logout`: forgets credentials where docker keeps them.
 *
 * @module
 */

import type { Command, Context, ParsedWords } from "./command.ts";
import { hostOf } from "./login.ts";

/** The command. */
export const command: Command = {
  usage: "logout HOST",
  summary: "Forgets the credentials of a registry that docker's config or its helper keeps.",
  examples: ["logout registry.example.com"],
  groups: [],
  page: "credentials.md",
  run,
};

async function run(words: ParsedWords, { io }: Context): Promise<number> {
  const host = hostOf(words);
  const { eraseCredential } = await import("../credentials/store.ts");
  const where = await eraseCredential(host);
  io.err(where ? `forgot ${host} in ${where}\n` : `nothing was kept for ${host}\n`);
  return 0;
}
