/**
 * Functions on strings and lists.
 *
 * @module
 */

import { asText, type LanguageFunction } from "./_function.ts";
import { Refusal } from "./refusal.ts";
import { MAX_SIZE, mismatch, Nil, Table, type Value } from "./value.ts";

/** Functions on strings and lists, by name. */
export const TEXT_FUNCTIONS: Readonly<Record<string, LanguageFunction>> = {
  len: { takes: [1, 1], usage: "len(value)", call: ([value]) => length(value) },
  join: {
    takes: [1, 2],
    usage: "join(list, separator)",
    call: ([list, separator = ""]) => join(list, asText(separator, "join()")),
  },
  split: {
    takes: [2, 2],
    usage: "split(text, separator)",
    call: ([text, separator]) => asText(text, "split()").split(asText(separator, "split()")),
  },
  trim: { takes: [1, 1], usage: "trim(text)", call: ([text]) => asText(text, "trim()").trim() },
  lower: {
    takes: [1, 1],
    usage: "lower(text)",
    call: ([text]) => asText(text, "lower()").toLowerCase(),
  },
  upper: {
    takes: [1, 1],
    usage: "upper(text)",
    call: ([text]) => asText(text, "upper()").toUpperCase(),
  },
  replace: {
    takes: [3, 3],
    usage: "replace(text, old, new)",
    call: ([text, old, by]) =>
      joinParts(
        asText(text, "replace()").split(asText(old, "replace()")),
        asText(by, "replace()"),
      ),
  },
};

function length(value: Value = new Nil()): number {
  if (typeof value === "string") return [...value].length;
  if (value instanceof Table) return value.keys().length;
  if (Array.isArray(value)) return value.length;
  throw mismatch("len()", { wanted: "a string, a list or a map", got: [value] });
}

function join(list: Value = new Nil(), separator: string): string {
  if (!Array.isArray(list)) throw mismatch("join()", { wanted: "a list", got: [list] });
  return joinParts(list.map((item) => asText(item, "each item of join()")), separator);
}

/** Counts before it builds: a short expression could ask for gigabytes. */
function joinParts(parts: readonly string[], separator: string): string {
  const size = parts.reduce(
    (sum, part) => sum + part.length,
    separator.length * (parts.length - 1),
  );
  if (size > MAX_SIZE) throw new Refusal(`the text is longer than ${MAX_SIZE} characters`);
  return parts.join(separator);
}
