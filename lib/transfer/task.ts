/**
 * One blob to be moved, and what it takes.
 *
 * @module
 */

import type { Digest } from "../oci/digest.ts";
import type { RegistrySettings } from "../registry/connect.ts";

/** A blob that has to get to the destination. Plain data: it goes to a worker by postMessage. */
export interface BlobTask {
  /** Its digest. */
  digest: Digest;
  /** Its length in bytes. */
  size: number;
  /** The repository to mount from while the upload is opened; see `PlannedBlob.from`. */
  from?: string;
  /** Ask by HEAD before opening an upload. */
  check?: boolean;
  /** It is probably not there: the source is asked while the upload is opened. */
  eager?: boolean;
  /** Ask by HEAD while the upload is opened, to learn whether opening tells what is there. */
  probe?: boolean;
}

/** How blobs are moved. Plain data: every worker gets it once. */
export interface TransferSettings {
  /** Where blobs come from. */
  source: { settings: RegistrySettings; repository: string };
  /** Where they go. */
  destination: { settings: RegistrySettings; repository: string };
  /**
   * Who checks the bytes: the destination alone, which the specification makes do it, or this
   * program too, through which they then pass.
   */
  verify: "destination" | "client";
  /** Read the source by ranges of this many bytes, where it reads ahead of who takes them. */
  pieceSize?: number;
  /** Tries after the first, for a blob whose journey broke. */
  retries: number;
  /** Blobs longer than this go in chunks, in bytes. */
  chunkThreshold: number;
  /** The length of a chunk, in bytes. */
  chunkSize: number;
}
