/**
 * `oci-push login`: credentials, checked and kept where docker keeps them.
 *
 * @module
 */

import { storeCredential } from "../credentials/store.ts";
import { checkCredential } from "./check_credential.ts";
import type { Command, Context } from "./command.ts";
import { trustingCertificates } from "./connection.ts";
import { EXIT } from "./exit_code.ts";
import type { Flags, Values } from "./flag.ts";
import { REACHING } from "./flags.ts";
import { readHost } from "./host.ts";
import { readText } from "./readers.ts";
import { usageError } from "./usage_error.ts";

const FLAGS = {
  username: {
    kind: "value",
    placeholder: "USER",
    read: readText,
    about: "asked for on a terminal",
  },
  passwordStdin: { kind: "switch", about: "read the password from stdin" },
  ...REACHING,
} as const satisfies Flags;

/** The command. */
export const command: Command<typeof FLAGS> = {
  usage: "login HOST [FLAGS]",
  summary: "Checks a user and password with a registry, and keeps them where docker does.",
  examples: [
    "login registry.example.com",
    "login reg.example.com --username ci --password-stdin < token.txt",
  ],
  groups: [{ title: "Flags", flags: FLAGS }],
  page: "credentials.md",
  read({ names, values }) {
    const host = readHost(names, "log in to");
    if (values.passwordStdin && values.username === undefined) {
      throw usageError("cannot log in: no user is named", "write --username USER");
    }
    return (context) => login(host, { context, values });
  },
};

async function login(
  host: string,
  { context, values }: { context: Context; values: Values<typeof FLAGS> },
): Promise<number> {
  const { io } = context;
  const { endpoint, caFile, insecureSkipTlsVerify } = values;
  const username = values.username ?? ask(`User at ${host}:`);
  const password = values.passwordStdin
    ? (await io.input()).replace(/\r?\n$/, "")
    : await askSecret(`Password of ${username}:`);
  if (!username || !password) {
    throw usageError(
      `cannot log in: ${username ? "the password" : "the user"} is missing`,
      "type it on a terminal, or use --username USER --password-stdin",
    );
  }
  const isChecked = await checkCredential(host, {
    username,
    password,
    endpoint: Object.fromEntries(endpoint)[host],
    certificates: await trustingCertificates(caFile),
    insecureSkipTLSVerify: insecureSkipTlsVerify,
    signal: context.signal,
  });
  const place = await storeCredential(host, { username, password });
  if (!isChecked) io.err(`note: ${host} did not ask who you are: the password is not checked\n`);
  io.err(`logged in to ${host} as ${username}; kept in ${place}\n`);
  return EXIT.done;
}

function ask(question: string): string | null {
  return Deno.stdin.isTerminal() ? prompt(question) : null;
}

async function askSecret(question: string): Promise<string | null> {
  if (!Deno.stdin.isTerminal()) return null;
  const { promptSecret } = await import("../std/prompt.ts");
  return promptSecret(question, { mask: "" });
}
