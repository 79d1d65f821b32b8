/**
 * The plan: everything a copy will do, decided beforehand, as plain data.
 *
 * @module
 */

import type { Platform } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";

/** What a copy will do. Survives `JSON.stringify` and a journey to another machine. */
export interface Plan {
  /** Grows by added fields only. */
  schemaVersion: 1;
  /** Where the artifact is. */
  source: PlannedSource;
  /** Where it shall be. */
  destination: PlannedDestination;
  /** For people; execution follows the actions alone. */
  mode: "unchanged" | "retag" | "copy";
  /** The digest that the destination's tag will name. */
  root: Digest;
  /** The media type of the root. */
  mediaType: string;
  /** Children before their parents, the root last. */
  manifests: PlannedManifest[];
  /** Every blob once, largest first. */
  blobs: PlannedBlob[];
  /** Sizes, in bytes. */
  size: PlannedSize;
  /** What the reader should know before going on. */
  warnings: Warning[];
}

/** The side that is read. */
export interface PlannedSource {
  /** As typed, without `oci://`. */
  text: string;
  /** Host and port, normalised. */
  registry: string;
  /** Path under the registry. */
  repository: string;
  /** What was asked for. */
  tagOrDigest: string;
  /** What it is. */
  digest: Digest;
  /** Whether Helm's credentials are meant. */
  helm: boolean;
}

/** The side that is written. */
export interface PlannedDestination {
  /** As typed, without `oci://`. */
  text: string;
  /** Host and port, normalised. */
  registry: string;
  /** Path under the registry. */
  repository: string;
  /** The tag that moves, as the last write. */
  tag: string;
  /** Whether Helm's credentials are meant. */
  helm: boolean;
  /** What the tag names now; absent where it is free or was not looked up. */
  previousDigest?: Digest;
  /** True where the registry said that it does not know the repository: nothing can be there. */
  empty?: boolean;
}

/** A manifest or index, and what happens to it. */
export interface PlannedManifest {
  /** The digest at the destination. */
  digest: Digest;
  /** Its media type. */
  mediaType: string;
  /** Its length in bytes. */
  size: number;
  /** The index that lists it (the first, where several do); null for the root. */
  parent: Digest | null;
  /** What it runs on, where its index says so. */
  platform?: Platform;
  /** The digest at the source; another one where annotations changed it. */
  sourceDigest: Digest;
  /** The exact bytes in base64; absent where nothing is written. */
  bytes?: string;
  /** Whether it is written or there already. */
  action: "put" | "exists";
}

/** A blob, and what happens to it. */
export interface PlannedBlob {
  /** Its digest. */
  digest: Digest;
  /** Its length in bytes. */
  size: number;
  /** Its media type, for people. */
  mediaType: string;
  /**
   * `exists`: nothing to do. `mount`: taken over from another repository of the registry, or
   * transferred where that is refused. `transfer`: streamed. `skip`: foreign, stays where it is.
   */
  action: "exists" | "mount" | "transfer" | "skip";
  /**
   * The repository named when the upload is opened: with a mount the source's; with a transfer the
   * destination's own, which turns the opening into the question whether the blob is there.
   */
  from?: string;
  /** Ask by HEAD before opening an upload: too big to be sent twice for nothing. */
  check?: boolean;
  /** It is probably not there: ask the source for it at the same time as the destination. */
  eager?: boolean;
}

/** Sizes of a plan, in bytes. */
export interface PlannedSize {
  /** Config and layers of every image, a shared layer counted in each; null within one repository. */
  artifact: number | null;
  /** The most that may be copied; null for no limit. */
  limit: number | null;
  /** The most that will be sent: blobs to transfer or to mount. */
  transfer: number;
}

/** Something that is not wrong, but should not go unsaid. */
export interface Warning {
  /** Stable, for scripts. */
  code: WarningCode;
  /** For people. */
  message: string;
}

/** What warnings there are; codes are only ever added. */
export type WarningCode =
  | "TAG_MOVED"
  | "FOREIGN_LAYERS"
  | "INDEX_ANNOTATIONS_UNUSED"
  | "DOCKER_ANNOTATIONS"
  | "SIGNATURES_NOT_COPIED";
