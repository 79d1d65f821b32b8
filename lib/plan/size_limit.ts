/**
 * The size limit: a policy over manifests alone, checked before anything is written.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import { artifactSize } from "../oci/manifest.ts";
import type { Graph } from "./graph.ts";

/** The limit where nobody sets another: 1 GiB. */
export const DEFAULT_MAX_ARTIFACT_SIZE: number = 1024 ** 3;

/**
 * The size that counts: config and layers of every image, a layer shared by two counted in each.
 *
 * @param graph All documents of the artifact.
 * @returns Bytes.
 */
export function totalArtifactSize(graph: Graph): number {
  let sum = 0;
  for (const { document } of graph.nodes.values()) sum += artifactSize(document);
  return sum;
}

/**
 * Refuses what is over the limit.
 *
 * @param size What the artifact counts, in bytes.
 * @param limit The most allowed, in bytes; -1 for no limit, 0 for no copies across repositories.
 * @throws {OciPushError} `SIZE_LIMIT`, terminal, with both sizes.
 */
export function assertWithinLimit(size: number, limit: number): void {
  if (limit < 0) return;
  if (limit === 0) {
    throw new OciPushError("SIZE_LIMIT", "cannot copy: cross-repository push is disabled", {
      terminal: true,
      hint: "the size limit is set to 0, which allows tags within one repository only " +
        "(--max-artifact-size, MAX_OCI_PUSH_ARTIFACT_SIZE)",
    });
  }
  if (size <= limit) return;
  throw new OciPushError(
    "SIZE_LIMIT",
    `cannot copy: compressed artifact size ${size} exceeds maximum allowed size of ${limit}`,
    {
      terminal: true,
      hint: "sizes are bytes of config and layers of every image; --max-artifact-size or " +
        "MAX_OCI_PUSH_ARTIFACT_SIZE sets the limit, -1 removes it",
    },
  );
}
