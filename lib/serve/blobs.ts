/**
 * Pulling and deleting blobs.
 *
 * @module
 */

import { type Digest, isDigest } from "../oci/digest.ts";
import { parseBytesRange } from "../oci/http_range.ts";
import { refuse, refuseDigest, refuseMethod } from "./answers.ts";
import type { Call } from "./call.ts";

/**
 * Answers a request for a blob. Follows distribution-spec 1.1, end-2 and end-10.
 *
 * @param call The request.
 * @param digest The blob's digest, unchecked.
 * @returns The answer.
 */
export async function answerBlob(call: Call, digest: string): Promise<Response> {
  if (!isDigest(digest)) return refuseDigest(digest);
  switch (call.request.method) {
    case "GET":
    case "HEAD":
      return await sendBlob(call, digest);
    case "DELETE":
      return await call.repository.deleteBlob(digest)
        ? new Response(null, { status: 202 })
        : refuseBlob(digest);
    default:
      return refuseMethod(["GET", "HEAD", "DELETE"]);
  }
}

async function sendBlob({ request, repository }: Call, digest: Digest): Promise<Response> {
  const size = await repository.blobSize(digest);
  if (size === undefined) return refuseBlob(digest);
  const range = parseBytesRange(request.headers.get("range"), size);
  if (range === "unsatisfiable") {
    return refuse(416, {
      code: "SIZE_INVALID",
      message: "the blob has no such bytes",
      headers: { "content-range": `bytes */${size}` },
    });
  }
  const headers: Record<string, string> = {
    "accept-ranges": "bytes",
    "content-length": String(range ? range.end - range.start + 1 : size),
    "content-type": "application/octet-stream",
    "docker-content-digest": digest,
  };
  if (range) headers["content-range"] = `bytes ${range.start}-${range.end}/${size}`;
  const status = range ? 206 : 200;
  if (request.method === "HEAD") return new Response(null, { status, headers });
  const content = await repository.readBlob(digest, range);
  return content === undefined ? refuseBlob(digest) : new Response(content, { status, headers });
}

function refuseBlob(digest: Digest): Response {
  return refuse(404, {
    code: "BLOB_UNKNOWN",
    message: "the repository does not have this blob",
    details: [{ digest }],
  });
}
