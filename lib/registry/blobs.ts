/**
 * Blobs of a repository: GET and HEAD.
 *
 * @module
 */

import { type Digest, shortDigest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import { type ByteRange, formatBytesRange } from "../oci/http_range.ts";
import { essence } from "../oci/media_type.ts";
import type { Repository } from "./repository.ts";
import { addressOf, ask } from "./request.ts";

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

/**
 * Fetches a blob; its bytes are not looked at.
 *
 * Follows distribution-spec 1.1, "Pulling blobs" (end-2).
 *
 * @param repository Where it is.
 * @param digest Its digest.
 * @param options Which part of it, and when to stop.
 * @returns The open body.
 * @throws {OciPushError} `BLOB_NOT_FOUND`, and `REGISTRY_BROKEN` for a web page.
 */
export async function getBlob(
  repository: Repository,
  digest: Digest,
  options: GetBlobOptions = {},
): Promise<FetchedBlob> {
  const { range, signal = null } = options;
  const response = await ask(
    addressOf(repository, { kind: "blob", name: repository.name, digest }),
    { headers: range ? { range: formatBytesRange(range) } : {}, signal },
    {
      repository,
      doing: "read blob",
      tagOrDigest: digest,
      expected: [200, 206],
      missing: "BLOB_NOT_FOUND",
      details: { digest },
    },
  );
  const { registry, name, side } = repository;
  if (!response.body || essence(response.headers.get("content-type")) === "text/html") {
    await response.body?.cancel();
    throw new OciPushError(
      "REGISTRY_BROKEN",
      `cannot read blob ${shortDigest(digest)} of ${registry}/${name}${
        side ? ` (${side})` : ""
      }: ` +
        (response.body ? "a web page came back" : "nothing came back"),
      { terminal: true, registry, repository: name, ...(side && { side }), digest },
    );
  }
  const length = Number(response.headers.get("content-length") ?? NaN);
  return {
    body: response.body,
    size: Number.isSafeInteger(length) ? length : undefined,
    ranged: response.status === 206,
  };
}

/**
 * Asks whether a blob is there.
 *
 * @param repository Where it may be.
 * @param digest Its digest.
 * @param options When to stop.
 * @returns Its size, where the registry says; undefined when it is not there.
 * @throws {OciPushError} for answers that are neither.
 */
export async function headBlob(
  repository: Repository,
  digest: Digest,
  options: HeadBlobOptions = {},
): Promise<{ size: number | undefined } | undefined> {
  const { signal = null } = options;
  const response = await ask(
    addressOf(repository, { kind: "blob", name: repository.name, digest }),
    { method: "HEAD", signal },
    {
      repository,
      doing: "look up blob",
      tagOrDigest: digest,
      expected: [200, 404],
      missing: "BLOB_NOT_FOUND",
      details: { digest },
    },
  );
  await response.body?.cancel();
  if (response.status === 404) return undefined;
  const length = Number(response.headers.get("content-length") ?? NaN);
  return { size: Number.isSafeInteger(length) ? length : undefined };
}
