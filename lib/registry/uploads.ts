/**
 * Uploads of blobs: open, send whole or in chunks, ask, cancel; and mounts.
 *
 * Follows distribution-spec 1.1, "Pushing blobs" and "Mounting a blob from another repository".
 *
 * @module
 */

import { type Digest, digestAlgorithm, isDigest, shortDigest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import { formatUploadRange, parseUploadRange } from "../oci/http_range.ts";
import { headBlob } from "./blobs.ts";
import { followOwnAddress } from "./follow_address.ts";
import type { Repository } from "./repository.ts";
import { addressOf, type Ask, ask } from "./request.ts";

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

/**
 * Opens an upload, or mounts a blob (end-4a, end-11).
 *
 * A mount that is refused falls back to a plain upload: registries refuse in many ways a `from`
 * that they do not know, cannot see, or never mount from.
 *
 * @param repository Where the blob goes.
 * @param options What could be mounted instead.
 * @returns An open upload, or that the blob is there.
 * @throws {OciPushError} where no upload can be opened.
 */
export async function postUpload(
  repository: Repository,
  options: PostUploadOptions = {},
): Promise<PostUploadResult> {
  const { mount, from, signal = null } = options;
  const { name } = repository;
  const mounting = mount !== undefined && from !== undefined;
  try {
    const response = await ask(
      addressOf(repository, { kind: "uploads", name, ...(mounting && { mount, from }) }),
      { method: "POST", headers: { "content-length": "0" }, signal },
      about(repository, { doing: "open an upload in", expected: mounting ? [201, 202] : [202] }),
    );
    await response.body?.cancel();
    return response.status === 201
      ? { kind: "mounted" }
      : { kind: "open", upload: nextUpload(response, { repository }) };
  } catch (error) {
    const refused = mounting && error instanceof OciPushError && error.terminal &&
      error.details.status !== undefined;
    if (!refused) throw error;
    return await postUpload(repository, { signal });
  }
}

/**
 * Sends a blob, or nothing more, and closes the upload (end-6).
 *
 * @param repository Where the blob goes.
 * @param upload The open upload.
 * @param options The blob.
 * @returns That it is kept, or where else it has to be sent.
 * @throws {OciPushError} `DIGEST_MISMATCH` where the registry says that the bytes are not the
 * digest's, or keeps them under another.
 */
export async function putUpload(
  repository: Repository,
  upload: Upload,
  options: PutUploadOptions,
): Promise<PutUploadResult> {
  const { digest, body = null, size, signal = null } = options;
  const url = withDigest(upload.location, digest);
  const expected = [201, 204, 307, 308];
  let response: Response;
  try {
    response = await ask(
      url,
      {
        method: "PUT",
        headers: { "content-length": String(size), "content-type": "application/octet-stream" },
        body,
        signal,
      },
      about(repository, { doing: "write blob", tagOrDigest: digest, expected }),
    );
  } catch (error) {
    if (mayBeKept(error) && await isKept(repository, digest, signal)) return { kind: "done" };
    throw explainDigest(error, digest);
  }
  await response.body?.cancel();
  const location = response.headers.get("location");
  if (response.status >= 300) {
    const next = location === null ? undefined : followOwnAddress(location, url, repository);
    if (next) return { kind: "redirected", location: next };
    throw noLocation(repository);
  }
  const kept = response.headers.get("docker-content-digest");
  // A sha512 upload may be answered with a sha256 digest: only the same algorithm can be compared.
  if (
    kept && isDigest(kept) && digestAlgorithm(kept) === digestAlgorithm(digest) && kept !== digest
  ) {
    throw new OciPushError(
      "DIGEST_MISMATCH",
      `cannot write blob ${shortDigest(digest)} to ${repository.registry}: it keeps ` +
        shortDigest(kept),
      { terminal: false, ...where(repository), digest },
    );
  }
  return { kind: "done" };
}

/**
 * Sends a chunk (end-5).
 *
 * @param repository Where the blob goes.
 * @param upload The open upload.
 * @param options The chunk.
 * @returns Where the next request goes, and how far the registry got.
 * @throws {OciPushError} where the registry does not take it.
 */
export async function patchUpload(
  repository: Repository,
  upload: Upload,
  options: PatchUploadOptions,
): Promise<PatchUploadResult> {
  const { body, start, size, signal = null } = options;
  const url = upload.location;
  const response = await ask(
    url,
    {
      method: "PATCH",
      headers: {
        "content-type": "application/octet-stream",
        "content-length": String(size),
        "content-range": formatUploadRange({ start, end: start + size - 1 }),
      },
      body,
      signal,
    },
    about(repository, { doing: "write a chunk to", expected: [202] }),
  );
  await response.body?.cancel();
  return {
    upload: nextUpload(response, { repository, previous: upload }),
    end: parseUploadRange(response.headers.get("range"))?.end,
  };
}

/**
 * Asks how far an upload got (end-13).
 *
 * @param repository Where the blob goes.
 * @param upload The open upload.
 * @param options When to stop.
 * @returns Where the next request goes and how many bytes are there; undefined when the registry
 * does not know the upload any more.
 * @throws {OciPushError} for answers that are neither.
 */
export async function getUpload(
  repository: Repository,
  upload: Upload,
  options: UploadOptions = {},
): Promise<{ upload: Upload; received: number } | undefined> {
  const { signal = null } = options;
  const response = await ask(
    upload.location,
    { signal },
    about(repository, { doing: "look at an upload in", expected: [200, 204, 404] }),
  );
  await response.body?.cancel();
  if (response.status === 404) return undefined;
  const range = parseUploadRange(response.headers.get("range"));
  return {
    upload: nextUpload(response, { repository, previous: upload }),
    // "0-0" is what an upload without a byte says, and one with one byte too: chunks are longer.
    received: range && range.end > 0 ? range.end + 1 : 0,
  };
}

/**
 * Cancels an upload (end-14), as far as that works: one that stays open is the registry's.
 *
 * @param repository Where the blob would have gone.
 * @param upload The open upload.
 * @param options When to stop.
 * @throws {OciPushError} where the registry cannot be reached.
 */
export async function deleteUpload(
  repository: Repository,
  upload: Upload,
  options: UploadOptions = {},
): Promise<void> {
  const { signal = null } = options;
  const response = await ask(
    upload.location,
    { method: "DELETE", signal },
    about(repository, { doing: "cancel an upload in", expected: [200, 202, 204, 400, 404, 405] }),
  );
  await response.body?.cancel();
}

function about(
  repository: Repository,
  more: Pick<Ask, "doing" | "expected"> & { tagOrDigest?: Digest },
): Ask {
  const { tagOrDigest } = more;
  return {
    repository,
    missing: "REPOSITORY_NOT_FOUND",
    ...more,
    ...(tagOrDigest && { details: { digest: tagOrDigest } }),
  };
}

/**
 * Appended as text: searchParams would write the registry's own query anew, which may be signed. A
 * place that an earlier PUT was sent on to has the digest already.
 */
function withDigest(location: URL, digest: Digest): URL {
  const { search } = location;
  if (/[?&]digest=/.test(search)) return location;
  return new URL(
    `${search === "" ? "?" : `${search}&`}digest=${encodeURIComponent(digest)}`,
    location,
  );
}

/** Registries answer with absolute and relative addresses, with or without a query of their own. */
function nextUpload(
  response: Response,
  { repository, previous }: { repository: Repository; previous?: Upload },
): Upload {
  const location = response.headers.get("location");
  const minimum = Number(response.headers.get("oci-chunk-min-length") ?? NaN);
  const chunkMinLength = Number.isSafeInteger(minimum) ? minimum : previous?.chunkMinLength ?? 0;
  if (location) {
    const from = response.url ? new URL(response.url) : previous?.location ?? repository.base;
    const url = followOwnAddress(location, from, repository);
    if (url) return { location: url, chunkMinLength };
  } else if (previous) return { ...previous, chunkMinLength };
  throw noLocation(repository);
}

/**
 * Whether a registry may have kept a blob although its answer was lost: a gateway that did not wait
 * long enough (GHCR's commits take their time), or a second try that found the upload closed.
 */
function mayBeKept(error: unknown): boolean {
  if (!(error instanceof OciPushError)) return false;
  const { status, registryCode } = error.details;
  return status === 502 || status === 504 || registryCode === "BLOB_UPLOAD_UNKNOWN";
}

async function isKept(
  repository: Repository,
  digest: Digest,
  signal: AbortSignal | null,
): Promise<boolean> {
  try {
    return await headBlob(repository, digest, { signal }) !== undefined;
  } catch {
    signal?.throwIfAborted();
    return false; // the first failure says more
  }
}

function explainDigest(error: unknown, digest: Digest): unknown {
  if (!(error instanceof OciPushError) || error.details.registryCode !== "DIGEST_INVALID") {
    return error;
  }
  // The bytes may have been damaged on the way: another try may bring others.
  return new OciPushError("DIGEST_MISMATCH", error.message, {
    ...error.details,
    terminal: false,
    digest,
  });
}

function noLocation(repository: Repository): OciPushError {
  const { registry, side } = repository;
  return new OciPushError(
    "REGISTRY_BROKEN",
    `cannot upload to ${registry}${side ? ` (${side})` : ""}: it does not say where to`,
    {
      terminal: true,
      ...where(repository),
      hint: "something between us and the registry answers for it: a login page or a proxy?",
    },
  );
}

function where({ registry, name, side }: Repository) {
  return { registry, repository: name, ...(side && { side }) };
}
