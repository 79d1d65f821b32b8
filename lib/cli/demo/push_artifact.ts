/**
 * Putting the demo's artifacts into the first registry, as a build would.
 *
 * @module
 */

import type { Digest } from "../../oci/digest.ts";
import { putManifest } from "../../registry/manifests.ts";
import type { RegistryConnection } from "../../registry/connect.ts";
import { postUpload, putUpload } from "../../registry/uploads.ts";
import type { DemoArtifact } from "./content.ts";

/**
 * Pushes an artifact.
 *
 * @param registry Where to.
 * @param artifact What.
 */
export async function pushArtifact(
  registry: RegistryConnection,
  artifact: DemoArtifact,
): Promise<void> {
  const { tag, blobs, manifests } = artifact;
  const repository = registry.repository(artifact.repository);
  for (const [digest, bytes] of blobs) {
    const opened = await postUpload(repository);
    if (opened.kind === "mounted") continue;
    await putUpload(repository, opened.upload, {
      digest: digest as Digest,
      body: bytes,
      size: bytes.length,
    });
  }
  for (const { digest, mediaType, bytes } of manifests) {
    const isRoot = digest === manifests.at(-1)!.digest;
    await putManifest(repository, isRoot ? tag : digest, { mediaType, bytes });
  }
}
