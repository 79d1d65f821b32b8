/**
 * From words to an exit code.
 *
 * @module
 */

import { VERSION } from "../version.ts";
import { ALIASES, COMMANDS } from "./commands.ts";
import { EXIT } from "./exit_code.ts";
import { docsLink } from "./help.ts";
import { type Io, processIo } from "./io.ts";

const EXAMPLES = [
  "  oci-push copy sandbox.example.com/app:v1-rc.1 prod.example.com/app:v1",
  "  oci-push demo",
];

/**
 * Runs a command line.
 *
 * @param args The words behind the program's name.
 * @param io In and out; the process's own unless a test brings others.
 * @returns The exit code: 0 done, 1 failed for good, 2 wrong usage, 75 worth another try, 130 and
 * 143 interrupted.
 */
export async function main(args: readonly string[], io: Io = processIo()): Promise<number> {
  const [name, ...rest] = args;
  switch (name) {
    case undefined:
      io.err(
        ["usage: oci-push COMMAND …; oci-push --help lists them", "", ...EXAMPLES, ""].join("\n"),
      );
      return EXIT.usage;
    case "--version":
    case "version":
      io.out(`oci-push ${VERSION}\n`);
      return EXIT.done;
    case "--help":
    case "-h":
      io.out(overview());
      return EXIT.done;
    case "help":
      return await main([...rest, "--help"], io);
  }
  const entry = COMMANDS.get(ALIASES.get(name) ?? name);
  if (!entry) return await refuse(name, io);
  const [{ command }, { runCommand }] = await Promise.all([
    entry.load(),
    import("./run_command.ts"),
  ]);
  return await runCommand(command, { args: rest, io });
}

async function refuse(name: string, io: Io): Promise<number> {
  const [{ suggest }, { printError }, { usageError }] = await Promise.all([
    import("../oci/suggest.ts"),
    import("./output/print_error.ts"),
    import("./usage_error.ts"),
  ]);
  const likely = suggest(name, [...COMMANDS.keys(), ...ALIASES.keys()]);
  const problem = name.startsWith("-")
    ? `the command comes before ${name}`
    : `unknown command ${name}`;
  const error = usageError(
    `${problem}${likely ? `; did you mean ${likely}?` : ""}`,
    "oci-push --help lists the commands",
  );
  printError(error, { io, format: "text", isUsage: true });
  return EXIT.usage;
}

function overview(): string {
  return [
    "usage: oci-push COMMAND …",
    "Promotes OCI artifacts, images, indexes, Helm charts, anything with a manifest,",
    "from one registry to another or to another tag of the same.",
    "",
    ...EXAMPLES,
    "",
    "Commands:",
    ...[...COMMANDS].map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`),
    "",
    "oci-push COMMAND --help explains one, oci-push --version says which this is.",
    `More: ${docsLink("command-line.md")}`,
    "",
  ].join("\n");
}
