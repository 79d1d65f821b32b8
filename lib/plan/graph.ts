/**
 * The graph of a source: every document under a root, each once.
 *
 * @module
 */

import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, shortDigest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import { childrenOf, type Document, parseDocument } from "../oci/manifest.ts";
import type { FetchedManifest } from "../registry/manifests.ts";
import { mapConcurrently } from "./map_concurrently.ts";

/** How deep indexes may lie in indexes; nobody publishes more than three. */
export const MAX_DEPTH = 16;
/** How many documents one artifact may have; a hostile index could name many more. */
export const MAX_DOCUMENTS = 10_000;

/** A document with its exact bytes and its place in the graph. */
export interface Node {
  /** What it is called by those above it. */
  digest: Digest;
  /** Its exact bytes. */
  bytes: Uint8Array<ArrayBuffer>;
  /** What the bytes say. */
  document: Document;
  /** The edge that led here first; undefined for the root. */
  edge?: Descriptor;
  /** The index that has that edge; undefined for the root. */
  parent?: Digest;
  /** What it is called at the source, where annotations gave it another digest. */
  sourceDigest?: Digest;
}

/** All documents of an artifact, parents before children. */
export interface Graph {
  /** The digest of the document that everything hangs on. */
  root: Digest;
  /** By digest, in the order in which they were found. */
  nodes: Map<Digest, Node>;
}

/** Options of {@linkcode readGraph}. */
export interface ReadGraphOptions {
  /** What the root is called in errors. */
  name: string;
  /** Gets a child; throws what explains itself. */
  fetch: (digest: Digest) => Promise<FetchedManifest>;
  /** Most requests at the same time. */
  concurrency: number;
}

/**
 * Reads everything below a root, level by level, the children of a level at the same time.
 *
 * A document that several indexes list is fetched once. Children have to be of the size and the
 * type that their parent says.
 *
 * @param root The root as it was fetched.
 * @param options How to get the children.
 * @returns The graph.
 * @throws {OciPushError} `MANIFEST_INVALID` for a child that is not what its parent says, and for
 * graphs beyond {@linkcode MAX_DEPTH} or {@linkcode MAX_DOCUMENTS}.
 */
export async function readGraph(root: FetchedManifest, options: ReadGraphOptions): Promise<Graph> {
  const { name, fetch, concurrency } = options;
  const { bytes, mediaType, digest } = root;
  const nodes = new Map<Digest, Node>();
  let level: Node[] = [{ digest, bytes, document: parseDocument(bytes, { mediaType, name }) }];
  for (let depth = 0; level.length > 0; depth++) {
    for (const node of level) nodes.set(node.digest, node);
    const edges = newEdges(level, nodes);
    if (edges.length > 0 && (depth === MAX_DEPTH || nodes.size + edges.length > MAX_DOCUMENTS)) {
      throw tooLarge(name);
    }
    level = await mapConcurrently(edges, { concurrency }, async ({ edge, parent }) => {
      const child = `${shortDigest(edge.digest)} of ${name}`;
      const { bytes } = await fetch(edge.digest);
      if (bytes.length !== edge.size) throw wrongSize(child, { edge, got: bytes.length });
      const document = parseDocument(bytes, { mediaType: edge.mediaType, name: child });
      return { digest: edge.digest, bytes, document, edge, parent };
    });
  }
  return { root: digest, nodes };
}

/**
 * The documents of a graph in the order in which they may be written.
 *
 * @param graph The graph.
 * @returns Children before their parents, the root last.
 */
export function childrenFirst(graph: Graph): Node[] {
  const ordered: Node[] = [];
  const seen = new Set<Digest>();
  const visit = (digest: Digest): void => {
    const node = graph.nodes.get(digest);
    if (!node || seen.has(digest)) return; // a graph may be a root alone, its children unread
    seen.add(digest);
    for (const child of childrenOf(node.document)) visit(child.digest);
    ordered.push(node);
  };
  visit(graph.root);
  return ordered;
}

function newEdges(
  level: Node[],
  known: Map<Digest, Node>,
): { edge: Descriptor; parent: Digest }[] {
  const edges = new Map<Digest, { edge: Descriptor; parent: Digest }>();
  for (const { digest: parent, document } of level) {
    for (const edge of childrenOf(document)) {
      if (!known.has(edge.digest) && !edges.has(edge.digest)) {
        edges.set(edge.digest, { edge, parent });
      }
    }
  }
  return [...edges.values()];
}

function tooLarge(name: string): OciPushError {
  return new OciPushError(
    "MANIFEST_INVALID",
    `cannot read ${name}: more than ${MAX_DOCUMENTS} manifests, or indexes ${MAX_DEPTH} deep`,
    { terminal: true },
  );
}

function wrongSize(child: string, { edge, got }: { edge: Descriptor; got: number }): OciPushError {
  return new OciPushError(
    "MANIFEST_INVALID",
    `cannot use manifest ${child}: it has ${got} bytes, its index says ${edge.size}`,
    { terminal: true, digest: edge.digest },
  );
}
