/**
 * Words of strangers, made harmless for a terminal, a log and a CI runner.
 *
 * @module
 */

/** The longest text of a stranger that is shown, unless somebody says otherwise. */
const MAX_LENGTH = 300;

/**
 * Cleans text that a registry or a file gave us: control characters and escape sequences are
 * escaped, lines folded into one, HTML reduced to its title, and the whole cut.
 *
 * A message of a registry may hold an escape sequence that clears the screen, or a line that a CI
 * runner takes for one of its own commands.
 *
 * @example
 * ```ts
 * console.assert(cleanText("a\n::warning::b\x1b[2J") === "a ::warning::b\\x1b[2J");
 * ```
 * @param text What a stranger said.
 * @param maxLength The most characters to keep.
 * @returns One line that is safe to print.
 */
export function cleanText(text: string, maxLength: number = MAX_LENGTH): string {
  const title = /^\s*<(?:!doctype|html|head|\?xml)/i.test(text)
    ? /<title[^>]*>([^<]*)<\/title>/i.exec(text)?.[1] ?? "an HTML page"
    : text;
  const line = title.replace(/\s+/g, " ").trim()
    // deno-lint-ignore no-control-regex
    .replace(/[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g, escapeCharacter);
  return line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100
    ? `\\x${code.toString(16).padStart(2, "0")}`
    : `\\u${code.toString(16).padStart(4, "0")}`;
}
