/**
 * One command: its words, its signals, its end.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import type { Command, Io, ParsedWords } from "./command.ts";
import { exitCodeOf } from "./exit_code.ts";
import { formatHelp } from "./help.ts";
import { parseWords } from "./parse_words.ts";
import { printError } from "./output/print_error.ts";

/** Why a command was stopped from outside. */
export class Interrupted extends Error {
  /**
   * Remembers the signal.
   *
   * @param exitCode 130 for SIGINT, 143 for SIGTERM.
   */
  constructor(readonly exitCode: 130 | 143) {
    super("interrupted");
  }
}

/**
 * Runs a command and prints what it ends with.
 *
 * @param command The command.
 * @param options Its words, in and out.
 * @returns The exit code.
 */
export async function runCommand(
  command: Command,
  { words, io }: { words: readonly string[]; io: Io },
): Promise<number> {
  const stop = new AbortController();
  using _signals = listen(stop);
  let parsed: ParsedWords | undefined;
  try {
    parsed = await parseWords(words, command);
    if (parsed.flags.help) {
      io.out(formatHelp(command));
      return 0;
    }
    return await command.run(parsed, { io, signal: stop.signal });
  } catch (error) {
    if (error instanceof Interrupted) {
      io.err("interrupted\n");
      return error.exitCode;
    }
    const json = parsed ? parsed.values.format?.[0] === "json" : words.includes("json");
    printError(error, { io, json, verbose: (parsed?.flags.verbose ?? 0) > 1 });
    if (error instanceof OciPushError && error.code === "INVALID_ARGUMENT" && !json) {
      io.err(`usage: oci-push ${command.usage}\n`);
    }
    return exitCodeOf(error);
  }
}

/** The first signal ends the work in an orderly way, the second at once. */
function listen(stop: AbortController): Disposable {
  const handlers = ([["SIGINT", 130], ["SIGTERM", 143]] as const).map(([signal, exitCode]) => {
    const handle = () => {
      if (stop.signal.aborted) Deno.exit(exitCode);
      stop.abort(new Interrupted(exitCode));
    };
    Deno.addSignalListener(signal, handle);
    return () => Deno.removeSignalListener(signal, handle);
  });
  return { [Symbol.dispose]: () => handlers.forEach((remove) => remove()) };
}
