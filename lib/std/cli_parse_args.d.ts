/** Options of {@linkcode parseArgs}, those in use. */
export interface ParseOptions {
  /** Names that take no value. */
  boolean?: readonly string[];
  /** Names that take a value, kept as text. */
  string?: readonly string[];
  /** Names that may stand several times; always an array. */
  collect?: readonly string[];
  /** Booleans for which `--no-NAME` means false. */
  negatable?: readonly string[];
  /** A name and the others that mean it. */
  alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Values of names that were not given. */
  default?: Readonly<Record<string, unknown>>;
  /** Stops at the first word that is not an option. */
  stopEarly?: boolean;
  /** Called for what was not declared; false leaves it out of the result. */
  unknown?(arg: string, key?: string, value?: unknown): unknown;
  /** Keeps what follows `--` under that key. */
  "--"?: boolean;
}

/** Reads command-line words into a record; words that are no option are in `_`. */
export function parseArgs(
  args: readonly string[],
  options?: ParseOptions,
): { _: (string | number)[]; [key: string]: unknown };
