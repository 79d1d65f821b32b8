/**
 * Regular expressions of the `matches` operator.
 *
 * @module
 */

import { RE2JS } from "npm:re2js@2.10.0";
import { quoted, Refusal } from "./refusal.ts";

const MAX_PATTERN = 256;
const MAX_SUBJECT = 1024;

/**
 * Tells whether a pattern is found anywhere in a text.
 *
 * The syntax is RE2's, which is Go's and so Kargo's. It takes linear time: JavaScript's own
 * `RegExp` can be made to run for years by a pattern of ten characters, and this one comes from a
 * file. The lengths bound what is left, text times program: a quarter of a second at worst.
 *
 * @param text Where to look.
 * @param pattern What to look for.
 * @returns Whether it is there.
 * @throws {Refusal} For a pattern that does not parse, and for lengths out of bounds.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  if (pattern.length > MAX_PATTERN) {
    throw new Refusal(`the pattern is longer than ${MAX_PATTERN} characters`);
  }
  if (text.length > MAX_SUBJECT) {
    throw new Refusal(
      `the text is longer than the ${MAX_SUBJECT} characters a pattern is tried on`,
    );
  }
  return compile(pattern).matcher(text).find();
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (cause) {
    const reason = String((cause as Error).message).replace(/^error parsing regexp: /, "");
    throw new Refusal(
      `${quoted(pattern)} is no regular expression: ${reason}`,
      "the syntax is RE2's: no look-around, no back-references",
    );
  }
}
