/**
 * Manifests of a repository: GET, HEAD, PUT.
 *
 * @module
 */

import type { Digest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import type { Repository } from "./repository.ts";

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

/** Fetches a manifest. */
export function getManifest(
  repository: Repository,
  tagOrDigest: string,
  options: ManifestOptions = {},
): Promise<FetchedManifest> {
  throw notYet(repository, tagOrDigest, options);
}

/** Asks for a manifest without its bytes; undefined when it is not there. */
export function headManifest(
  repository: Repository,
  tagOrDigest: string,
  options: ManifestOptions = {},
): Promise<ManifestHead | undefined> {
  throw notYet(repository, tagOrDigest, options);
}

/** Writes a manifest. */
export function putManifest(
  repository: Repository,
  tagOrDigest: string,
  manifest: ManifestContent,
  options: ManifestOptions = {},
): Promise<PutManifestResult> {
  throw notYet(repository, tagOrDigest, manifest, options);
}

function notYet(...args: unknown[]): OciPushError {
  return new OciPushError("INTERNAL", `not yet: ${args.length}`, { terminal: true });
}
