/**
 * What happens to each blob: pure, from facts.
 *
 * @module
 */

import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { isNonDistributable } from "../oci/media_type.ts";
import type { PlannedBlob } from "./plan.ts";

/**
 * From this size on a blob is asked for by HEAD before it is opened for upload, as long as it is
 * not certain that the destination answers a mount from itself: sending it twice would cost more.
 */
export const CHECK_SIZE: number = 16 * 1024 * 1024;

/** What is known of the destination when blobs are planned. */
export interface BlobFacts {
  /** Blobs that are there for certain. */
  atDestination: ReadonlySet<Digest>;
  /** The destination's own repository. */
  repository: string;
  /** A repository of the same registry that has the blobs. */
  mountFrom?: string;
  /** True where every blob not in `atDestination` was asked for and is not there. */
  asked: boolean;
  /** True where the destination does not know the repository. */
  empty: boolean;
}

/**
 * Decides what happens to one blob.
 *
 * @param blob The blob as its manifest describes it.
 * @param facts What is known of the destination.
 * @returns The blob with its action.
 */
export function planBlob(blob: Descriptor, facts: BlobFacts): PlannedBlob {
  const { digest, size, mediaType } = blob;
  const { atDestination, repository, mountFrom, asked, empty } = facts;
  const planned = { digest, size, mediaType };
  if (isNonDistributable(mediaType)) return { ...planned, action: "skip" };
  if (atDestination.has(digest)) return { ...planned, action: "exists" };
  if (mountFrom !== undefined) return { ...planned, action: "mount", from: mountFrom };
  if (asked) return { ...planned, action: "transfer" };
  const check = !empty && size >= CHECK_SIZE;
  return check
    ? { ...planned, action: "transfer", check }
    : { ...planned, action: "transfer", from: repository };
}

/**
 * Decides what happens to all blobs.
 *
 * @param blobs The blobs of all manifests, repeated where they are shared.
 * @param facts What is known of the destination.
 * @returns Every blob once, largest first: the largest decides how long the copy takes.
 */
export function planBlobs(blobs: Iterable<Descriptor>, facts: BlobFacts): PlannedBlob[] {
  const once = new Map<Digest, PlannedBlob>();
  for (const blob of blobs) {
    if (!once.has(blob.digest)) once.set(blob.digest, planBlob(blob, facts));
  }
  return [...once.values()].sort((a, b) => b.size - a.size);
}
