/**
 * Blobs of a repository: GET and HEAD.
 *
 * @module
 */

import type { Digest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import type { ByteRange } from "../oci/http_range.ts";
import type { Repository } from "./repository.ts";

/** Options of {@linkcode headBlob}. */
export interface HeadBlobOptions {
  /** Ends the request. */
  signal?: AbortSignal | null;
}

/** Options of {@linkcode getBlob}. */
export interface GetBlobOptions extends HeadBlobOptions {
  /** Asks for a part only; a registry may send the whole all the same. */
  range?: ByteRange;
}

/** A blob on its way. */
export interface FetchedBlob {
  /** The response's own body, untouched; unread it is the caller's to cancel. */
  body: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Content-Length: bytes in this body. */
  size: number | undefined;
  /** True when the body is the range asked for, false when it is the whole blob. */
  ranged: boolean;
}

/** Fetches a blob. */
export function getBlob(
  repository: Repository,
  digest: Digest,
  options: GetBlobOptions = {},
): Promise<FetchedBlob> {
  throw notYet(repository, digest, options);
}

/** Asks whether a blob is there; undefined when it is not. */
export function headBlob(
  repository: Repository,
  digest: Digest,
  options: HeadBlobOptions = {},
): Promise<{ size: number | undefined } | undefined> {
  throw notYet(repository, digest, options);
}

function notYet(...args: unknown[]): OciPushError {
  return new OciPushError("INTERNAL", `not yet: ${args.length}`, { terminal: true });
}
