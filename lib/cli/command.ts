/**
 * What a command is.
 *
 * @module
 */

import type { FlagGroup, Flags } from "./flag.ts";
import type { Io } from "./io.ts";
import type { Words } from "./words.ts";

/** A command, as its file exports it. */
export interface Command<F extends Flags = Flags> {
  /** Behind `oci-push`: the name and what follows it. */
  usage: string;
  /** One sentence. */
  summary: string;
  /** Command lines that work as they stand, hosts aside; without `oci-push`. */
  examples: string[];
  /** What it takes. */
  groups: FlagGroup[];
  /** What it takes, too, and another command's help explains. */
  alsoAs?: { command: string; groups: FlagGroup[] };
  /** Its page in `docs/`. */
  page: string;
  /**
   * Decides from words what is to be done, and does nothing yet.
   *
   * @throws {OciPushError} For words that cannot be meant: exit code 2, whatever the error's code.
   */
  read(words: Words<F>, io: Pick<Io, "env">): Action;
}

/** What a command line asks for; the result is the exit code. What is thrown, the caller prints. */
export type Action = (context: Context) => Promise<number>;

/** What an action works with. */
export interface Context {
  /** In and out. */
  io: Io;
  /** Ends the work: SIGINT, SIGTERM. Those are listened to from the first look at it on. */
  readonly signal: AbortSignal;
}
