/**
 * Looking at the copy with fresh eyes: every document and every blob is read again and hashed.
 *
 * @module
 */

import type { Digest } from "../../oci/digest.ts";
import { OciPushError } from "../../oci/error.ts";
import { blobsOf, childrenOf, parseDocument } from "../../oci/manifest.ts";
import { getBlob } from "../../registry/blobs.ts";
import { getManifest } from "../../registry/manifests.ts";
import type { Repository } from "../../registry/repository.ts";
import { createDigester } from "../../transfer/digester.ts";

/**
 * Reads everything under a name and checks every digest.
 *
 * @param repository Where it is.
 * @param tagOrDigest Its name.
 * @returns How many digests were checked.
 * @throws {OciPushError} `DIGEST_MISMATCH` where one is wrong.
 */
export async function verifyCopy(repository: Repository, tagOrDigest: string): Promise<number> {
  const { bytes, mediaType } = await getManifest(repository, tagOrDigest); // checks its digest
  const document = parseDocument(bytes, { mediaType, name: tagOrDigest });
  let checked = 1;
  for (const { digest } of childrenOf(document)) checked += await verifyCopy(repository, digest);
  for (const { digest } of blobsOf(document)) {
    await verifyBlob(repository, digest);
    checked++;
  }
  return checked;
}

async function verifyBlob(repository: Repository, digest: Digest): Promise<void> {
  const digester = await createDigester(digest);
  for await (const bytes of (await getBlob(repository, digest)).body) digester.update(bytes);
  if (digester.digest() === digest) return;
  throw new OciPushError("DIGEST_MISMATCH", `cannot trust blob ${digest}: its bytes are others`, {
    terminal: true,
    digest,
  });
}
