/**
 * Manifests and indexes: the nodes of the graph, read from their exact bytes.
 *
 * @module
 */

import { type Descriptor, isRecord, parseDescriptor, stringRecord } from "./descriptor.ts";
import type { Digest } from "./digest.ts";
import { OciPushError } from "./error.ts";
import {
  DOCKER_LIST,
  DOCKER_MANIFEST,
  documentKind,
  isNonDistributable,
  OCI_INDEX,
  OCI_MANIFEST,
} from "./media_type.ts";

/** The longest manifest that is read: what distribution-spec 1.1 tells registries to take at least. */
export const MAX_MANIFEST_SIZE: number = 4 * 1024 * 1024;

/** What every document has. */
export interface DocumentBase {
  /** Its media type, from the document itself or, where it does not say, from the answer. */
  mediaType: string;
  /** What kind of artifact this is, where the document says so. */
  artifactType?: string;
  /** The manifest that this one refers to (signatures, SBOMs). */
  subject?: Descriptor;
  /** The document's own annotations. */
  annotations?: Record<string, string>;
}

/** An OCI image manifest or a Docker schema 2 manifest. */
export interface ManifestDocument extends DocumentBase {
  /** Tells it from an index. */
  kind: "manifest";
  /** The config blob. */
  config: Descriptor;
  /** The layers, in order. */
  layers: Descriptor[];
}

/** An OCI image index or a Docker manifest list. */
export interface IndexDocument extends DocumentBase {
  /** Tells it from a manifest. */
  kind: "index";
  /** What it lists: manifests, or more indexes. */
  manifests: Descriptor[];
}

/** A node of the graph. */
export type Document = ManifestDocument | IndexDocument;

/** Options of {@linkcode parseDocument}. */
export interface ParseDocumentOptions {
  /** The Content-Type of the answer, or the media type of the descriptor that led here. */
  mediaType?: string;
  /** What the document is called in an error, e.g. the reference. */
  name: string;
}

/**
 * Reads a manifest or an index; its bytes stay the caller's.
 *
 * Follows image-spec 1.1 `manifest.md` and `image-index.md`, and Docker's schema 2. A document that
 * claims to be both kinds is refused, since readers would disagree about what it holds.
 *
 * @example
 * ```ts
 * const bytes = new TextEncoder().encode('{"schemaVersion":2,"manifests":[]}');
 * console.assert(parseDocument(bytes, { name: "app:v1" }).kind === "index");
 * ```
 * @param bytes The document as the registry sent it.
 * @param options Its name and the media type it came with.
 * @returns What it lists, as descriptors.
 * @throws {OciPushError} `UNSUPPORTED_MEDIA_TYPE` for another type, schema 1 included;
 * `MANIFEST_INVALID` for what is no JSON or breaks the specification.
 */
export function parseDocument(bytes: Uint8Array, options: ParseDocumentOptions): Document {
  const { name } = options;
  const value = parseJson(bytes, options);
  if (!isRecord(value)) throw invalid(name, "it is not a JSON object");
  const mediaType = decideMediaType(value, options);
  const kind = documentKind(mediaType);
  if (kind === undefined) throw unsupported(name, mediaType);
  try {
    const base = readBase(value, mediaType);
    if (kind === "index") {
      return { ...base, kind, manifests: descriptors(value.manifests, "manifests") };
    }
    return {
      ...base,
      kind,
      config: parseDescriptor(value.config, "config"),
      layers: descriptors(value.layers, "layers"),
    };
  } catch (cause) {
    if (cause instanceof TypeError) throw invalid(name, cause.message, cause);
    throw cause;
  }
}

/**
 * The documents right below one.
 *
 * @param document A node of the graph.
 * @returns An index's entries; nothing for a manifest.
 */
export function childrenOf(document: Document): Descriptor[] {
  return document.kind === "index" ? document.manifests : [];
}

/**
 * The blobs right below a document, in order and with repetitions.
 *
 * @param document A node of the graph.
 * @returns A manifest's config and layers; nothing for an index.
 */
export function blobsOf(document: Document): Descriptor[] {
  return document.kind === "manifest" ? [document.config, ...document.layers] : [];
}

