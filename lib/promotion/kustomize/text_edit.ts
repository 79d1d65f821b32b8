/**
 * Changing pieces of a text and nothing between them.
 *
 * @module
 */

/** A piece of a text and what shall stand there. */
export interface Edit {
  /** Offset of its first character. */
  start: number;
  /** Offset after its last. */
  end: number;
  /** What replaces it. */
  text: string;
}

/**
 * Applies edits that do not overlap to a slice of a text.
 *
 * @param text The whole text, which the edits' offsets count in.
 * @param edits The edits, in any order; of two at one offset the first given comes first.
 * @param slice The slice that is wanted. @default {the whole}
 * @returns The slice with its edits done.
 */
export function applyEdits(
  text: string,
  edits: readonly Edit[],
  slice: { start: number; end: number } = { start: 0, end: text.length },
): string {
  let result = "";
  let index = slice.start;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(index, edit.start) + edit.text;
    index = edit.end;
  }
  return result + text.slice(index, slice.end);
}

/**
 * Finds where a line begins.
 *
 * @param text The text.
 * @param offset Any offset in the line.
 * @returns The offset of the line's first character.
 */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/**
 * Finds where a line ends.
 *
 * @param text The text.
 * @param offset Any offset in the line.
 * @returns The offset after its newline, or the text's length.
 */
export function lineEnd(text: string, offset: number): number {
  const newline = text.indexOf("\n", offset);
  return newline < 0 ? text.length : newline + 1;
}

/**
 * Tells how a text ends its lines.
 *
 * @param text The text.
 * @returns A carriage return and a newline if its first line ends so, else a newline.
 */
export function newlineOf(text: string): "\n" | "\r\n" {
  return text[text.indexOf("\n") - 1] === "\r" ? "\r\n" : "\n";
}
