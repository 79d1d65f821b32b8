/**
 * The source's end of a blob's journey.
 *
 * @module
 */

import { shortDigest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import type { ByteRange } from "../oci/http_range.ts";
import { getBlob } from "../registry/blobs.ts";
import type { Repository } from "../registry/repository.ts";
import type { BlobTask } from "./task.ts";

/** A blob, or a part of one, that is ready to be passed on. */
export interface OpenedBlob {
  /** The body of the answer, untouched. */
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** False where a part was asked for and the whole came. */
  ranged: boolean;
}

/** Options of {@linkcode openBlob}. */
export interface OpenBlobOptions {
  /** Only these bytes. */
  range?: ByteRange;
  /** Ends the request; the body is its holder's to cancel. */
  signal?: AbortSignal | null;
}

/**
 * Asks the source for a blob, and refuses an answer of another length before a byte moves.
 *
 * @param source Where the blob is.
 * @param blob Its digest, and the size that its manifest gives.
 * @param options Which part, and until when.
 * @returns The open body; whoever has it cancels it or passes it on.
 * @throws {OciPushError} `SOURCE_CORRUPT` for another length; `BLOB_NOT_FOUND` and the like.
 */
export async function openBlob(
  source: Repository,
  blob: Pick<BlobTask, "digest" | "size">,
  options: OpenBlobOptions = {},
): Promise<OpenedBlob> {
  const { range, signal = null } = options;
  const answer = await getBlob(source, blob.digest, { ...(range && { range }), signal });
  const wanted = range && answer.ranged ? range.end - range.start + 1 : blob.size;
  if (answer.size !== undefined && answer.size !== wanted) {
    await answer.body.cancel();
    throw new OciPushError(
      "SOURCE_CORRUPT",
      `cannot copy blob ${shortDigest(blob.digest)}: ${source.registry} (source) sends ` +
        `${answer.size} bytes, its manifest says ${wanted}`,
      {
        terminal: true,
        side: "source",
        registry: source.registry,
        repository: source.name,
        digest: blob.digest,
        hint: "the source's storage or a proxy before it is damaged; another mirror: " +
          `--endpoint ${source.registry}=URL`,
      },
    );
  }
  return { body: answer.body, ranged: answer.ranged };
}

/**
 * Gives a body's connection back, where nobody has read it to its end.
 *
 * @param body Any body, whatever became of it.
 */
export async function dropBody(body: ReadableStream): Promise<void> {
  // Whoever was sending it may hold it still, and it may have broken: then it is given back already.
  await body.cancel().catch(() => {});
}
