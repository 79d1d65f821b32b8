/**
 * What a manifest names and a repository lacks.
 *
 * @module
 */

import type { Digest } from "../oci/digest.ts";
import { blobsOf, childrenOf, type Document } from "../oci/manifest.ts";
import { isNonDistributable } from "../oci/media_type.ts";
import type { RepositoryStorage } from "./storage.ts";

/**
 * Looks for the blobs and children of a document.
 *
 * Foreign layers may be elsewhere, and a subject may come later (distribution-spec 1.1, "Pushing
 * Manifests with Subject").
 *
 * @param repository Where they should be.
 * @param document The manifest or index.
 * @returns What is not there, each once, in the document's order.
 */
export async function findMissing(
  repository: RepositoryStorage,
  document: Document,
): Promise<Digest[]> {
  const missing = new Set<Digest>();
  for (const { digest, mediaType } of blobsOf(document)) {
    if (isNonDistributable(mediaType)) continue;
    if (await repository.blobSize(digest) === undefined) missing.add(digest);
  }
  for (const { digest } of childrenOf(document)) {
    if (!await repository.getManifest(digest)) missing.add(digest);
  }
  return [...missing];
}
