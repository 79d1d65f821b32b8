/**
 * "Did you mean": the nearest of the words that would have been right.
 *
 * @module
 */

import { levenshteinDistance } from "../std/text.ts";

/**
 * Finds the word that was probably meant.
 *
 * @example
 * ```ts
 * console.assert(suggest("anotations", ["annotations", "srcRef"]) === "annotations");
 * console.assert(suggest("zzz", ["annotations"]) === undefined);
 * ```
 * @param word What was typed.
 * @param candidates What would have been right.
 * @returns The nearest candidate, or undefined where none is near enough to be meant.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  // A third of the letters may be wrong; a longer word that begins like this one may be meant too.
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const extends_ = word.length >= 2 && candidate.startsWith(word);
    const distance = extends_ ? 1 : levenshteinDistance(word, candidate);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}
