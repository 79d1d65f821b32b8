/**
 * The planner: from two references to a plan, by questions alone.
 *
 * @module
 */

import type { ScopedAnnotations } from "../oci/annotation.ts";
import { type Digest, digestAlgorithm, digestOf, shortDigest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import { blobsOf, parseDocument } from "../oci/manifest.ts";
import { isSameRepository, type Reference } from "../oci/reference.ts";
import type { FetchedManifest } from "../registry/manifests.ts";
import { allOrFirstFailure } from "./all_or_first_failure.ts";
import { askForContent } from "./ask_for_content.ts";
import { type Graph, readGraph } from "./graph.ts";
import type { Plan, Warning } from "./plan.ts";
import { planBlobs } from "./plan_blobs.ts";
import { planManifests } from "./plan_manifests.ts";
import { assertWithinLimit, totalArtifactSize } from "./size_limit.ts";
import type { Destination, Source } from "./store.ts";

/** A reference that may be written to. */
export type DestinationReference = Reference & { tag: string };

/** Both ends of a copy, as named. */
export interface References {
  /** Where the artifact is. */
  from: Reference;
  /** Where it shall be. */
  to: DestinationReference;
}

/** What {@linkcode planCopy} needs to know. */
export interface PlanCopyOptions {
  /** Answers for the source. */
  source: Source;
  /** Answers for the destination. */
  destination: Destination;
  /** What to add to the documents. */
  annotations?: ScopedAnnotations;
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
 * the source's manifest, the destination's tag, and what the source's name names at the destination,
 * all at the same time; then the documents below an index.
 *
 * @param references Where the artifact is, and where it shall be.
 * @param options Who answers, and what is allowed.
 * @returns The plan.
 * @throws {OciPushError} `TAG_EXISTS`, `SIZE_LIMIT`, and whatever the questions end with.
 */
export async function planCopy(references: References, options: PlanCopyOptions): Promise<Plan> {
  const { from, to } = references;
  const { root, previousDigest, rootThere, warnings } = await askBoth(references, options);
  const { graph, ...annotated } = options.annotations
    ? await annotate(root, { ...options, annotations: options.annotations, name: from.text })
    : { graph: rootAlone(root, from.text), warnings: [] };
  const node = graph.nodes.get(graph.root)!;
  const within = isSameRepository(from, to);
  const plan: Plan = {
    schemaVersion: 1,
    source: describeSource(from, root.digest),
    destination: describeDestination(to, previousDigest),
    mode: within ? "retag" : "copy",
    root: graph.root,
    mediaType: node.document.mediaType,
    manifests: [],
    blobs: [],
    size: { artifact: null, limit: null, transfer: 0 },
    warnings: [...warnings, ...annotated.warnings],
  };
  const isItself = within && from.digest === undefined && from.tag === to.tag &&
    graph.root === root.digest;
  if (isItself || previousDigest !== undefined && await names(previousDigest, node)) {
    return { ...plan, mode: "unchanged", manifests: planManifests(graph, () => true) };
  }
  if (options.noOverwrite && previousDigest) throw tagExists(to, previousDigest, graph.root);
  if (!within) return await planAcross(plan, { ...options, root, graph, rootThere });
  // What annotations left alone is in the repository, and so are all blobs.
  const manifests = planManifests(
    graph,
    ({ digest, sourceDigest }) => digest !== graph.root && sourceDigest === undefined,
  );
  return { ...plan, manifests };
}

/** Answers to the questions that need no other answer first. */
interface FirstAnswers {
  root: FetchedManifest;
  previousDigest?: Digest;
  /** Whether the destination has the root; false also where nothing hints at it. */
  rootThere: boolean;
  warnings: Warning[];
}

async function askBoth(references: References, options: PlanCopyOptions): Promise<FirstAnswers> {
  const { from, to } = references;
  const { source, destination, noOverwrite, lookUp } = options;
  // In one repository nothing depends on what the tag names now: that request is saved.
  const askTag = !isSameRepository(from, to) || noOverwrite || lookUp === "all";
  const otherName = otherNameAtDestination(references, options);
  const nothing = Promise.resolve(undefined);
  const [root, previousDigest, namedAlike, tagNow] = await allOrFirstFailure<
    [FetchedManifest, Digest | undefined, Digest | undefined, Digest | undefined]
  >(
    options.signal,
    (signal) => source.getManifest(from.digest ?? from.tag!, { signal }),
    (signal) => askTag ? destination.resolve(to.tag, { signal }) : nothing,
    (signal) => otherName ? destination.resolve(otherName, { signal }) : nothing,
    (signal) => from.tag && from.digest ? source.resolve(from.tag, { signal }) : nothing,
  );
  const warnings: Warning[] = [];
  if (from.digest && from.tag && tagNow !== from.digest) {
    const now = tagNow ? `names ${shortDigest(tagNow)} now` : "is not there any more";
    warnings.push({
      code: "TAG_MOVED",
      message: `${from.text}: the digest is copied; the tag ${from.tag} ${now}`,
    });
  }
  return {
    root,
    ...(previousDigest && { previousDigest }),
    rootThere: namedAlike !== undefined && await names(namedAlike, root),
    warnings,
  };
}

/**
 * The name under which the destination may have the artifact already: its digest where that is
 * given, else the source's tag. Asked for beside the first questions it costs no round trip; the
 * digest behind a tag would be known only after one.
 */
function otherNameAtDestination(
  { from, to }: References,
  { annotations, trustManifests }: PlanCopyOptions,
): string | undefined {
  // What is annotated has another digest than the source's names stand for.
  if (isSameRepository(from, to) || annotations || !trustManifests) return undefined;
  return from.digest ?? (from.tag === to.tag ? undefined : from.tag);
}

/** The graph with annotations, and what those leave behind. */
async function annotate(
  root: FetchedManifest,
  options: PlanCopyOptions & { annotations: ScopedAnnotations; name: string },
): Promise<{ graph: Graph; warnings: Warning[] }> {
  const { annotations, source, signal = null } = options;
  const [{ rewriteGraph }, read] = await Promise.all([
    import("./rewrite.ts"), // the editor of documents is loaded only for this
    readAll(root, options),
  ]);
  const { graph, warnings } = await rewriteGraph(read, annotations);
  if (graph.root === root.digest || !await source.hasReferrers(root.digest, { signal })) {
    return { graph, warnings };
  }
  const message = "signatures and other referrers of the source name its digest " +
    `${shortDigest(root.digest)}: they do not verify for what is written`;
  return { graph, warnings: [...warnings, { code: "SIGNATURES_NOT_COPIED", message }] };
}

/** The part of the plan that is about moving bytes to another repository. */
async function planAcross(
  plan: Plan,
  options: PlanCopyOptions & { root: FetchedManifest; graph: Graph; rootThere: boolean },
): Promise<Plan> {
  const { root, destination, maxArtifactSize, annotations, signal } = options;
  const askForRoot = options.lookUp === "all" && options.trustManifests && !options.rootThere;
  if (maxArtifactSize === 0) assertWithinLimit(0, 0);
  const { registry, repository } = plan.destination;
  const sameRegistry = registry === plan.source.registry;
  const isIndex = options.graph.nodes.get(plan.root)!.document.kind === "index";
  const [rootThere, graph, empty] = await allOrFirstFailure<[boolean, Graph, boolean | undefined]>(
    signal,
    async (signal) =>
      askForRoot
        ? await destination.resolve(plan.root, { signal }) !== undefined
        : options.rootThere,
    async (signal) =>
      annotations ? options.graph : await readAll(root, {
        ...options,
        name: plan.source.text,
        signal,
      }),
    // Below an index there is enough to be asked for: one more question now saves a round trip.
    async (signal) =>
      isIndex && !sameRegistry && !options.rootThere
        ? await destination.isEmpty({ signal })
        : undefined,
  );
  const artifact = totalArtifactSize(graph);
  assertWithinLimit(artifact, maxArtifactSize);
  const size = { artifact, limit: maxArtifactSize < 0 ? null : maxArtifactSize, transfer: 0 };
  if (rootThere) {
    const manifests = planManifests(graph, ({ digest }) => digest !== graph.root);
    return { ...plan, size, manifests };
  }
  const { manifests: there, ...facts } = await askForContent(graph, {
    ...options,
    repository,
    ...(sameRegistry && { mountFrom: plan.source.repository }),
    ...(empty !== undefined && { empty }),
  });
  const missing = [...graph.nodes.values()].filter(({ digest }) => !there.has(digest));
  const blobs = planBlobs(missing.map(({ document }) => blobsOf(document)), facts);
  for (const { action, size: bytes } of blobs) {
    if (action === "transfer" || action === "mount") size.transfer += bytes;
  }
  return {
    ...plan,
    destination: { ...plan.destination, ...(facts.empty && { empty: true }) },
    manifests: planManifests(graph, ({ digest }) => there.has(digest)),
    blobs,
    size,
    warnings: [...plan.warnings, ...foreignLayers(blobs)],
  };
}

function readAll(
  root: FetchedManifest,
  options: PlanCopyOptions & { name: string },
): Promise<Graph> {
  const { name, source, concurrency, signal = null } = options;
  const fetch = (digest: Digest) => source.getManifest(digest, { signal });
  return readGraph(root, { name, concurrency, fetch });
}

function rootAlone({ bytes, mediaType, digest }: FetchedManifest, name: string): Graph {
  const document = parseDocument(bytes, { mediaType, name });
  return { root: digest, nodes: new Map([[digest, { digest, bytes, document }]]) };
}

/** Whether a digest is that of a document, maybe by another algorithm than the one it is known by. */
async function names(
  digest: Digest,
  { digest: known, bytes }: { digest: Digest; bytes: Uint8Array<ArrayBuffer> },
): Promise<boolean> {
  return digest === known || digest === await digestOf(bytes, digestAlgorithm(digest));
}

function describeSource(from: Reference, digest: Digest): Plan["source"] {
  const { text, registry, repository, helm } = from;
  return { text, registry, repository, tagOrDigest: from.digest ?? from.tag!, digest, helm };
}

function describeDestination(
  { text, registry, repository, tag, helm }: DestinationReference,
  previousDigest: Digest | undefined,
): Plan["destination"] {
  return {
    text,
    registry,
    repository,
    tag,
    helm,
    ...(previousDigest && { previousDigest }),
  };
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
