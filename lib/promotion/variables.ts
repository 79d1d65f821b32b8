/**
 * Variables of a promotion and of its steps.
 *
 * @module
 */

import { quoted } from "./expressions/refusal.ts";
import type { Place } from "./place.ts";
import type { Schema } from "./schema.ts";

/** A variable as it is written. */
export interface Variable {
  /** What expressions call it, after `vars.`. */
  name: string;
  /** Its value, a template. */
  value: string;
  /** Where the value stands. */
  place: Place;
}

/** What `vars` may hold. */
export const VARIABLES: Schema = {
  type: "list",
  of: {
    type: "object",
    fields: { name: { type: "string", required: true }, value: { type: "string" } },
  },
};

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads a list of variables that has the shape of {@linkcode VARIABLES}.
 *
 * @param data The list, or undefined for none.
 * @param place Where it stands.
 * @returns The variables in order; one without a value is empty.
 * @throws {OciPushError} `INVALID_DOCUMENT` for a name that is none, or stands twice.
 */
export function readVariables(data: unknown, place: Place): Variable[] {
  const entries = (data ?? []) as { name: string; value?: string }[];
  return entries.map(({ name, value = "" }, index) => {
    const here = place.at(index);
    if (!isVariableName(name)) {
      throw here.at("name").error(`${quoted(name)} cannot be a variable`, {
        hint: "a name is letters, digits and underscores, and begins with no digit",
      });
    }
    if (entries.findIndex((other) => other.name === name) < index) {
      throw here.at("name").error(`the variable ${quoted(name)} stands twice in this list`);
    }
    return { name, value, place: here.at("value") };
  });
}

/**
 * Tells whether a variable can be called so.
 *
 * @param name The name.
 * @returns True for what Kargo allows too.
 */
export function isVariableName(name: string): boolean {
  return NAME.test(name);
}
