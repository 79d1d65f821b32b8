/**
 * What happens during a copy, as it happens.
 *
 * @module
 */

import type { Digest } from "../oci/digest.ts";
import type { Plan } from "../plan/plan.ts";
import type { RegistryEvent } from "../registry/event.ts";

/** How a blob came to be at the destination. */
export type BlobOutcome = "transferred" | "mounted" | "existing" | "skipped";

/** Events of an engine: blobs, and the requests made for them. */
export type TransferEvent =
  /** A blob's journey begins. */
  | { type: "blob-started"; digest: Digest; size: number }
  /** It is not at the destination yet: its bytes are on their way. */
  | { type: "blob-opened"; digest: Digest }
  /** The destination has accepted that many bytes of a blob so far. */
  | { type: "blob-progress"; digest: Digest; accepted: number }
  /** A blob starts over after a failure that may pass. */
  | { type: "blob-retry"; digest: Digest; attempt: number; reason: string }
  /** A blob is there; `sent` is how many bytes that took. */
  | { type: "blob-done"; digest: Digest; size: number; outcome: BlobOutcome; sent: number }
  /** A worker broke; its blobs go to another. */
  | { type: "worker-lost"; reason: string }
  | RegistryEvent;

/** Events of a whole copy. */
export type CopyEvent =
  /** All is decided; nothing was written yet. */
  | { type: "planned"; plan: Plan }
  /** A manifest or index was written; the last one with the tag. */
  | { type: "manifest-done"; digest: Digest; mediaType: string; tag?: string }
  | TransferEvent;
