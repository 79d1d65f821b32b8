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

/** A blob, and what its place in a manifest tells. */
interface PlacedBlob extends Descriptor {
  /** Whether it is what a new version of an image has of its own. */
  isOwn: boolean;
}

/**
 * Decides what happens to one blob.
 *
 * @param blob The blob as its manifest describes it, and where it stands there.
 * @param facts What is known of the destination.
 * @returns The blob with its action.
 */
export function planBlob(blob: PlacedBlob, facts: BlobFacts): PlannedBlob {
  const { digest, size, mediaType, isOwn } = blob;
  const { atDestination, repository, mountFrom, asked, empty } = facts;
  const planned = { digest, size, mediaType };
  if (isNonDistributable(mediaType)) return { ...planned, action: "skip" };
  if (atDestination.has(digest)) return { ...planned, action: "exists" };
  if (mountFrom !== undefined) return { ...planned, action: "mount", from: mountFrom };
  if (asked) return { ...planned, action: "transfer", eager: true };
  const check = !empty && size >= CHECK_SIZE;
  return {
    ...planned,
    action: "transfer",
    ...(check ? { check } : { from: repository }),
    ...((empty || isOwn) && { eager: true }),
  };
}

/**
 * Decides what happens to all blobs.
 *
 * @param images The blobs of each manifest that is not at the destination, config first.
 * @param facts What is known of the destination.
 * @returns Every blob once, largest first: the largest decides how long the copy takes.
 */
export function planBlobs(images: Iterable<Descriptor[]>, facts: BlobFacts): PlannedBlob[] {
  const once = new Map<Digest, PlannedBlob>();
  for (const blobs of images) {
    for (const [i, blob] of blobs.entries()) {
      if (once.has(blob.digest)) continue;
      // A version that is new has a new config, and differs from the last one in its upper layers.
      const isOwn = i === 0 || i === blobs.length - 1;
      once.set(blob.digest, planBlob({ ...blob, isOwn }, facts));
    }
  }
  return [...once.values()].sort((a, b) => b.size - a.size);
}
