/**
 * Descriptors: the edges of the graph.
 *
 * @module
 */

import { type Digest, isDigest } from "./digest.ts";

/** Follows image-spec `image-index.md`; the fields that are shown or compared. */
export interface Platform {
  /** e.g. `amd64`. */
  architecture: string;
  /** e.g. `linux`. */
  os: string;
  /** e.g. `v8`. */
  variant?: string;
}

/** What a document says of a blob or another document. Follows image-spec `descriptor.md`. */
export interface Descriptor {
  /** The type of the content. */
  mediaType: string;
  /** Its digest. */
  digest: Digest;
  /** Its length in bytes. */
  size: number;
  /** Other places to get it from; foreign layers have them. */
  urls?: string[];
  /** Free annotations of this edge. */
  annotations?: Record<string, string>;
  /** What an entry of an index runs on. */
  platform?: Platform;
  /** The type of the artifact the descriptor points to. */
  artifactType?: string;
  /** True where the content itself stands in the descriptor, in base64. */
  hasData?: boolean;
}

/**
 * Reads a descriptor out of parsed JSON, refusing what cannot be trusted.
 *
 * @param value The JSON value.
 * @param path Where it stands, e.g. `layers[2]`, for the message.
 * @returns The descriptor, with the fields that oci-push uses.
 * @throws {TypeError} naming the path and what is wrong; the caller knows the document.
 */
export function parseDescriptor(value: unknown, path: string): Descriptor {
  if (!isRecord(value)) throw new TypeError(`${path} is not an object`);
  const { mediaType, digest, size, urls, annotations, platform, artifactType } = value;
  if (typeof mediaType !== "string" || mediaType === "") {
    throw new TypeError(`${path}.mediaType is missing`);
  }
  if (typeof digest !== "string" || !isDigest(digest)) {
    throw new TypeError(`${path}.digest is not a sha256 or sha512 digest`);
  }
  if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) {
    throw new TypeError(`${path}.size is ${JSON.stringify(size) ?? "missing"}, not a byte count`);
  }
  const descriptor: Descriptor = { mediaType, digest, size };
  if (Array.isArray(urls)) {
    descriptor.urls = urls.filter((url): url is string => typeof url === "string");
  }
  const texts = stringRecord(annotations);
  if (texts) descriptor.annotations = texts;
  if (
    isRecord(platform) && typeof platform.os === "string" &&
    typeof platform.architecture === "string"
  ) {
    const { os, architecture, variant } = platform;
    descriptor.platform = { os, architecture, ...(typeof variant === "string" && { variant }) };
  }
  if (typeof artifactType === "string") descriptor.artifactType = artifactType;
  if (typeof value.data === "string") descriptor.hasData = true;
  return descriptor;
}

/**
 * A platform as people write it.
 *
 * @param platform The platform of an index entry.
 * @returns e.g. `linux/arm64/v8`.
 */
export function formatPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, variant].filter((part) => part !== undefined && part !== "").join("/");
}

/**
 * Tells whether a JSON value is an object.
 *
 * @param value Any JSON value.
 * @returns True for objects, false for arrays and null.
 */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A JSON value as a map of texts, as annotations are.
 *
 * @param value Any JSON value.
 * @returns The entries whose values are texts; undefined when it is not an object.
 */
export function stringRecord(value: unknown): Record<string, string> | undefined {
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] =>
      typeof entry[1] === "string"
    ),
  );
}
