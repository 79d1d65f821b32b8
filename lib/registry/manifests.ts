/**
 * Manifests of a repository: GET, HEAD, PUT.
 *
 * @module
 */

import { type Digest, digestAlgorithm, digestOf, isDigest, shortDigest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import { MAX_MANIFEST_SIZE } from "../oci/manifest.ts";
import { essence, MANIFEST_ACCEPT } from "../oci/media_type.ts";
import { readAtMost } from "./read_at_most.ts";
import type { Repository } from "./repository.ts";
import { addressOf, ask } from "./request.ts";
import { describeNetworkError } from "./network_error.ts";

/** Options of the manifest calls. */
export interface ManifestOptions {
  /** Ends the request. */
  signal?: AbortSignal | null;
}

/** A manifest as the registry sent it. */
export interface FetchedManifest {
  /** Its exact bytes. */
  bytes: Uint8Array<ArrayBuffer>;
  /** The Content-Type of the answer, without parameters. */
  mediaType: string;
  /** Computed from the bytes, and checked. */
  digest: Digest;
}

/** What a HEAD tells of a manifest. */
export interface ManifestHead {
  /** What the registry says it is. */
  digest?: Digest;
  /** The Content-Type of the answer, without parameters. */
  mediaType: string;
  /** Its length in bytes, where the registry says. */
  size?: number;
}

/** A manifest to be written. */
export interface ManifestContent {
  /** Its exact bytes. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Its media type. */
  mediaType: string;
}

/** What a registry says of a manifest that it took. */
export interface PutManifestResult {
  /** The digest it is stored under, compared with the bytes. */
  digest: Digest;
  /** `OCI-Subject`: the registry keeps the list of referrers itself. */
  subject?: string;
}

/**
 * Fetches a manifest, and checks that its bytes are what was asked for.
 *
 * Follows distribution-spec 1.1, "Pulling manifests" (end-3).
 *
 * @param repository Where it is.
 * @param tagOrDigest Its name.
 * @param options When to stop.
 * @returns Bytes, type and digest.
 * @throws {OciPushError} `TAG_NOT_FOUND`, `MANIFEST_NOT_FOUND`, `DIGEST_MISMATCH`;
 * `MANIFEST_INVALID` beyond 4 MiB; `REGISTRY_BROKEN` for a web page.
 */
export async function getManifest(
  repository: Repository,
  tagOrDigest: string,
  options: ManifestOptions = {},
): Promise<FetchedManifest> {
  const { signal = null } = options;
  const { response, bytes } = await fetchManifest(repository, tagOrDigest, { signal, tries: 2 });
  const stated = response.headers.get("docker-content-digest");
  const mediaType = essence(response.headers.get("content-type"));
  const asked = isDigest(tagOrDigest) ? tagOrDigest : undefined;
  const digest = await digestOf(bytes, asked ? digestAlgorithm(asked) : "sha256");
  const promised = asked ??
    (stated && isDigest(stated) && digestAlgorithm(stated) === "sha256" ? stated : undefined);
  if (promised && promised !== digest) {
    throw mismatch(repository, { tagOrDigest, wanted: promised, got: digest });
  }
  return { bytes, mediaType, digest };
}

/**
 * Asks for a manifest without its bytes.
 *
 * Where HEAD is not supported, or names no digest (proxies strip it), GET tells instead.
 *
 * @param repository Where it may be.
 * @param tagOrDigest Its name.
 * @param options When to stop.
 * @returns What the registry says of it; undefined when it is not there.
 * @throws {OciPushError} for answers that are neither.
 */
export async function headManifest(
  repository: Repository,
  tagOrDigest: string,
  options: ManifestOptions = {},
): Promise<ManifestHead | undefined> {
  const { signal = null } = options;
  const response = await ask(
    addressOf(repository, { kind: "manifest", name: repository.name, tagOrDigest }),
    { method: "HEAD", headers: { accept: MANIFEST_ACCEPT }, signal },
    {
      repository,
      doing: "look up",
      tagOrDigest,
      expected: [200, 404, 405, 501],
      missing: missing(tagOrDigest),
    },
  );
  await response.body?.cancel();
  if (response.status === 404) return undefined;
  const stated = response.headers.get("docker-content-digest");
  if (response.status === 200 && stated && isDigest(stated)) {
    const size = Number(response.headers.get("content-length") ?? NaN);
    const mediaType = essence(response.headers.get("content-type"));
    return { digest: stated, mediaType, ...(Number.isSafeInteger(size) && { size }) };
  }
  try {
    const { digest, mediaType, bytes } = await getManifest(repository, tagOrDigest, options);
    return { digest, mediaType, size: bytes.length };
  } catch (error) {
    if (error instanceof OciPushError && error.details.status === 404) return undefined;
    throw error;
  }
}

/**
 * Writes a manifest. Success is a 201 and the right digest, nothing less.
 *
 * Follows distribution-spec 1.1, "Pushing Manifests" (end-7).
 *
 * @param repository Where it goes.
 * @param tagOrDigest Its name there.
 * @param manifest Its exact bytes.
 * @param options When to stop.
 * @returns The digest that the registry keeps it under.
 * @throws {OciPushError} `CONTENT_MISSING` where the registry lacks a blob or child;
 * `REGISTRY_BROKEN` where something else than a registry answered.
 */
export async function putManifest(
  repository: Repository,
  tagOrDigest: string,
  manifest: ManifestContent,
  options: ManifestOptions = {},
): Promise<PutManifestResult> {
  const { signal = null } = options;
  const { bytes, mediaType } = manifest;
  let response: Response;
  try {
    response = await ask(
      addressOf(repository, { kind: "manifest", name: repository.name, tagOrDigest }),
      { method: "PUT", headers: { "content-type": mediaType }, body: bytes, signal },
      { repository, doing: "write", tagOrDigest, expected: [201], missing: "REPOSITORY_NOT_FOUND" },
    );
  } catch (error) {
    throw explainRefusal(error, tagOrDigest);
  }
  await response.body?.cancel();
  const stated = response.headers.get("docker-content-digest");
  const subject = response.headers.get("oci-subject");
  const kept = stated && isDigest(stated)
    ? stated
    : (await headManifest(repository, tagOrDigest, options))?.digest;
  if (kept === undefined) {
    throw new OciPushError(
      "REGISTRY_BROKEN",
      `cannot write ${nameOf(repository, tagOrDigest)}: it was taken, but it is not there`,
      {
        terminal: true,
        ...where(repository),
        hint: "something between us and the registry answers for it: a login page or a proxy?",
      },
    );
  }
  const wanted = await digestOf(bytes, digestAlgorithm(kept));
  if (kept !== wanted) throw mismatch(repository, { tagOrDigest, wanted, got: kept });
  return { digest: kept, ...(subject !== null && { subject }) };
}

async function fetchManifest(
  repository: Repository,
  tagOrDigest: string,
  { signal, tries }: { signal: AbortSignal | null; tries: number },
): Promise<{ response: Response; bytes: Uint8Array<ArrayBuffer> }> {
  const response = await ask(
    addressOf(repository, { kind: "manifest", name: repository.name, tagOrDigest }),
    { headers: { accept: MANIFEST_ACCEPT }, signal },
    { repository, doing: "read", tagOrDigest, expected: [200], missing: missing(tagOrDigest) },
  );
  const mediaType = essence(response.headers.get("content-type"));
  if (mediaType === "text/html") throw await notARegistry(response, repository);
  try {
    return { response, bytes: await readManifest(response, { repository, tagOrDigest, signal }) };
  } catch (error) {
    // The transport's own tries end with the head of an answer; a body may break as well.
    if (tries === 1 || !(error instanceof OciPushError) || error.terminal) throw error;
    return await fetchManifest(repository, tagOrDigest, { signal, tries: tries - 1 });
  }
}

async function readManifest(
  response: Response,
  options: { repository: Repository; tagOrDigest: string; signal: AbortSignal | null },
): Promise<Uint8Array<ArrayBuffer>> {
  const { repository, tagOrDigest, signal } = options;
  const { stallTimeout } = repository;
  const action = `cannot read ${nameOf(repository, tagOrDigest)}`;
  let bytes: Uint8Array<ArrayBuffer> | undefined;
  try {
    bytes = await readAtMost(response, MAX_MANIFEST_SIZE, { stallTimeout, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw describeNetworkError(error, { action, ...where(repository) });
  }
  if (bytes) return bytes;
  throw new OciPushError("MANIFEST_INVALID", `${action}: it is longer than 4 MiB`, {
    terminal: true,
    ...where(repository),
    tagOrDigest,
  });
}

/** A refusal of a manifest that is about what it names, or about how it is named. */
function explainRefusal(error: unknown, tagOrDigest: string): unknown {
  if (!(error instanceof OciPushError)) return error;
  const { registryCode = "", status } = error.details;
  if (/^(MANIFEST_BLOB_UNKNOWN|BLOB_UNKNOWN|MANIFEST_UNKNOWN)$/.test(registryCode)) {
    return new OciPushError("CONTENT_MISSING", error.message, {
      ...error.details,
      terminal: false,
    });
  }
  if (tagOrDigest.startsWith("sha512:") && [400, 404, 405, 415].includes(status ?? 0)) {
    return new OciPushError("UNSUPPORTED", error.message, {
      ...error.details,
      hint: "this registry does not take manifests by a sha512 digest",
    });
  }
  return error;
}

async function notARegistry(response: Response, repository: Repository): Promise<OciPushError> {
  await response.body?.cancel();
  return new OciPushError(
    "REGISTRY_BROKEN",
    `cannot read from ${repository.registry}${sideOf(repository)}: a web page came back`,
    {
      terminal: true,
      ...where(repository),
      status: response.status,
      hint: "something between us and the registry answers for it: a login page or a proxy?",
    },
  );
}

function mismatch(
  repository: Repository,
  { tagOrDigest, wanted, got }: { tagOrDigest: string; wanted: Digest; got: Digest },
): OciPushError {
  return new OciPushError(
    "DIGEST_MISMATCH",
    `cannot trust manifest ${nameOf(repository, tagOrDigest)}: got ${shortDigest(got)}, ` +
      `expected ${shortDigest(wanted)}`,
    {
      terminal: true,
      ...where(repository),
      tagOrDigest,
      digest: wanted,
      hint: "the registry's storage, or a proxy before it, changed the bytes",
    },
  );
}

function missing(tagOrDigest: string): "TAG_NOT_FOUND" | "MANIFEST_NOT_FOUND" {
  return isDigest(tagOrDigest) ? "MANIFEST_NOT_FOUND" : "TAG_NOT_FOUND";
}

function nameOf(repository: Repository, tagOrDigest: string): string {
  const separator = isDigest(tagOrDigest) ? "@" : ":";
  return `${repository.registry}/${repository.name}${separator}${tagOrDigest}${sideOf(repository)}`;
}

function sideOf({ side }: Repository): string {
  return side ? ` (${side})` : "";
}

function where({ registry, name, side }: Repository) {
  return { registry, repository: name, ...(side && { side }) };
}
