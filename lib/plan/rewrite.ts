/**
 * Annotating a graph: new documents where something changes, the very same bytes where nothing does.
 *
 * @module
 */

import {
  applyEdits,
  findNodeAtLocation,
  type JSONPath,
  modify,
  parseTree,
} from "npm:jsonc-parser@3.3.1";
import { encodeBase64 } from "../std/encoding.ts";
import type { ScopedAnnotations } from "../oci/annotation.ts";
import type { Descriptor } from "../oci/descriptor.ts";
import { type Digest, digestAlgorithm, digestOf } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import { attestedDigest, childrenOf, type Document, parseDocument } from "../oci/manifest.ts";
import { DOCKER_LIST, DOCKER_MANIFEST } from "../oci/media_type.ts";
import type { Graph, Node } from "./graph.ts";
import type { Warning } from "./plan.ts";

/** A change of one place in a document. */
interface Edit {
  path: JSONPath;
  value: unknown;
}

/** What {@linkcode rewriteGraph} made. */
export interface RewrittenGraph {
  /** The graph as it shall be at the destination; `sourceDigest` leads back. */
  graph: Graph;
  /** What the reader should know. */
  warnings: Warning[];
}

/**
 * Adds annotations to a graph, and follows the digests that change by it: in the entries of
 * indexes, in subjects, and in what BuildKit's attestations say of the image they are about.
 *
 * Documents are changed as text, place by place: key order, unknown fields, numbers and white space
 * of all the rest stay as they were.
 *
 * @param graph The graph as it is at the source.
 * @param annotations What to add, by scope.
 * @returns The graph as it shall be, with the same object for every node that stays as it is.
 * @throws {OciPushError} `MANIFEST_INVALID` for text that cannot be changed safely.
 */
export async function rewriteGraph(
  graph: Graph,
  annotations: ScopedAnnotations,
): Promise<RewrittenGraph> {
  const rewritten = new Map<Digest, Node>();
  const attestations = attestationsOf(graph);
  for (const node of dependenciesFirst(graph)) {
    const wanted = annotationsFor(node, { graph, annotations, attestations });
    const edits = [
      ...annotationEdits(node.document, wanted),
      ...entryEdits(node, rewritten),
      ...subjectEdits(node, rewritten),
    ];
    rewritten.set(node.digest, edits.length === 0 ? node : await edit(node, edits));
  }
  const nodes = new Map<Digest, Node>();
  for (const old of graph.nodes.values()) {
    const node = rewritten.get(old.digest)!;
    const parent = old.parent && rewritten.get(old.parent)!.digest;
    nodes.set(node.digest, parent === old.parent ? node : { ...node, parent: parent! });
  }
  const root = rewritten.get(graph.root)!.digest;
  return { graph: { root, nodes }, warnings: warningsFor(graph, { annotations, nodes }) };
}

function annotationsFor(
  { digest, document }: Node,
  { graph, annotations, attestations }: {
    graph: Graph;
    annotations: ScopedAnnotations;
    attestations: ReadonlySet<Digest>;
  },
): ReadonlyMap<string, string> {
  if (document.kind === "index") return digest === graph.root ? annotations.index : new Map();
  return attestations.has(digest) ? new Map() : annotations.manifest;
}

function annotationEdits(document: Document, wanted: ReadonlyMap<string, string>): Edit[] {
  const missing = [...wanted].filter(([key, value]) => document.annotations?.[key] !== value);
  if (missing.length === 0) return [];
  // Without annotations so far, all go in with one edit; "annotations": null becomes an object too.
  return document.annotations === undefined
    ? [{ path: ["annotations"], value: Object.fromEntries(missing) }]
    : missing.map(([key, value]) => ({ path: ["annotations", key], value }));
}

function entryEdits({ document }: Node, rewritten: ReadonlyMap<Digest, Node>): Edit[] {
  return childrenOf(document).flatMap((entry, i) => {
    const edits = descriptorEdits(entry, { path: ["manifests", i], rewritten });
    const about = attestedDigest(entry);
    const now = about && rewritten.get(about)?.digest;
    if (now && now !== about) {
      const path = ["manifests", i, "annotations", "vnd.docker.reference.digest"];
      edits.push({ path, value: now });
    }
    return edits;
  });
}

function subjectEdits({ document }: Node, rewritten: ReadonlyMap<Digest, Node>): Edit[] {
  return document.subject
    ? descriptorEdits(document.subject, { path: ["subject"], rewritten })
    : [];
}

