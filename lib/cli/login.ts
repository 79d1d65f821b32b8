/**
 * `oci-push login`: credentials, checked and kept where docker keeps them.
 *
 * @module
 */

import { checkCredential } from "./check_credential.ts";
import { type Command, type Context, type ParsedWords, usageError, valueOf } from "./command.ts";
import { CONNECTION_GROUPS, readOptions } from "./copy_options.ts";

/** The options of login that are those of a copy too. */
const SHARED = ["endpoint", "ca-file", "insecure-skip-tls-verify"];

/** The command. */
export const command: Command = {
  usage: "login HOST [options]",
  summary:
    "Checks a user and password against a registry, then keeps them where docker does: in a " +
    "credential helper if one is set up, else in docker's config.json.",
  examples: [
    "login registry.example.com --username alice",
    "login reg.example.com --username ci --password-stdin < token.txt",
  ],
  groups: [{
    title: "Options",
    options: [
      { name: "username", value: "USER", help: "asked for on a terminal" },
      { name: "password-stdin", help: "read the password from stdin" },
      ...CONNECTION_GROUPS.flatMap((group) => group.options)
        .filter(({ name }) => SHARED.includes(name)),
    ],
  }],
  page: "credentials.md",
  run,
};

async function run(words: ParsedWords, context: Context): Promise<number> {
  const { io, signal } = context;
  const host = hostOf(words);
  const username = valueOf(words, "username") ?? ask("Username: ");
  if (!username) throw usageError("no user is given", "--username USER");
  const password = words.flags["password-stdin"]
    ? (await io.input()).replace(/\r?\n$/, "")
    : await askSecret("Password: ");
  if (!password) {
    throw usageError("no password is given", "--password-stdin, or type it on a terminal");
  }
  const options = await readOptions(words, context);
  await checkCredential(host, { username, password, options, signal });
  const { storeCredential } = await import("../credentials/store.ts");
  const where = await storeCredential(host, { username, password });
  io.err(`logged in to ${host} as ${username}; kept in ${where}\n`);
  return 0;
}

/**
 * The host that login and logout are about.
 *
 * @param words The sorted words.
 * @returns Host and port, normalised.
 * @throws {OciPushError} `INVALID_ARGUMENT` for anything else than one host.
 */
export function hostOf({ positional }: ParsedWords): string {
  const [host, ...rest] = positional;
  if (host === undefined) throw usageError("no registry is given", "name its host");
  if (rest.length > 0 || /[/@\s]/.test(host.replace(/^https?:\/\//, ""))) {
    throw usageError(`${positional.join(" ")} is not a host`, "e.g. registry.example.com:5000");
  }
  const plain = host.replace(/^https?:\/\//, "").toLowerCase();
  return plain === "index.docker.io" || plain === "registry-1.docker.io" ? "docker.io" : plain;
}

function ask(question: string): string | null {
  return Deno.stdin.isTerminal() ? prompt(question) : null;
}

async function askSecret(question: string): Promise<string | null> {
  if (!Deno.stdin.isTerminal()) return null;
  const { promptSecret } = await import("../std/prompt.ts");
  return promptSecret(question, { mask: "" });
}
