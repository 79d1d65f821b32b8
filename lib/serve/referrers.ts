/**
 * Listing what refers to a manifest.
 *
 * @module
 */

import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, isDigest } from "../oci/digest.ts";
import type { Endpoint } from "../oci/endpoint.ts";
import { parseDocument } from "../oci/manifest.ts";
import { essence, OCI_INDEX } from "../oci/media_type.ts";
import { answerJson, refuseDigest, refuseMethod } from "./answers.ts";
import type { Call } from "./call.ts";
import type { RepositoryStorage } from "./storage.ts";

/**
 * Lists the referrers of a manifest, there or not. Follows distribution-spec 1.1, end-12a and
 * end-12b.
 *
 * @param call The request.
 * @param endpoint Whose referrers, and of which type.
 * @returns The answer: an image index.
 */
export async function answerReferrers(
  { request, repository }: Call,
  endpoint: Extract<Endpoint, { kind: "referrers" }>,
): Promise<Response> {
  const { digest: subject, artifactType } = endpoint;
  if (request.method !== "GET" && request.method !== "HEAD") return refuseMethod(["GET", "HEAD"]);
  if (!isDigest(subject)) return refuseDigest(subject);
  const manifests: Descriptor[] = [];
  for (const digest of await repository.listReferrers(subject)) {
    const descriptor = await describe(repository, digest);
    if (!descriptor) continue;
    if (artifactType === undefined || descriptor.artifactType === artifactType) {
      manifests.push(descriptor);
    }
  }
  return answerJson({ schemaVersion: 2, mediaType: OCI_INDEX, manifests }, {
    "content-type": OCI_INDEX,
    ...(artifactType === undefined ? {} : { "oci-filters-applied": "artifactType" }),
  });
}

async function describe(
  repository: RepositoryStorage,
  digest: Digest,
): Promise<Descriptor | undefined> {
  const manifest = await repository.getManifest(digest);
  if (!manifest) return undefined;
  const { bytes } = manifest;
  const mediaType = essence(manifest.mediaType);
  const document = parseDocument(bytes, { name: digest, mediaType });
  // The specification: without an artifactType of its own, a manifest has its config's type.
  const config = document.kind === "manifest" ? document.config.mediaType : undefined;
  const artifactType = document.artifactType ?? config;
  return {
    mediaType,
    digest,
    size: bytes.length,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(document.annotations && { annotations: document.annotations }),
  };
}
