/**
 * What a command is, and what it gets to work with.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";

/** What a command reads and writes; tests replace it. */
export interface Io {
  /** Writes to stdout: the result and nothing else. */
  out: (text: string) => void;
  /** Writes to stderr: progress, logs, errors. */
  err: (text: string) => void;
  /** An environment variable; undefined where it is not set, or may not be read. */
  env: (name: string) => string | undefined;
  /** Columns and rows of the terminal that stderr is; undefined where it is none. */
  terminal: () => { columns: number; rows: number } | undefined;
  /** All of stdin, as text. */
  input: () => Promise<string>;
}

/** One option of a command. */
export interface Option {
  /** Without the dashes. */
  name: string;
  /** One letter, for the few that are typed all the time. */
  short?: string;
  /** What its value is called in help; absent: it takes none. */
  value?: string;
  /** May stand several times. */
  repeat?: boolean;
  /** What it does; one line of help. */
  help: string;
}

/** Options under one headline of help. */
export interface OptionGroup {
  /** The headline. */
  title: string;
  /** In the order of help. */
  options: Option[];
}

/** A command, as its file exports it. */
export interface Command {
  /** After `oci-push`: the name and its words. */
  usage: string;
  /** One sentence. */
  summary: string;
  /** Command lines that work as they stand, hosts aside. */
  examples: string[];
  /** What it takes. */
  groups: OptionGroup[];
  /** The page of the documentation. */
  page: string;
  /** Does it; the result is the exit code. What is thrown, the caller prints. */
  run: (words: ParsedWords, context: Context) => Promise<number>;
}

/** Words of a command line, sorted. */
export interface ParsedWords {
  /** Those that are no options. */
  positional: string[];
  /** Values by option name, in the order given. */
  values: Readonly<Record<string, string[]>>;
  /** Options without values, and how often each stands. */
  flags: Readonly<Record<string, number>>;
}

/** What every command works with. */
export interface Context {
  /** In and out. */
  io: Io;
  /** Ends the command: SIGINT, SIGTERM, `--timeout`. */
  signal: AbortSignal;
}

/**
 * An error for words that cannot be meant: exit code 2.
 *
 * @param message What is wrong with which word.
 * @param hint What would be right.
 * @returns An `INVALID_ARGUMENT` error.
 */
export function usageError(message: string, hint?: string): OciPushError {
  return new OciPushError("INVALID_ARGUMENT", message, {
    terminal: true,
    ...(hint !== undefined && { hint }),
  });
}

/**
 * The value of an option that stands at most once.
 *
 * @param words The sorted words.
 * @param name The option, without dashes.
 * @returns Its value, if it was given.
 */
export function valueOf({ values }: ParsedWords, name: string): string | undefined {
  return values[name]?.[0];
}
