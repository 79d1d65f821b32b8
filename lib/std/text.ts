/**
 * @std/text, the functions in use (see `encoding.ts` for why it comes from npm).
 *
 * @module
 */

// @ts-types="./text_levenshtein_distance.d.ts"
export { levenshteinDistance } from "npm:deno-std@1.4.0/text/levenshtein_distance.js";
