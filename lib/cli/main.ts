/**
 * From words to an exit code.
 *
 * @module
 */

import { VERSION } from "../version.ts";
import type { Command, Io } from "./command.ts";
import { processIo } from "./process_io.ts";

/** A command's summary, and how its file is loaded: a start loads nothing that it does not need. */
interface Entry {
  summary: string;
  load: () => Promise<{ command: Command }>;
}

const COMMANDS: Record<string, Entry> = {
  copy: { summary: "copy or retag an artifact", load: () => import("./copy.ts") },
  plan: { summary: "the same decisions, nothing written", load: () => import("./plan.ts") },
  promote: { summary: "run promotion steps from a file", load: () => import("./promote.ts") },
  login: { summary: "keep credentials where docker does", load: () => import("./login.ts") },
  logout: { summary: "forget them", load: () => import("./logout.ts") },
  serve: { summary: "an embedded registry", load: () => import("./serve.ts") },
  demo: { summary: "all of it, on two embedded registries", load: () => import("./demo.ts") },
};
const ALIASES: Record<string, string> = { cp: "copy" };

/**
 * Runs a command line.
 *
 * @param args The words behind the program's name.
 * @param io In and out; the process's own unless a test brings others.
 * @returns The exit code: 0 done, 1 failed for good, 2 wrong usage, 75 worth another try, 130 and
 * 143 interrupted.
 */
export async function main(args: readonly string[], io: Io = processIo()): Promise<number> {
  const [name = "", ...words] = args;
  if (name === "--version" || name === "version") {
    io.out(`oci-push ${VERSION}\n`);
    return 0;
  }
  if (name === "--help" || name === "-h" || name === "help" && words.length === 0) {
    io.out(overview());
    return 0;
  }
  if (name === "") {
    io.err(brief());
    return 2;
  }
  if (name === "help") return await main([words[0]!, "--help"], io);
  const entry = COMMANDS[ALIASES[name] ?? name];
  if (!entry || !Object.hasOwn(COMMANDS, ALIASES[name] ?? name)) return await unknown(name, io);
  const [{ command }, { runCommand }] = await Promise.all([
    entry.load(),
    import("./run_command.ts"),
  ]);
  return await runCommand(command, { words, io });
}

async function unknown(name: string, io: Io): Promise<number> {
  const [{ suggest }, { cleanText }] = await Promise.all([
    import("../oci/suggest.ts"),
    import("../oci/text.ts"),
  ]);
  const likely = suggest(name, Object.keys(COMMANDS));
  io.err(`error: unknown command ${cleanText(name)}${likely ? `; did you mean ${likely}?` : ""}\n`);
  io.err(brief());
  return 2;
}

function brief(): string {
  return [
    "usage: oci-push COMMAND …    (oci-push --help lists the commands)",
    "",
    "  $ oci-push copy sandbox.example.com/app:v1.2.3-rc.1 prod.example.com/app:v1.2.3",
    "  $ oci-push demo",
    "",
  ].join("\n");
}

function overview(): string {
  return [
    "usage: oci-push COMMAND …",
    "",
    "Promotes OCI artifacts: images, multi-arch indexes, Helm charts, anything with",
    "a manifest, from one registry to another or to another tag of the same.",
    "",
    "  $ oci-push copy sandbox.example.com/app:v1-rc.1 prod.example.com/app:v1",
    "  $ oci-push plan sandbox.example.com/app:v1-rc.1 prod.example.com/app:v1",
    "  $ oci-push demo",
    "",
    "Commands:",
    ...Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`),
    "",
    "oci-push COMMAND --help explains one; oci-push --version says which this is.",
    "More: docs/command-line.md",
    "",
  ].join("\n");
}
