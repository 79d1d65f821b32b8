/**
 * What flags are: the one declaration from which parser, help and suggestions come.
 *
 * @module
 */

/** A flag that takes no value and is there or not. */
export interface Switch extends Declared {
  /** Tells it from the others. */
  kind: "switch";
}

/** A flag that takes no value and counts: `-vv` is 2. */
export interface Counter extends Declared {
  /** Tells it from the others. */
  kind: "counter";
}

/** A flag with a value, given once at most. */
export interface ValueFlag<T> extends Declared {
  /** Tells it from the others. */
  kind: "value";
  /** What the value is called in help. */
  placeholder: string;
  /** Makes sense of the text. */
  read: Reader<T>;
  /** The environment variable that stands in for it. */
  env?: string;
}

/** A flag with a value, given as often as needed. */
export interface ListFlag<T> extends Declared {
  /** Tells it from the others. */
  kind: "list";
  /** What a value is called in help. */
  placeholder: string;
  /** Makes sense of one text. */
  read: Reader<T>;
}

/** What every flag has. */
interface Declared {
  /** What it does: the rest of its line in help. */
  about: string;
  /** One letter, for the few that are typed all the time. */
  short?: string;
}

/**
 * Makes sense of what was typed.
 *
 * @param text The value, never empty.
 * @param name Where it stands, for the message: `--timeout`, or a variable's name.
 * @throws {OciPushError} `INVALID_ARGUMENT` where it makes none.
 */
export type Reader<T> = (text: string, name: string) => T;

/** Any flag. */
export type Flag = Switch | Counter | ValueFlag<unknown> | ListFlag<unknown>;

/** Flags by their names in code: `outputFile` is `--output-file`. */
export type Flags = Readonly<Record<string, Flag>>;

/** Flags under one headline of help. */
export interface FlagGroup<F extends Flags = Flags> {
  /** The headline. */
  title: string;
  /** In the order of help. */
  flags: F;
}

/** What a command line says about flags: by their names in code, already understood. */
export type Values<F extends Flags> = { [K in keyof F]: ValueOf<F[K]> };

type ValueOf<F extends Flag> = F extends Switch ? boolean
  : F extends Counter ? number
  : F extends ListFlag<infer T> ? T[]
  : F extends ValueFlag<infer T> ? T | undefined
  : never;

/**
 * A flag's name as it is typed.
 *
 * @example
 * ```ts
 * console.assert(flagName("outputFile") === "--output-file");
 * ```
 * @param key Its name in code.
 * @returns The same with dashes.
 */
export function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