/**
 * The bytes that a document's own blobs count for against a size limit.
 *
 * Foreign layers are left out: they are not copied.
 *
 * @param document A node of the graph.
 * @returns Config and layers of a manifest, in bytes; 0 for an index.
 */
export function artifactSize(document: Document): number {
  return blobsOf(document)
    .filter(({ mediaType }) => !isNonDistributable(mediaType))
    .reduce((sum, { size }) => sum + size, 0);
}

/**
 * Tells whether an index entry is a BuildKit attestation about another entry, not an image.
 *
 * @param entry An entry of an index.
 * @returns The digest of the image that it is about, or undefined.
 */
export function attestedDigest(entry: Descriptor): Digest | undefined {
  const { annotations } = entry;
  return annotations?.["vnd.docker.reference.type"] === "attestation-manifest"
    ? annotations["vnd.docker.reference.digest"] as Digest | undefined
    : undefined;
}

function parseJson(bytes: Uint8Array, { name, mediaType }: ParseDocumentOptions): unknown {
  // Said before the JSON is looked at: a schema 1 manifest is signed text, not always JSON alone.
  if (mediaType?.startsWith("application/vnd.docker.distribution.manifest.v1")) {
    throw unsupported(name, mediaType);
  }
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw invalid(name, "it is not JSON", cause);
  }
}

function decideMediaType(value: Record<string, unknown>, options: ParseDocumentOptions): string {
  const { name, mediaType: received = "" } = options;
  const stated = typeof value.mediaType === "string" ? value.mediaType : "";
  const looksLikeIndex = Array.isArray(value.manifests);
  const looksLikeManifest = "config" in value || "layers" in value;
  if (looksLikeIndex && looksLikeManifest) {
    throw invalid(name, "it has manifests and layers, so it is two things at once");
  }
  if (value.schemaVersion === 1 || "fsLayers" in value) {
    throw unsupported(name, "application/vnd.docker.distribution.manifest.v1+json");
  }
  if (stated && documentKind(received) && stated !== received) {
    throw invalid(name, `it says it is ${stated}, the registry says ${received}`);
  }
  // A proxy that serves manifests as octet-stream or plain JSON says nothing about the type.
  const claimed = stated || (/\/(json|octet-stream)$|^text\/|^$/.test(received) ? "" : received);
  const kind = documentKind(claimed);
  if (kind === "index" && looksLikeManifest || kind === "manifest" && looksLikeIndex) {
    throw invalid(name, `it says it is ${claimed}, which its fields are not`);
  }
  if (claimed) return claimed;
  if (looksLikeIndex) return OCI_INDEX;
  if (looksLikeManifest) return OCI_MANIFEST;
  throw invalid(name, "it lists neither manifests nor layers");
}

function readBase(value: Record<string, unknown>, mediaType: string): DocumentBase {
  const base: DocumentBase = { mediaType };
  if (typeof value.artifactType === "string") base.artifactType = value.artifactType;
  if (value.subject !== undefined && value.subject !== null) {
    base.subject = parseDescriptor(value.subject, "subject");
  }
  const annotations = stringRecord(value.annotations);
  if (annotations) base.annotations = annotations;
  return base;
}

function descriptors(value: unknown, path: string): Descriptor[] {
  // Some builders write null for an empty list (buildkit did); it means the same.
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw new TypeError(`${path} is not a list`);
  return value.map((item, i) => parseDescriptor(item, `${path}[${i}]`));
}

function invalid(name: string, problem: string, cause?: unknown): OciPushError {
  return new OciPushError("MANIFEST_INVALID", `cannot use manifest ${name}: ${problem}`, {
    terminal: true,
  }, cause);
}

function unsupported(name: string, mediaType: string): OciPushError {
  return new OciPushError(
    "UNSUPPORTED_MEDIA_TYPE",
    `cannot copy ${name}: its media type is ${mediaType || "not given"}`,
    {
      terminal: true,
      hint: mediaType.includes("manifest.v1")
        ? "schema 1 images have to be built or pushed again with a current tool"
        : `these are copied: ${[OCI_MANIFEST, OCI_INDEX, DOCKER_MANIFEST, DOCKER_LIST].join(", ")}`,
    },
  );
}
