/**
 * Pushing blobs: uploads from their opening to their end, and mounts.
 *
 * @module
 */

import { type Digest, isDigest } from "../oci/digest.ts";
import { type Endpoint, formatEndpoint } from "../oci/endpoint.ts";
import { formatUploadRange, parseUploadRange } from "../oci/http_range.ts";
import { isRepositoryPath } from "../oci/reference.ts";
import { refuse, refuseDigest, refuseMethod } from "./answers.ts";
import type { Call } from "./call.ts";
import { isUploadId } from "./storage.ts";

/**
 * Opens an upload, takes a whole blob, or mounts one. Follows distribution-spec 1.1, end-4a,
 * end-4b and end-11.
 *
 * @param call The request.
 * @param endpoint What its URL asks for.
 * @returns The answer.
 */
export async function answerUploads(
  call: Call,
  endpoint: Extract<Endpoint, { kind: "uploads" }>,
): Promise<Response> {
  const { request, repository, uploads } = call;
  const { digest, mount } = endpoint;
  if (request.method !== "POST") return refuseMethod(["POST"]);
  if (mount !== undefined && !isDigest(mount)) return refuseDigest(mount);
  if (digest !== undefined && !isDigest(digest)) return refuseDigest(digest);
  if (mount !== undefined && await mountBlob(call, mount, endpoint.from)) {
    return answerCreated(call, mount);
  }
  const id = await repository.createUpload();
  if (digest === undefined) return answerUpload(call, { id, size: 0, status: 202 });
  try {
    return await finish(call, id, digest);
  } finally {
    // Nobody else knows its id; after a commit there is nothing left to delete.
    uploads.forget(id);
    await repository.deleteUpload(id);
  }
}

/**
 * Takes a chunk, ends, shows or cancels an upload. Follows distribution-spec 1.1, end-5, end-6,
 * end-13 and end-14.
 *
 * @param call The request.
 * @param endpoint What its URL asks for.
 * @returns The answer.
 */
export async function answerOneUpload(
  call: Call,
  endpoint: Extract<Endpoint, { kind: "upload" }>,
): Promise<Response> {
  const { request, repository, uploads, exclusive } = call;
  const { id, digest } = endpoint;
  if (!isUploadId(id)) return refuseUpload(id);
  switch (request.method) {
    case "GET":
    case "HEAD": {
      const size = await repository.uploadSize(id);
      return size === undefined ? refuseUpload(id) : answerUpload(call, { id, size, status: 204 });
    }
    case "PATCH":
      return await exclusive(id, () => append(call, id));
    case "PUT":
      if (digest === undefined || !isDigest(digest)) return refuseDigest(digest ?? "");
      return await exclusive(id, () => finish(call, id, digest));
    case "DELETE":
      return await exclusive(id, async () => {
        uploads.forget(id);
        return await repository.deleteUpload(id)
          ? new Response(null, { status: 204 })
          : refuseUpload(id);
      });
    default:
      return refuseMethod(["GET", "HEAD", "PATCH", "PUT", "DELETE"]);
  }
}

/** Without `from`, only a registry without rules looks everywhere: a digest is no permission. */
async function mountBlob(
  { repository, name, visitor }: Call,
  digest: Digest,
  from: string | undefined,
): Promise<boolean> {
  if (from === undefined) return !visitor.isConfined && await repository.mountBlob(digest);
  if (!isRepositoryPath(from)) return false;
  // The specification leaves this case open; docker-registry answers whether the blob is there.
  if (from === name) return await repository.blobSize(digest) !== undefined;
  return visitor.may(from, "pull") && await repository.mountBlob(digest, from);
}

async function append(call: Call, id: string): Promise<Response> {
  const refusal = await receive(call, { id });
  if (refusal) return refusal;
  const size = await call.repository.uploadSize(id) ?? 0;
  return answerUpload(call, { id, size, status: 202 });
}

async function finish(call: Call, id: string, digest: Digest): Promise<Response> {
  const { repository, uploads } = call;
  const refusal = await receive(call, { id, expected: digest });
  if (refusal) return refusal;
  const got = await uploads.digest({ repository, id }, digest);
  if (got !== digest) {
    await repository.deleteUpload(id);
    return refuse(400, {
      code: "DIGEST_INVALID",
      message: "the bytes do not have this digest",
      details: [{ digest, got }],
    });
  }
  await repository.commitUpload(id, digest);
  return answerCreated(call, digest);
}

async function receive(
  call: Call,
  options: { id: string; expected?: Digest },
): Promise<Response | undefined> {
  const { request, repository, uploads } = call;
  const { id, expected } = options;
  const size = await repository.uploadSize(id);
  if (size === undefined) return refuseUpload(id);
  const header = request.headers.get("content-range");
  const range = parseUploadRange(header);
  const length = range ? range.end - range.start + 1 : undefined;
  if (header !== null && range?.start !== size) {
    return refuse(416, {
      code: "BLOB_UPLOAD_INVALID",
      message: `the next byte of this upload is ${size}`,
      headers: uploadHeaders(call, { id, size }),
    });
  }
  const received = await uploads.receive({ repository, id }, { stream: request.body, expected });
  if (length === undefined || received === length) return undefined;
  return refuse(400, {
    code: "SIZE_INVALID",
    message: `the chunk has ${received} bytes, its Content-Range says ${length}`,
  });
}

function answerUpload(
  call: Call,
  options: { id: string; size: number; status: 202 | 204 },
): Response {
  const { status } = options;
  return new Response(null, { status, headers: uploadHeaders(call, options) });
}

function uploadHeaders(
  { name }: Call,
  { id, size }: { id: string; size: number },
): Record<string, string> {
  return {
    "docker-upload-uuid": id,
    location: formatEndpoint({ kind: "upload", name, id }),
    // Empty uploads cannot be told from those of one byte: every registry says 0-0.
    range: formatUploadRange({ start: 0, end: Math.max(0, size - 1) }),
  };
}

function answerCreated({ name }: Call, digest: Digest): Response {
  return new Response(null, {
    status: 201,
    headers: {
      "docker-content-digest": digest,
      location: formatEndpoint({ kind: "blob", name, digest }),
    },
  });
}

function refuseUpload(id: string): Response {
  return refuse(404, {
    code: "BLOB_UPLOAD_UNKNOWN",
    message: "the repository has no such upload",
    details: [{ id }],
  });
}
