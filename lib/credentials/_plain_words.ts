/**
 * The words of a program that handles secrets.
 *
 * @module
 */

/** A part of a word as languages have them, `AccessDenied` included: no digits, no random case. */
const PART = /^(?:[A-Z]?[a-z]+(?:[A-Z][a-z]{2,})*|[A-Z]+|)$/;
const NUMBER = /^\d{1,3}$/;
/** What comes after these, by whatever grammar, may be one. */
const BEFORE_A_SECRET = /^(?:pass(?:word|wd|phrase)?|pwd|secret|token)s?$/i;
const MAX_WORD = 32;

/**
 * Leaves of a text what can be read as language, and `…` for all else: whatever looks like a
 * password, a token or JSON does not get into an error.
 *
 * A password made of letters alone is told from a word only by what stands before it, so two words
 * after `password`, `secret` and `token` are left out too.
 *
 * @example
 * ```ts
 * console.assert(plainWords("vault is locked, tried p4ss") === "vault is locked, tried …");
 * console.assert(plainWords('{"Secret":"hunter"} denied') === "… denied");
 * ```
 * @param text What a program printed, on one line.
 * @returns The words; an empty text where nothing of it is language.
 */
export function plainWords(text: string): string {
  let hide = 0;
  const shown = text.split(/\s+/).map((word) => {
    const bare = word.replace(/^["'`(~[]+|["'`)\],.;:!?]+$/g, "");
    const hidden = hide > 0 || !isPlain(bare);
    hide = BEFORE_A_SECRET.test(bare) ? 2 : hide - 1;
    return hidden ? "…" : word;
  });
  const words = shown.filter((word, i) => word !== "…" || shown[i - 1] !== "…").join(" ");
  return /[a-z]/i.test(words) ? words : "";
}

function isPlain(word: string): boolean {
  if (NUMBER.test(word)) return true;
  return word.length <= MAX_WORD && word.split(/[-._/'’]/).every((part) => PART.test(part));
}
