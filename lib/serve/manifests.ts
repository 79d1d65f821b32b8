/**
 * Pulling, pushing and deleting manifests.
 *
 * @module
 */

import { type Digest, digestAlgorithm, digestOf, isDigest } from "../oci/digest.ts";
import { formatEndpoint } from "../oci/endpoint.ts";
import { OciPushError } from "../oci/error.ts";
import { type Document, MAX_MANIFEST_SIZE, parseDocument } from "../oci/manifest.ts";
import { essence } from "../oci/media_type.ts";
import { isTag } from "../oci/reference.ts";
import { refuse, refuseDigest, refuseMethod } from "./answers.ts";
import type { Call } from "./call.ts";
import { findMissing } from "./find_missing.ts";
import { readAtMost } from "./read_at_most.ts";

/**
 * Answers a request for a manifest. Follows distribution-spec 1.1, end-3, end-7 and end-9.
 *
 * @param call The request.
 * @param tagOrDigest Which one, unchecked.
 * @returns The answer.
 */
export async function answerManifest(call: Call, tagOrDigest: string): Promise<Response> {
  if (!isTag(tagOrDigest) && !isDigest(tagOrDigest)) {
    return tagOrDigest.includes(":") ? refuseDigest(tagOrDigest) : refuse(400, {
      code: "MANIFEST_INVALID",
      message: "neither a tag nor a digest",
      details: [{ tag: tagOrDigest }],
    });
  }
  switch (call.request.method) {
    case "GET":
    case "HEAD":
      return await sendManifest(call, tagOrDigest);
    case "PUT":
      return await takeManifest(call, tagOrDigest);
    case "DELETE":
      return await deleteManifest(call, tagOrDigest);
    default:
      return refuseMethod(["GET", "HEAD", "PUT", "DELETE"]);
  }
}

async function sendManifest(call: Call, tagOrDigest: string): Promise<Response> {
  const { request, repository } = call;
  const digest = isDigest(tagOrDigest) ? tagOrDigest : await repository.getTag(tagOrDigest);
  const manifest = digest && await repository.getManifest(digest);
  if (!digest || !manifest) return refuseManifest(tagOrDigest);
  const { bytes, mediaType } = manifest;
  return new Response(request.method === "HEAD" ? null : bytes, {
    headers: {
      "content-length": String(bytes.length),
      "content-type": mediaType,
      "docker-content-digest": digest,
    },
  });
}

async function takeManifest(call: Call, tagOrDigest: string): Promise<Response> {
  const { request, repository, name, url } = call;
  const tags = isDigest(tagOrDigest) ? url.searchParams.getAll("tag") : [tagOrDigest];
  if (!tags.every(isTag)) {
    return refuse(400, { code: "MANIFEST_INVALID", message: "a tag parameter is not a tag" });
  }
  const bytes = await readAtMost(request.body, MAX_MANIFEST_SIZE);
  if (!bytes) {
    return refuse(413, {
      code: "SIZE_INVALID",
      message: `a manifest has at most ${MAX_MANIFEST_SIZE} bytes`,
    });
  }
  const algorithm = isDigest(tagOrDigest) ? digestAlgorithm(tagOrDigest) : "sha256";
  const digest = await digestOf(bytes, algorithm);
  if (isDigest(tagOrDigest) && digest !== tagOrDigest) {
    return refuse(400, {
      code: "DIGEST_INVALID",
      message: "the manifest does not have this digest",
      details: [{ digest: tagOrDigest, got: digest }],
    });
  }
  const contentType = request.headers.get("content-type");
  const document = readDocument(bytes, { name, mediaType: essence(contentType) });
  if (document instanceof Response) return document;
  const missing = await findMissing(repository, document);
  if (missing.length > 0) {
    return refuse(400, {
      code: "MANIFEST_BLOB_UNKNOWN",
      message: "the manifest names content that the repository does not have",
      details: missing.map((digest) => ({ digest })),
    });
  }
  const subject = document.subject?.digest;
  await repository.putManifest(digest, {
    mediaType: contentType ?? document.mediaType,
    bytes,
    ...(subject && { subject }),
  });
  for (const tag of tags) await repository.putTag(tag, digest);
  return answerTaken(call, { digest, subject, tags, tagOrDigest });
}

function readDocument(
  bytes: Uint8Array,
  options: { name: string; mediaType: string },
): Document | Response {
  try {
    return parseDocument(bytes, options);
  } catch (cause) {
    if (!(cause instanceof OciPushError)) throw cause;
    const problem = cause.message.slice(cause.message.indexOf(": ") + 2);
    return refuse(400, { code: "MANIFEST_INVALID", message: problem });
  }
}

async function deleteManifest({ repository }: Call, tagOrDigest: string): Promise<Response> {
  const deleted = isDigest(tagOrDigest)
    ? await repository.deleteManifest(tagOrDigest)
    : await repository.deleteTag(tagOrDigest);
  return deleted ? new Response(null, { status: 202 }) : refuseManifest(tagOrDigest);
}

function answerTaken(
  { name }: Call,
  options: { digest: Digest; subject: Digest | undefined; tags: string[]; tagOrDigest: string },
): Response {
  const { digest, subject, tags, tagOrDigest } = options;
  const headers: Record<string, string> = {
    "docker-content-digest": digest,
    location: formatEndpoint({ kind: "manifest", name, tagOrDigest: digest }),
  };
  if (subject) headers["oci-subject"] = subject;
  if (isDigest(tagOrDigest) && tags.length > 0) headers["oci-tag"] = tags.join(", ");
  return new Response(null, { status: 201, headers });
}

function refuseManifest(tagOrDigest: string): Response {
  return refuse(404, {
    code: "MANIFEST_UNKNOWN",
    message: "the repository does not have this manifest",
    details: [isDigest(tagOrDigest) ? { digest: tagOrDigest } : { tag: tagOrDigest }],
  });
}
