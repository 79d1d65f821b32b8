/**
 * One command line: understood, done, and its end told.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import type { Action, Command } from "./command.ts";
import { EXIT, exitCodeOf } from "./exit_code.ts";
import { formatHelp } from "./help.ts";
import { Interruption, listenForInterruptions } from "./interruption.ts";
import type { Io } from "./io.ts";
import { printError } from "./output/print_error.ts";
import { readWords } from "./words.ts";

/** Every command has it. */
const HELP = { help: { kind: "switch", short: "h", about: "this text" } } as const;

/**
 * Runs a command and prints what it ends with.
 *
 * @param command The command.
 * @param options The words behind its name, in and out.
 * @returns The exit code.
 */
export async function runCommand(
  command: Command,
  { args, io }: { args: readonly string[]; io: Io },
): Promise<number> {
  const format = formOf("--format", args);
  const logFormat = formOf("--log-format", args);
  let action: Action;
  try {
    const groups = [...command.groups, ...command.alsoAs?.groups ?? []];
    const flags = Object.assign({}, ...groups.map(({ flags }) => flags), HELP);
    const words = await readWords<typeof HELP>(args, { flags, env: io.env });
    if (words.values.help) {
      io.out(formatHelp(command));
      return EXIT.done;
    }
    action = command.read(words, io);
  } catch (error) {
    const isUsage = error instanceof OciPushError;
    printError(error, { io, format, logFormat, isUsage, state: "Nothing was written." });
    return isUsage ? EXIT.usage : EXIT.failed;
  }
  using stack = new DisposableStack();
  let signal: AbortSignal | undefined;
  try {
    return await action({
      io,
      // Until somebody needs it, ^C ends the program by itself: a prompt hears nothing else.
      get signal() {
        return signal ??= stack.use(listenForInterruptions()).signal;
      },
    });
  } catch (error) {
    const cause = signal?.aborted ? signal.reason : error;
    if (cause instanceof Interruption) io.err("interrupted\n");
    else {
      const isUsage = exitCodeOf(cause) === EXIT.usage;
      printError(cause, { io, format, logFormat, isUsage, withStack: true });
    }
    return exitCodeOf(cause);
  }
}

/** Where the words make no sense, it still has to be known in which form to say so. */
function formOf(flag: string, args: readonly string[]): "text" | "json" {
  const isJson = args.some((word, index) =>
    word === `${flag}=json` || word === flag && args[index + 1] === "json"
  );
  return isJson ? "json" : "text";
}
