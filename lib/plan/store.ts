/**
 * What the planner asks of the two ends of a copy. A registry is the first thing that answers; an
 * image layout in a folder would be another.
 *
 * @module
 */

import type { Digest } from "../oci/digest.ts";
import type { FetchedManifest } from "../registry/manifests.ts";

/** Options of every question. */
export interface StoreOptions {
  /** Ends the question: it then throws `signal.reason`. */
  signal?: AbortSignal | null;
}

/** Where an artifact is read from. */
export interface Source {
  /** The document that a tag or digest names; throws what explains itself where there is none. */
  getManifest(tagOrDigest: string, options?: StoreOptions): Promise<FetchedManifest>;
  /** The digest that a tag names now, if it names one. */
  resolve(tag: string, options?: StoreOptions): Promise<Digest | undefined>;
  /** Whether the artifact has referrers: signatures, SBOMs, attestations kept outside of it. */
  hasReferrers(digest: Digest, options?: StoreOptions): Promise<boolean>;
}

/** Where an artifact is written to; a plan only asks. */
export interface Destination {
  /** The digest that a tag or digest names now, if it names one. */
  resolve(tagOrDigest: string, options?: StoreOptions): Promise<Digest | undefined>;
  /** Whether a blob is there. */
  hasBlob(digest: Digest, options?: StoreOptions): Promise<boolean>;
  /** True only when it is certain that there is nothing yet. */
  isEmpty(options?: StoreOptions): Promise<boolean>;
}
