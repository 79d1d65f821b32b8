/**
 * One blob's journey, from the question whether it is there to the destination's 201.
 *
 * @module
 */

import { type Digest, shortDigest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import type { Repository } from "../registry/repository.ts";
import { postUpload, putUpload, type Upload } from "../registry/uploads.ts";
import { beginUpload, type BeginUploadOptions, cancelUpload } from "./begin_upload.ts";
import { blameForDigest } from "./blame.ts";
import type { BlobOutcome } from "./event.ts";
import { dropBody, openBlob, type OpenedBlob } from "./open_blob.ts";
import { readInPieces } from "./read_in_pieces.ts";
import type { Sides } from "./sides.ts";
import type { BlobTask } from "./task.ts";
import { sendInChunks } from "./send_in_chunks.ts";
import { sendVerified } from "./send_verified.ts";

/** Options of {@linkcode transferBlob}. */
export interface TransferBlobOptions extends BeginUploadOptions {
  /** Who checks the bytes. */
  verify: "destination" | "client";
  /** Blobs longer than this go in chunks, in bytes. */
  chunkThreshold: number;
  /** The length of a chunk, in bytes. */
  chunkSize: number;
  /** Read the source by ranges of this many bytes; absent: as one. */
  pieceSize?: number;
  /** Told when the destination turns out not to have the blob. */
  onOpened?: () => void;
  /** Told how many bytes the destination has accepted so far, where it says so. */
  onProgress?: (accepted: number) => void;
}

/** What became of a blob. */
export interface BlobResult {
  /** How it came to be at the destination. */
  outcome: Exclude<BlobOutcome, "skipped">;
  /** How many bytes were sent for that. */
  sent: number;
}

/**
 * Brings one blob to the destination, once: whoever calls decides about another try.
 *
 * The bytes are handed from one `fetch` to the other untouched and never enter JavaScript, unless
 * they have to be verified here.
 *
 * @param task The blob.
 * @param sides Where it is, and where it goes.
 * @param options How.
 * @returns How it came to be there.
 * @throws {OciPushError} `SOURCE_CORRUPT` when the source's bytes are not the digest's; whatever
 * the two registries answer.
 */
export async function transferBlob(
  task: BlobTask,
  sides: Sides,
  options: TransferBlobOptions,
): Promise<BlobResult> {
  const { source, destination } = sides;
  const { verify, pieceSize, signal = null, onProgress } = options;
  const { size, eager } = task;
  const inChunks = verify === "destination" && size > options.chunkThreshold;
  // Two round trips instead of three: the source's answer waits, unread, until the upload is open.
  const inPieces = pieceSize !== undefined && size > pieceSize;
  const early = eager && !inChunks && !inPieces ? openEarly(task, source, signal) : undefined;
  let upload: Upload | undefined;
  try {
    const beginning = await beginUpload(task, destination, options);
    if (beginning.kind === "there") return { outcome: beginning.outcome, sent: 0 };
    upload = beginning.upload;
    options.onOpened?.();
    if (inChunks) {
      if (await sendInChunks(task, sides, { ...options, upload })) {
        return { outcome: "transferred", sent: size };
      }
      await cancelUpload(destination, upload);
      upload = await openUpload(destination, signal);
    }
    const blob = inPieces
      ? await readInPieces(source, task, { pieceSize, signal })
      : await (early?.take() ?? openBlob(source, task, { signal }));
    const send = verify === "client" ? sendVerified : sendWhole;
    await send(task, { sides, upload, blob, signal });
    onProgress?.(size);
    return { outcome: "transferred", sent: size };
  } catch (error) {
    if (upload) await cancelUpload(destination, upload);
    throw error;
  } finally {
    await early?.drop();
  }
}

/** The relay: one PUT whose body is the source's answer. */
async function sendWhole(
  task: BlobTask,
  { sides, upload, blob, signal }: {
    sides: Sides;
    upload: Upload;
    blob: OpenedBlob;
    signal: AbortSignal | null;
  },
): Promise<void> {
  const { digest, size } = task;
  const { source, destination } = sides;
  let put = { upload, body: blob.body };
  for (let redirects = 0;; redirects++) {
    const done = await putUpload(destination, put.upload, { digest, body: put.body, size, signal })
      .catch((error) => blameForDigest(error, { digest, sides, signal }))
      .finally(() => dropBody(put.body));
    if (done.kind === "done") return;
    if (redirects === MAX_REDIRECTS) throw redirectedTooOften(destination, digest);
    // The body went to the address that sent us on: the source has to be opened once more.
    put = {
      upload: { ...upload, location: done.location },
      body: (await openBlob(source, task, { signal })).body,
    };
  }
}

async function openUpload(destination: Repository, signal: AbortSignal | null): Promise<Upload> {
  const opened = await postUpload(destination, { signal });
  if (opened.kind === "open") return opened.upload;
  throw new OciPushError(
    "REGISTRY_BROKEN",
    `cannot open an upload at ${destination.registry} (destination): it mounted what was not asked`,
    { terminal: true, side: "destination", registry: destination.registry },
  );
}

const MAX_REDIRECTS = 3;

function redirectedTooOften(destination: Repository, digest: Digest): OciPushError {
  return new OciPushError(
    "REGISTRY_BROKEN",
    `cannot write blob ${shortDigest(digest)} to ${destination.registry} (destination): ` +
      "sent on from address to address",
    { terminal: true, side: "destination", registry: destination.registry, digest },
  );
}

/** Opens a blob ahead of time, so that a failure is told to whoever takes it, or to nobody. */
function openEarly(
  task: BlobTask,
  source: Repository,
  signal: AbortSignal | null,
): { take(): Promise<OpenedBlob>; drop(): Promise<void> } {
  const unwanted = new AbortController();
  const either = signal ? AbortSignal.any([signal, unwanted.signal]) : unwanted.signal;
  const opening = openBlob(source, task, { signal: either });
  opening.catch(() => {}); // told by take(); a failure before that must not go unhandled
  let taken = false;
  return {
    take() {
      taken = true;
      return opening;
    },
    async drop() {
      if (taken) return;
      unwanted.abort();
      await opening.then(({ body }) => dropBody(body), () => {});
    },
  };
}
