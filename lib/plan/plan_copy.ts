/**
 * The planner: from two references to a plan, by questions alone.
 *
 * @module
 */

import { encodeBase64 } from "../std/encoding.ts";
import { type Digest, digestAlgorithm, digestOf, shortDigest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import { blobsOf, type Document, parseDocument } from "../oci/manifest.ts";
import { isSameRepository, type Reference } from "../oci/reference.ts";
import type { FetchedManifest } from "../registry/manifests.ts";
import { allOrFirstFailure } from "./all_or_first_failure.ts";
import { childrenFirst, type Graph, type Node, readGraph } from "./graph.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import type { Plan, PlannedManifest, Warning } from "./plan.ts";
import { type BlobFacts, CHECK_SIZE, planBlobs } from "./plan_blobs.ts";
import { assertWithinLimit, totalArtifactSize } from "./size_limit.ts";
import type { Destination, Source } from "./store.ts";

/** A reference that may be written to. */
export type DestinationReference = Reference & { tag: string };

/** What {@linkcode planCopy} needs to know. */
export interface PlanCopyOptions {
  /** Answers for the source. */
  source: Source;
  /** Answers for the destination. */
  destination: Destination;
  /** The most that may be copied across repositories, in bytes; -1 for no limit. */
  maxArtifactSize: number;
  /** Refuse to move a tag that names something else. */
  noOverwrite: boolean;
  /**
   * `needed` asks for no more than a copy needs, which finds out the rest on its way; `all` asks
   * for every blob, so that the plan says exactly what would move.
   */
  lookUp: "needed" | "all";
  /**
   * Whether a manifest that is at the destination stands for all below it. It usually does, but
   * does not prove it: a copy that finds otherwise plans again without.
   */
  trustManifests: boolean;
  /** Most requests at the same time. */
  concurrency: number;
  /** Ends the planning. */
  signal?: AbortSignal | null;
}

/**
 * Decides everything that a copy will do, and writes nothing.
 *
 * Within one repository: one request, for the manifest that gets another tag. Across repositories:
 * the source's manifest and the destination's tag at the same time; if they differ, whether the
 * destination has the manifest under another name; then the documents below an index.
 *
 * @param references Where the artifact is, and where it shall be.
 * @param options Who answers, and what is allowed.
 * @returns The plan.
 * @throws {OciPushError} `TAG_EXISTS`, `SIZE_LIMIT`, and whatever the questions end with.
 */
export async function planCopy(
  references: { from: Reference; to: DestinationReference },
  options: PlanCopyOptions,
): Promise<Plan> {
  const { from, to } = references;
  const within = isSameRepository(from, to);
  const tagOrDigest = from.digest ?? from.tag!;
  const { root, previousDigest, warnings } = await askBoth(references, options);
  const graph: Graph = await rootAlone(root, from.text);

  const plan: Plan = {
    schemaVersion: 1,
    source: {
      text: from.text,
      registry: from.registry,
      repository: from.repository,
      tagOrDigest,
      digest: root.digest,
      helm: from.helm,
    },
    destination: {
      text: to.text,
      registry: to.registry,
      repository: to.repository,
      tag: to.tag,
      helm: to.helm,
      ...(previousDigest && { previousDigest }),
    },
    mode: within ? "retag" : "copy",
    root: root.digest,
    mediaType: graph.nodes.get(root.digest)!.document.mediaType,
    manifests: [],
    blobs: [],
    size: { artifact: null, limit: null, transfer: 0 },
    warnings,
  };
  const isThere = within && tagOrDigest === to.tag ||
    previousDigest !== undefined && await names(previousDigest, root);
  if (isThere) {
    return { ...plan, mode: "unchanged", manifests: planManifests(graph, { exist: "all" }) };
  }
  if (options.noOverwrite && previousDigest) throw tagExists(to, previousDigest, root.digest);
  if (within) return { ...plan, manifests: planManifests(graph, { exist: "all but root" }) };
  return await planAcross(plan, { ...options, root });
}

/** The questions that need no other answer first. */
async function askBoth(
  { from, to }: { from: Reference; to: DestinationReference },
  options: PlanCopyOptions,
): Promise<{ root: FetchedManifest; previousDigest?: Digest; warnings: Warning[] }> {
  const { source, destination, noOverwrite, lookUp } = options;
  const tagOrDigest = from.digest ?? from.tag!;
  // In one repository nothing depends on what the tag names now: that request is saved.
  const askTag = !isSameRepository(from, to) || noOverwrite || lookUp === "all";
  const [root, previousDigest, tagNow] = await allOrFirstFailure<
    [FetchedManifest, Digest | undefined, Digest | undefined]
  >(
    options.signal,
    (signal) => source.getManifest(tagOrDigest, { signal }),
    (signal) => askTag ? destination.resolve(to.tag, { signal }) : Promise.resolve(undefined),
    (signal) =>
      from.tag && from.digest ? source.resolve(from.tag, { signal }) : Promise.resolve(undefined),
  );
  const warnings: Warning[] = [];
  if (from.digest && from.tag && tagNow !== from.digest) {
    const now = tagNow ? `names ${shortDigest(tagNow)} now` : "is not there any more";
    warnings.push({
      code: "TAG_MOVED",
      message: `${from.text}: the digest is copied; the tag ${from.tag} ${now}`,
    });
  }
  return { root, ...(previousDigest && { previousDigest }), warnings };
}

/** The part of the plan that is about moving bytes to another repository. */
async function planAcross(
  plan: Plan,
  options: PlanCopyOptions & { root: FetchedManifest },
): Promise<Plan> {
  const { root, source, destination, maxArtifactSize, concurrency, signal } = options;
  if (maxArtifactSize === 0) assertWithinLimit(0, 0);
  const [rootThere, graph] = await allOrFirstFailure<[boolean, Graph]>(
    signal,
    async (signal) =>
      options.trustManifests && await destination.resolve(root.digest, { signal }) !== undefined,
    (signal) =>
      readGraph(root, {
        name: plan.source.text,
        concurrency,
        fetch: (digest) => source.getManifest(digest, { signal }),
      }),
  );
  const artifact = totalArtifactSize(graph);
  assertWithinLimit(artifact, maxArtifactSize);
  const size = { artifact, limit: maxArtifactSize < 0 ? null : maxArtifactSize, transfer: 0 };
  if (rootThere) {
    return { ...plan, size, manifests: planManifests(graph, { exist: "all but root" }) };
  }
  const facts = await askForContent(graph, { ...options, plan });
  const manifests = planManifests(graph, { exist: facts.manifests });
  const put = new Set(manifests.filter(({ action }) => action === "put").map((m) => m.digest));
  const documents = [...graph.nodes.values()].filter(({ digest }) => put.has(digest));
  const blobs = planBlobs(documents.flatMap(({ document }) => blobsOf(document)), facts);
  for (const { action, size: bytes } of blobs) {
    if (action === "transfer" || action === "mount") size.transfer += bytes;
  }
  return {
    ...plan,
    destination: { ...plan.destination, ...(facts.empty && { empty: true }) },
    manifests,
    blobs,
    size,
    warnings: [...plan.warnings, ...foreignLayers(blobs)],
  };
}

/** What of a graph is at the destination, as far as it pays to ask. */
async function askForContent(
  graph: Graph,
  options: PlanCopyOptions & { plan: Plan },
): Promise<BlobFacts & { manifests: Set<Digest> }> {
  const { plan, destination, lookUp, trustManifests, concurrency, signal = null } = options;
  const { registry, repository } = plan.destination;
  const sameRegistry = registry === plan.source.registry;
  const nodes = [...graph.nodes.values()].filter(({ digest }) => digest !== graph.root);
  const blobs = [...graph.nodes.values()].flatMap(({ document }) => blobsOf(document));

  // One request that may save many: in an unknown repository nothing needs to be asked for.
  const worthAsking = !sameRegistry && (nodes.length > 0 || lookUp === "all" ||
    blobs.some(({ size }) => size >= CHECK_SIZE));
  const empty = worthAsking && await destination.isEmpty({ signal });

  const manifests = new Set<Digest>();
  if (trustManifests && !empty && (!sameRegistry || lookUp === "all")) {
    await mapConcurrently(nodes, { concurrency }, async ({ digest }) => {
      if (await destination.resolve(digest, { signal })) manifests.add(digest);
    });
  }
  const atDestination = new Set<Digest>();
  if (lookUp === "all") {
    const digests = [...new Set(blobs.map(({ digest }) => digest))];
    await mapConcurrently(digests, { concurrency }, async (digest) => {
      if (await destination.hasBlob(digest, { signal })) atDestination.add(digest);
    });
  }
  return {
    manifests,
    atDestination,
    repository,
    ...(sameRegistry && { mountFrom: plan.source.repository }),
    asked: lookUp === "all",
    empty,
  };
}

function planManifests(
  graph: Graph,
  { exist }: { exist: "all" | "all but root" | ReadonlySet<Digest> },
): PlannedManifest[] {
  return childrenFirst(graph).map((node) => {
    const isRoot = node.digest === graph.root;
    const exists = typeof exist === "string"
      ? exist === "all" || !isRoot
      : !isRoot && exist.has(node.digest);
    return planManifest(node, exists ? "exists" : "put");
  });
}

function planManifest(node: Node, action: "put" | "exists"): PlannedManifest {
  const { digest, bytes, document, edge, parent = null, sourceDigest = digest } = node;
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
}

function rootAlone({ bytes, mediaType, digest }: FetchedManifest, name: string): Graph {
  const document: Document = parseDocument(bytes, { mediaType, name });
  return { root: digest, nodes: new Map([[digest, { digest, bytes, document }]]) };
}

/** Whether a digest, of whichever algorithm, is that of these bytes. */
async function names(digest: Digest, { bytes }: FetchedManifest): Promise<boolean> {
  return digest === await digestOf(bytes, digestAlgorithm(digest));
}

function tagExists(to: DestinationReference, now: Digest, wanted: Digest): OciPushError {
  const { registry, repository, tag } = to;
  return new OciPushError(
    "TAG_EXISTS",
    `cannot write ${to.text} (destination): it names ${now}, not ${wanted}`,
    {
      terminal: true,
      side: "destination",
      registry,
      repository,
      tagOrDigest: tag,
      digest: now,
      hint: "choose another tag, or leave --no-overwrite out to move this one",
    },
  );
}

function foreignLayers(blobs: Plan["blobs"]): Warning[] {
  const count = blobs.filter(({ action }) => action === "skip").length;
  return count === 0 ? [] : [{
    code: "FOREIGN_LAYERS",
    message: `${count} foreign layer${count === 1 ? " is" : "s are"} not copied: ` +
      "they stay where their urls say",
  }];
}
