/**
 * What the embedded registry keeps, as an interface: the handler decides, a storage remembers.
 *
 * @module
 */

import { type Digest, isDigest } from "../oci/digest.ts";
import type { ByteRange } from "../oci/http_range.ts";
import { isRepositoryPath, isTag } from "../oci/reference.ts";

/** Where a registry keeps its content. */
export interface Storage {
  /**
   * One repository, there or not: it begins with its first upload or manifest.
   *
   * @throws {RangeError} for a name that no repository can have.
   */
  repository(name: string): RepositoryStorage;
}

/**
 * The content of one repository.
 *
 * Blobs are kept once however many repositories have them, but each repository sees only its own.
 * Digests are trusted to be those of the bytes, and names to be of the right form: the handler has
 * seen to both. A storage that makes paths of names checks them again with {@linkcode assertName}.
 */
export interface RepositoryStorage {
  /** The length of a blob in bytes; undefined when it is not here. */
  blobSize(digest: Digest): Promise<number | undefined>;
  /** A blob's bytes, or those of a range within it; undefined when it is not here. */
  readBlob(digest: Digest, range?: ByteRange): Promise<BlobContent | undefined>;
  /** Makes a blob of another repository, or of whichever has it, one of this; false if none has. */
  mountBlob(digest: Digest, from?: string): Promise<boolean>;
  /** Takes a blob out of this repository; false when it was not here. */
  deleteBlob(digest: Digest): Promise<boolean>;

  /** Opens an upload and says its id. */
  createUpload(): Promise<string>;
  /** How many bytes an upload has; undefined when there is none of that id. */
  uploadSize(id: string): Promise<number | undefined>;
  /**
   * Adds bytes to an upload as they come, each chunk good until the next is asked for. When they
   * end in an error, those before it stay.
   */
  appendUpload(id: string, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** What an upload has so far. */
  readUpload(id: string): Promise<BlobContent>;
  /** Makes an upload a blob of that digest, and ends the upload. */
  commitUpload(id: string, digest: Digest): Promise<void>;
  /** Forgets an upload; false when there was none. */
  deleteUpload(id: string): Promise<boolean>;

  /** A manifest with its media type; undefined when it is not here. */
  getManifest(digest: Digest): Promise<StoredManifest | undefined>;
  /** Keeps a manifest. */
  putManifest(digest: Digest, manifest: StoredManifest): Promise<void>;
  /** Takes a manifest out, and the tags that name it; false when it was not here. */
  deleteManifest(digest: Digest): Promise<boolean>;
  /** The manifests here whose subject that one is, in the order of their digests. */
  listReferrers(subject: Digest): Promise<Digest[]>;

  /** What a tag names; undefined when there is none. */
  getTag(tag: string): Promise<Digest | undefined>;
  /** Makes a tag name a manifest. */
  putTag(tag: string, digest: Digest): Promise<void>;
  /** Takes a tag away; false when there was none. */
  deleteTag(tag: string): Promise<boolean>;
  /** All tags in the order of their characters; undefined when no manifest was ever put here. */
  listTags(): Promise<string[] | undefined>;
}

/** Bytes on their way to an answer; an untouched file stream does not enter JavaScript. */
export type BlobContent = ReadableStream<Uint8Array<ArrayBuffer>> | Uint8Array<ArrayBuffer>;

/** A manifest as it was sent. */
export interface StoredManifest {
  /** The Content-Type it came with. */
  mediaType: string;
  /** Its exact bytes. */
  bytes: Uint8Array<ArrayBuffer>;
  /** The manifest it refers to, if it does. */
  subject?: Digest;
}

/** The kinds of names that keys and paths are made of. */
export type NameKind = "repository" | "digest" | "tag" | "upload";

const CHECKS: Record<NameKind, (text: string) => boolean> = {
  repository: isRepositoryPath,
  digest: isDigest,
  tag: isTag,
  upload: isUploadId,
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Tells whether a text can be the id of an upload.
 *
 * @param text e.g. the last part of a path.
 * @returns True for a UUID in lower case, as storages give them out.
 */
export function isUploadId(text: string): boolean {
  return UUID.test(text);
}

/**
 * Checks a name before it becomes part of a path.
 *
 * @param kind What the text is to be.
 * @param text The text.
 * @throws {RangeError} for a text that is no such thing.
 */
export function assertName(kind: NameKind, text: string): void {
  if (!CHECKS[kind](text)) throw new RangeError(`not a ${kind}: ${JSON.stringify(text)}`);
}
