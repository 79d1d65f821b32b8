/**
 * Sending a large blob in chunks, so that a broken connection costs a chunk, not the blob.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import type { Repository } from "../registry/repository.ts";
import { getUpload, patchUpload, putUpload, type Upload } from "../registry/uploads.ts";
import { blameForDigest } from "./blame.ts";
import { dropBody, openBlob } from "./open_blob.ts";
import type { BlobTask } from "./task.ts";
import type { Sides } from "./sides.ts";

/** Options of {@linkcode sendInChunks}. */
export interface SendInChunksOptions {
  /** The open upload. */
  upload: Upload;
  /** The length of a chunk, in bytes. */
  chunkSize: number;
  /** Told how many bytes the destination has accepted so far. */
  onProgress?: (accepted: number) => void;
  /** Ends the sending. */
  signal?: AbortSignal | null;
}

/** How often in a row a chunk may break before the blob is given up. */
const MAX_BREAKS = 3;

/** Registries that were found not to keep chunks; they get blobs whole from then on. */
const unable = new WeakSet<URL>();

/**
 * Relays ranges of the source as chunks of an upload. Where a chunk breaks, the destination is
 * asked how far it got, and the next one goes on from there.
 *
 * Follows distribution-spec 1.1, "Pushing a blob in chunks". What registries do otherwise is found
 * out by looking: a source that answers a range with the whole blob, a destination that refuses a
 * chunk (GHCR takes 4 MiB at most) or drops it without a word (ECR).
 *
 * @param task The blob.
 * @param sides Where it is, and where it goes.
 * @param options How.
 * @returns True when the blob is there; false when it has to be sent whole, in a fresh upload.
 */
export async function sendInChunks(
  task: BlobTask,
  sides: Sides,
  options: SendInChunksOptions,
): Promise<boolean> {
  const { digest, size } = task;
  const { source, destination } = sides;
  const { signal = null, onProgress } = options;
  if (unable.has(destination.base)) return false;
  let { upload } = options;
  const chunkSize = Math.max(options.chunkSize, upload.chunkMinLength);
  let breaks = 0;
  for (let start = 0; start < size;) {
    const range = { start, end: Math.min(start + chunkSize, size) - 1 };
    try {
      const { body, ranged } = await openBlob(source, task, { range, signal });
      if (!ranged) {
        await body.cancel();
        if (start === 0) return false;
        throw rangesForgotten(source, task);
      }
      const length = range.end - range.start + 1;
      const kept = await patchUpload(destination, upload, { body, start, size: length, signal })
        .finally(() => dropBody(body));
      if (kept.end !== undefined && kept.end !== range.end) return giveUpOn(destination);
      upload = kept.upload;
      start = range.end + 1;
      breaks = 0;
      onProgress?.(start);
    } catch (error) {
      if (signal?.aborted) throw error;
      if (start === 0 && isRefusedChunk(error)) return giveUpOn(destination);
      if (!isPassing(error) || ++breaks > MAX_BREAKS) throw error;
      const status = await getUpload(destination, upload, { signal });
      if (!status) throw error;
      upload = status.upload;
      start = status.received;
    }
  }
  await putUpload(destination, upload, { digest, size: 0, signal })
    .catch((error) => blameForDigest(error, { digest, sides, signal }));
  return true;
}

function giveUpOn(destination: Repository): false {
  unable.add(destination.base);
  return false;
}

/** A chunk that the destination will never take, as far as its answer tells. */
function isRefusedChunk(error: unknown): boolean {
  return error instanceof OciPushError && error.details.side !== "source" &&
    [400, 404, 405, 411, 413, 416, 501].includes(error.details.status ?? 0);
}

function isPassing(error: unknown): boolean {
  return error instanceof OciPushError && !error.terminal;
}

function rangesForgotten(source: Repository, { digest }: BlobTask): OciPushError {
  return new OciPushError(
    "REGISTRY_BROKEN",
    `cannot go on with a blob: ${source.registry} (source) answers ranges no longer`,
    { terminal: false, side: "source", registry: source.registry, digest },
  );
}
