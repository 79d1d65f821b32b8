/**
 * What happens to each manifest: pure, from a graph and what is there.
 *
 * @module
 */

import { encodeBase64 } from "../std/encoding.ts";
import { childrenFirst, type Graph, type Node } from "./graph.ts";
import type { PlannedManifest } from "./plan.ts";

/**
 * Decides about every manifest of a graph.
 *
 * @param graph The documents as they shall be at the destination.
 * @param isThere Tells which ones the destination has under their digest.
 * @returns Children before their parents, the root last.
 */
export function planManifests(graph: Graph, isThere: (node: Node) => boolean): PlannedManifest[] {
  return childrenFirst(graph).map((node) => {
    const { digest, bytes, document, edge, parent = null, sourceDigest = digest } = node;
    const action = isThere(node) ? "exists" : "put";
    return {
      digest,
      mediaType: document.mediaType,
      size: bytes.length,
      parent,
      ...(edge?.platform && { platform: edge.platform }),
      sourceDigest,
      ...(action === "put" && { bytes: encodeBase64(bytes) }),
      action,
    };
  });
}
