/**
 * What the parts of the expression language throw at each other; none of it leaves the room.
 *
 * @module
 */

/** An expression that is wrong; becomes an `OciPushError` where its place is known. */
export class Refusal extends Error {
  /** The class, for messages. */
  override readonly name = "Refusal";

  /**
   * Refuses an expression.
   *
   * @param problem What is wrong, after the colon of the final message.
   * @param hint What to try, if there is advice.
   */
  constructor(readonly problem: string, readonly hint?: string) {
    super(problem);
  }
}

/** An expression that needs what an earlier step has yet to give. */
export class NotYet extends Error {
  /** The class, for messages. */
  override readonly name = "NotYet";
}

/**
 * Quotes a piece of the user's text for a message, shortened where it is long.
 *
 * @param text What was typed.
 * @returns The text in double quotes, control characters escaped.
 */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 120 ? `${text.slice(0, 119)}…` : text);
}

/**
 * Lists words for a message, shortened where there are many.
 *
 * @param words The words.
 * @returns e.g. `a, b and 3 more`, or `nothing`.
 */
export function listed(words: Iterable<string>): string {
  const all = [...words];
  if (all.length === 0) return "nothing";
  if (all.length <= 8) return all.join(", ");
  return `${all.slice(0, 7).join(", ")} and ${all.length - 7} more`;
}
