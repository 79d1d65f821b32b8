/**
 * The destination's end of a blob's journey: is the blob there, and if not, where does it go?
 *
 * @module
 */

import type { Digest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import { headBlob } from "../registry/blobs.ts";
import type { Repository } from "../registry/repository.ts";
import { deleteUpload, postUpload, type Upload } from "../registry/uploads.ts";
import type { BlobTask } from "./task.ts";

/** Options of {@linkcode beginUpload}. */
export interface BeginUploadOptions {
  /**
   * Whether an upload that was opened, although the blob could have been mounted from the
   * destination itself, means that the blob is not there. Absent: it does.
   */
  openingTells?: () => Promise<boolean>;
  /** Told what a probe found out about that. */
  onProbed?: (tells: boolean) => void;
  /** Ends the asking; an upload that was opened is cancelled. */
  signal?: AbortSignal | null;
}

/** How a blob's journey begins, or that it is over. */
export type Beginning =
  | { kind: "there"; outcome: "existing" | "mounted" }
  | { kind: "open"; upload: Upload };

/**
 * Asks and opens in one request where it can: a mount that is not answered opens an upload.
 *
 * @param task The blob, and how it is best asked for.
 * @param destination Where it goes.
 * @param options What is known of the registry's answers.
 * @returns That the blob is there, or an open upload.
 * @throws {OciPushError} whatever the registry answers.
 */
export async function beginUpload(
  task: BlobTask,
  destination: Repository,
  options: BeginUploadOptions,
): Promise<Beginning> {
  const { digest, from, check, eager, probe } = task;
  const { signal = null, openingTells, onProbed } = options;
  if (check && await headBlob(destination, digest, { signal })) {
    return { kind: "there", outcome: "existing" };
  }
  const asked = probe ? hasBlob(destination, digest, signal) : undefined;
  asked?.catch(() => {}); // where the upload cannot be opened, that is what has to be told
  const opened = await postUpload(destination, {
    ...(from !== undefined && { mount: digest, from }),
    signal,
  });
  if (opened.kind === "mounted") {
    await asked;
    if (probe) onProbed?.(true);
    return { kind: "there", outcome: from === destination.name ? "existing" : "mounted" };
  }
  const { upload } = opened;
  try {
    let isThere = false;
    if (asked) {
      isThere = await asked;
      onProbed?.(!isThere);
    } else if (from === destination.name && !check && !eager) {
      isThere = await openingTells?.() === false && await hasBlob(destination, digest, signal);
    }
    if (!isThere) return { kind: "open", upload };
  } catch (error) {
    await cancelUpload(destination, upload);
    throw error;
  }
  await cancelUpload(destination, upload);
  return { kind: "there", outcome: "existing" };
}

/** Where that cannot be found out, the blob is sent: twice does no harm. */
async function hasBlob(
  destination: Repository,
  digest: Digest,
  signal: AbortSignal | null,
): Promise<boolean> {
  try {
    return await headBlob(destination, digest, { signal }) !== undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof OciPushError)) throw error;
    return false;
  }
}

/** How long an interrupted copy may take to cancel its uploads, in milliseconds. */
const CANCEL_TIMEOUT = 2000;

/**
 * Cancels an upload, as far as that works, and not for long: one that stays open is the registry's
 * to clean up.
 *
 * @param destination Where it was opened.
 * @param upload The upload.
 */
export async function cancelUpload(destination: Repository, upload: Upload): Promise<void> {
  await deleteUpload(destination, upload, { signal: AbortSignal.timeout(CANCEL_TIMEOUT) })
    .catch(() => {});
}
