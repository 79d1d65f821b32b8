/**
 * Sending a blob through this program, which hashes it on the way.
 *
 * @module
 */

import { patchUpload, putUpload, type Upload } from "../registry/uploads.ts";
import { sourceCorrupt } from "./blame.ts";
import { createDigester } from "./digester.ts";
import { dropBody, type OpenedBlob } from "./open_blob.ts";
import type { BlobTask } from "./task.ts";
import type { Sides } from "./sides.ts";

/**
 * Sends a blob as one chunk of unknown length and commits it only if the digest is right.
 *
 * A stream made in JavaScript goes out `Transfer-Encoding: chunked`, which some registries refuse
 * on a PUT; on the PATCH it is what `docker push` does.
 *
 * @param task The blob.
 * @param options The two ends, the open upload, the open source.
 * @throws {OciPushError} `SOURCE_CORRUPT` before the destination is asked to keep anything.
 */
export async function sendVerified(
  task: BlobTask,
  options: { sides: Sides; upload: Upload; blob: OpenedBlob; signal: AbortSignal | null },
): Promise<void> {
  const { digest, size } = task;
  const { sides, blob, signal } = options;
  const digester = await createDigester(digest);
  const hashing = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(bytes, controller) {
      digester.update(bytes);
      controller.enqueue(bytes);
    },
  });
  const body = blob.body.pipeThrough(hashing);
  const { upload } = await patchUpload(sides.destination, options.upload, {
    body,
    start: 0,
    size,
    signal,
  }).finally(() => dropBody(body));
  const got = digester.digest();
  if (got !== digest) {
    throw sourceCorrupt({ digest, got, sides, did: "hashed on the way, nothing was committed" });
  }
  await putUpload(sides.destination, upload, { digest, size: 0, signal });
}