function descriptorEdits(
  { digest, hasData }: Descriptor,
  { path, rewritten }: { path: JSONPath; rewritten: ReadonlyMap<Digest, Node> },
): Edit[] {
  const node = rewritten.get(digest);
  if (!node || node.digest === digest) return [];
  const edits: Edit[] = [
    { path: [...path, "digest"], value: node.digest },
    { path: [...path, "size"], value: node.bytes.length },
  ];
  if (hasData) edits.push({ path: [...path, "data"], value: encodeBase64(node.bytes) });
  return edits;
}

async function edit(node: Node, edits: Edit[]): Promise<Node> {
  const { digest: sourceDigest, document: { mediaType } } = node;
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(node.bytes);
  } catch (cause) {
    throw unsafe(sourceDigest, "it is not UTF-8", cause);
  }
  text = change(text, edits);
  const bytes = new TextEncoder().encode(text);
  const document = parseDocument(bytes, { mediaType, name: sourceDigest });
  const digest = await digestOf(bytes, digestAlgorithm(sourceDigest));
  const after: Node = { ...node, bytes, document, digest, sourceDigest };
  // A key that stands twice is read one way by the editor and another way by everybody else.
  const value: unknown = JSON.parse(text);
  if (!edits.every((made) => isMade(value, made))) {
    throw unsafe(sourceDigest, "a key stands twice in an object");
  }
  return after;
}

function change(text: string, edits: Edit[]): string {
  const tree = parseTree(text)!;
  const inserted: Edit[] = [];
  // What is there already is replaced in one go: an index may have hundreds of entries.
  const replaced = edits.flatMap((edit) => {
    const place = findNodeAtLocation(tree, edit.path);
    if (!place) inserted.push(edit);
    return place
      ? [{ offset: place.offset, length: place.length, content: JSON.stringify(edit.value) }]
      : [];
  });
  let changed = applyEdits(text, replaced);
  for (const { path, value } of inserted) {
    changed = applyEdits(changed, modify(changed, path, value, {}));
  }
  return changed;
}

function isMade(document: unknown, { path, value }: Edit): boolean {
  let found = document;
  for (const key of path) found = (found as Record<string | number, unknown>)[key];
  return JSON.stringify(found) === JSON.stringify(value);
}

/** Children and subjects before those that name them: their digests have to be known first. */
function dependenciesFirst(graph: Graph): Node[] {
  const ordered: Node[] = [];
  const seen = new Set<Digest>();
  const visit = (digest: Digest): void => {
    const node = graph.nodes.get(digest);
    if (!node || seen.has(digest)) return;
    seen.add(digest);
    for (const child of childrenOf(node.document)) visit(child.digest);
    if (node.document.subject) visit(node.document.subject.digest);
    ordered.push(node);
  };
  visit(graph.root);
  return ordered;
}

function attestationsOf(graph: Graph): ReadonlySet<Digest> {
  const found = new Set<Digest>();
  for (const { document } of graph.nodes.values()) {
    for (const entry of childrenOf(document)) {
      if (attestedDigest(entry) !== undefined) found.add(entry.digest);
    }
  }
  return found;
}

function warningsFor(
  graph: Graph,
  { annotations, nodes }: { annotations: ScopedAnnotations; nodes: ReadonlyMap<Digest, Node> },
): Warning[] {
  const warnings: Warning[] = [];
  if (annotations.index.size > 0 && graph.nodes.get(graph.root)!.document.kind !== "index") {
    const keys = [...annotations.index.keys()].map((key) => `index:${key}`).join(", ");
    warnings.push({
      code: "INDEX_ANNOTATIONS_UNUSED",
      message: `this is a single manifest, there is no index to annotate: ${keys} left out`,
    });
  }
  const docker = [...nodes.values()].some(({ sourceDigest, document: { mediaType } }) =>
    sourceDigest !== undefined && (mediaType === DOCKER_MANIFEST || mediaType === DOCKER_LIST)
  );
  if (docker) {
    warnings.push({
      code: "DOCKER_ANNOTATIONS",
      message: "Docker's schema 2 defines no annotations: they are written, tools may ignore them",
    });
  }
  return warnings;
}

function unsafe(digest: Digest, problem: string, cause?: unknown): OciPushError {
  return new OciPushError("MANIFEST_INVALID", `cannot annotate manifest ${digest}: ${problem}`, {
    terminal: true,
    digest,
  }, cause);
}
