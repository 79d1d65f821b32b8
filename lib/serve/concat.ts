/**
 * Many pieces of bytes as one.
 *
 * @module
 */

/**
 * Joins pieces.
 *
 * @param pieces In their order.
 * @returns A copy of all their bytes.
 */
export function concat(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
