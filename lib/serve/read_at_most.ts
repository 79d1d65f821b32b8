/**
 * Bodies that have to fit into memory.
 *
 * @module
 */

import { bodyPieces } from "./body_pieces.ts";
import { concat } from "./concat.ts";

/**
 * Reads a body, bounded by what arrives and not by what is claimed.
 *
 * @param stream The body, if there is one.
 * @param limit The most bytes that it may have.
 * @returns Its bytes; undefined when there are more.
 * @throws {OciPushError} `UNREACHABLE` when the client goes away before the end.
 */
export async function readAtMost(
  stream: ReadableStream<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of bodyPieces(stream)) {
    size += piece.length;
    if (size > limit) return undefined;
    pieces.push(piece.slice());
  }
  return concat(pieces);
}
