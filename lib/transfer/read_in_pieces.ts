/**
 * A blob read piece by piece, for a transport that would read ahead of who takes the bytes.
 *
 * @module
 */

import type { Repository } from "../registry/repository.ts";
import { dropBody, openBlob, type OpenedBlob } from "./open_blob.ts";
import type { BlobTask } from "./task.ts";

/** Options of {@linkcode readInPieces}. */
export interface ReadInPiecesOptions {
  /** The most that is asked for at once, in bytes. */
  pieceSize: number;
  /** Ends the reading. */
  signal?: AbortSignal | null;
}

/**
 * Opens a blob as ranges that are asked for one after the other, each when the one before is used
 * up: no more than a piece is in memory, however slow the taker.
 *
 * A source that answers a range with the whole is read as it comes.
 *
 * @param source Where the blob is.
 * @param blob Its digest, and the size that its manifest gives.
 * @param options How much at once.
 * @returns The open body; the first piece was asked for, so a blob that is not there is told here.
 * @throws {OciPushError} as {@linkcode openBlob} does; later ones come out of the body.
 */
export async function readInPieces(
  source: Repository,
  blob: Pick<BlobTask, "digest" | "size">,
  options: ReadInPiecesOptions,
): Promise<OpenedBlob> {
  const { pieceSize, signal = null } = options;
  const open = (start: number) => {
    const range = { start, end: Math.min(start + pieceSize, blob.size) - 1 };
    return openBlob(source, blob, { range, signal });
  };
  const first = await open(0);
  async function* pieces() {
    let { body, ranged } = first;
    for (let start = 0;; ({ body, ranged } = await open(start))) {
      try {
        yield* body;
      } finally {
        await dropBody(body);
      }
      start += pieceSize;
      if (!ranged || start >= blob.size) return;
    }
  }
  return { body: ReadableStream.from(pieces()), ranged: false };
}
