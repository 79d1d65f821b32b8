/**
 * Uploads of blobs: open, send whole or in chunks, ask, cancel; and mounts.
 *
 * @module
 */

import type { Digest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import type { Repository } from "./repository.ts";

/** An upload that is open. */
export interface Upload {
  /** Where its next request goes. */
  location: URL;
  /** `OCI-Chunk-Min-Length`, or 0: what every chunk but the last must reach, in bytes. */
  chunkMinLength: number;
}

/** Options of the upload calls that only wait. */
export interface UploadOptions {
  /** Ends the request. */
  signal?: AbortSignal | null;
}

/** Options of {@linkcode postUpload}. */
export interface PostUploadOptions extends UploadOptions {
  /** A blob to be mounted instead of sent, if the registry can. */
  mount?: Digest;
  /** The repository of the same registry that has it. */
  from?: string;
}

/** What {@linkcode postUpload} got. */
export type PostUploadResult = { kind: "mounted" } | { kind: "open"; upload: Upload };

/** Options of {@linkcode patchUpload}. */
export interface PatchUploadOptions extends UploadOptions {
  /** The chunk. */
  body: BodyInit;
  /** Where the chunk begins in the blob. */
  start: number;
  /** The chunk's length in bytes. */
  size: number;
}

/** What {@linkcode patchUpload} got. */
export interface PatchUploadResult {
  /** Where the next request goes. */
  upload: Upload;
  /** The last byte the registry says it has; undefined where it does not say. */
  end: number | undefined;
}

/** Options of {@linkcode putUpload}. */
export interface PutUploadOptions extends UploadOptions {
  /** The digest of the whole blob. */
  digest: Digest;
  /** The blob, or its last chunk; none when all was sent before. */
  body?: BodyInit;
  /** The body's length in bytes; 0 without one. */
  size: number;
}

/** What {@linkcode putUpload} got: done, or to be sent again to another place. */
export type PutUploadResult = { kind: "done" } | { kind: "redirected"; location: URL };

/** Opens an upload, or mounts a blob. */
export function postUpload(
  repository: Repository,
  options: PostUploadOptions = {},
): Promise<PostUploadResult> {
  throw notYet(repository, options);
}

/** Sends the rest of a blob and closes the upload. */
export function putUpload(
  repository: Repository,
  upload: Upload,
  options: PutUploadOptions,
): Promise<PutUploadResult> {
  throw notYet(repository, upload, options);
}

/** Sends a chunk. */
export function patchUpload(
  repository: Repository,
  upload: Upload,
  options: PatchUploadOptions,
): Promise<PatchUploadResult> {
  throw notYet(repository, upload, options);
}

/** Asks how far an upload got; undefined when the registry does not know it any more. */
export function getUpload(
  repository: Repository,
  upload: Upload,
  options: UploadOptions = {},
): Promise<{ upload: Upload; received: number } | undefined> {
  throw notYet(repository, upload, options);
}

/** Cancels an upload, as far as that works. */
export function deleteUpload(
  repository: Repository,
  upload: Upload,
  options: UploadOptions = {},
): Promise<void> {
  throw notYet(repository, upload, options);
}

function notYet(...args: unknown[]): OciPushError {
  return new OciPushError("INTERNAL", `not yet: ${args.length}`, { terminal: true });
}
