/**
 * What a function of the language is.
 *
 * @module
 */

import type { World } from "./scope.ts";
import { mismatch, Nil, type Value } from "./value.ts";

/** A function of the language. */
export interface LanguageFunction {
  /** Least and greatest number of arguments. */
  takes: readonly [number, number];
  /** How it is written, for messages. */
  usage: string;
  /** What it returns; the number of arguments is right by then. */
  call(args: readonly Value[], world: World): Value;
}

/**
 * Takes an argument as the string it has to be.
 *
 * @param value The argument.
 * @param what The function, for the message.
 * @returns The string.
 * @throws {Refusal} For any other type.
 */
export function asText(value: Value | undefined, what: string): string {
  if (typeof value === "string") return value;
  throw mismatch(what, { wanted: "a string", got: [value ?? new Nil()] });
}
