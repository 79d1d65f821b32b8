/**
 * Media types, and which of the two kinds of document each one names.
 *
 * @module
 */

/** OCI image manifest; artifacts are manifests of this type with an `artifactType`. */
export const OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
/** OCI image index. */
export const OCI_INDEX = "application/vnd.oci.image.index.v1+json";
/** Docker image manifest, version 2 schema 2. */
export const DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
/** Docker manifest list. */
export const DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json";
/** The config of an artifact that has none: the two bytes `{}`. */
export const OCI_EMPTY = "application/vnd.oci.empty.v1+json";

/** What a client that takes any artifact sends as `Accept` for a manifest. */
export const MANIFEST_ACCEPT: string = [OCI_INDEX, OCI_MANIFEST, DOCKER_LIST, DOCKER_MANIFEST]
  .join(", ");

/** An index lists manifests; a manifest lists a config and layers. */
export type DocumentKind = "manifest" | "index";

/**
 * Which kind of document a media type names.
 *
 * @param mediaType A media type without parameters.
 * @returns The kind, or undefined for a type that oci-push does not copy.
 */
export function documentKind(mediaType: string): DocumentKind | undefined {
  switch (mediaType) {
    case OCI_MANIFEST:
    case DOCKER_MANIFEST:
      return "manifest";
    case OCI_INDEX:
    case DOCKER_LIST:
      return "index";
  }
}

/**
 * Tells whether a layer must not be uploaded: it stays where its `urls` say.
 *
 * Follows image-spec `layer.md`, "Non-Distributable Layers", and Docker's foreign layers.
 *
 * @param mediaType The layer's media type.
 * @returns True for foreign and non-distributable layers.
 */
export function isNonDistributable(mediaType: string): boolean {
  return mediaType.startsWith("application/vnd.oci.image.layer.nondistributable.") ||
    mediaType.startsWith("application/vnd.docker.image.rootfs.foreign.");
}

/**
 * The media type of a Content-Type header, without parameters and in lower case.
 *
 * @param header The header's value, if there was one.
 * @returns e.g. `application/json`, or an empty text.
 */
export function essence(header: string | null): string {
  return (header ?? "").split(";", 1)[0]!.trim().toLowerCase();
}
