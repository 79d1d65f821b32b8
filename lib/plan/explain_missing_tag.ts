/**
 * What is missing when a registry answers 404: the tag, or the whole repository.
 *
 * @module
 */

import { isDigest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import type { Repository } from "../registry/repository.ts";
import { listTags } from "../registry/tags.ts";

/** Most tags that are looked through for a likely one. */
const MOST_TAGS = 1000;
/** How many are named when none is likely. */
const NAMED = 3;

/** Options of {@linkcode explainMissingTag}. */
export interface ExplainMissingTagOptions {
  /** Where it was looked for. */
  repository: Repository;
  /** What was looked for. */
  tagOrDigest: string;
  /** Ends the looking. */
  signal?: AbortSignal | null;
}

/**
 * Completes a "not found" by one look at the repository's tags, which tells a missing tag from a
 * missing repository and shows what may have been meant. Registries answer both alike.
 *
 * @param error What the manifest's GET ended with; anything but a missing manifest comes back as is.
 * @param options Where and what was looked for.
 * @returns The error to throw.
 */
export async function explainMissingTag(
  error: unknown,
  options: ExplainMissingTagOptions,
): Promise<unknown> {
  const { repository, tagOrDigest, signal = null } = options;
  const isMissing = error instanceof OciPushError &&
    (error.code === "TAG_NOT_FOUND" || error.code === "MANIFEST_NOT_FOUND");
  if (!isMissing) return error;
  const tags: string[] = [];
  try {
    for await (const tag of listTags(repository, { signal })) {
      if (tags.push(tag) === MOST_TAGS) break;
    }
  } catch (listError) {
    signal?.throwIfAborted();
    const unknown = listError instanceof OciPushError && listError.code === "REPOSITORY_NOT_FOUND";
    return unknown ? missing(error, "REPOSITORY_NOT_FOUND", options) : error;
  }
  if (isDigest(tagOrDigest)) return missing(error, "MANIFEST_NOT_FOUND", options);
  const { suggest } = await import("../oci/suggest.ts");
  const likely = suggest(tagOrDigest, tags);
  return missing(error, "TAG_NOT_FOUND", { ...options, hint: hintFor(tags, likely) });
}

function missing(
  error: OciPushError,
  code: "REPOSITORY_NOT_FOUND" | "TAG_NOT_FOUND" | "MANIFEST_NOT_FOUND",
  { repository, tagOrDigest, hint }: ExplainMissingTagOptions & { hint?: string },
): OciPushError {
  const { registry, name, side = "source" } = repository;
  const separator = isDigest(tagOrDigest) ? "@" : ":";
  const what = {
    REPOSITORY_NOT_FOUND: "the registry does not know the repository",
    TAG_NOT_FOUND: "the repository is there, the tag is not",
    MANIFEST_NOT_FOUND: "the repository is there, nothing in it has this digest",
  }[code];
  const { status = 404, registryCode } = error.details;
  return new OciPushError(
    code,
    `cannot read ${registry}/${name}${separator}${tagOrDigest} (${side}): ${what} ` +
      `(${registryCode ? `${status} ${registryCode}` : status})`,
    { ...error.details, terminal: true, ...(hint !== undefined && { hint }) },
    error.cause,
  );
}

function hintFor(tags: string[], likely: string | undefined): string {
  if (tags.length === 0) return "the repository has no tags";
  const named = tags.slice(-NAMED).reverse();
  const rest = tags.length - named.length;
  const list = rest === 0
    ? `${named.join(", ")} ${tags.length === 1 ? "exists" : "exist"}`
    : `${named.join(", ")} and ${rest}${tags.length === MOST_TAGS ? "+" : ""} more exist`;
  return likely ? `${list}; did you mean ${likely}?` : list;
}
