/**
 * What of a graph is at the destination already, as far as it pays to ask.
 *
 * @module
 */

import type { Digest } from "../oci/digest.ts";
import { blobsOf } from "../oci/manifest.ts";
import type { Graph } from "./graph.ts";
import { mapConcurrently } from "./map_concurrently.ts";
import { type BlobFacts, CHECK_SIZE } from "./plan_blobs.ts";
import type { Destination } from "./store.ts";

/** Options of {@linkcode askForContent}. */
export interface AskForContentOptions {
  /** Answers. */
  destination: Destination;
  /** Its repository. */
  repository: string;
  /** The source's repository, where it is in the same registry. */
  mountFrom?: string;
  /** Whether the destination is empty, where that was asked already. */
  empty?: boolean;
  /** Ask for every blob, or only where that saves more than it costs. */
  lookUp: "needed" | "all";
  /** Whether a manifest that is there stands for all below it. */
  trustManifests: boolean;
  /** Most requests at the same time. */
  concurrency: number;
  /** Ends the asking. */
  signal?: AbortSignal | null;
}

/** What is known of the destination. */
export interface ContentFacts extends BlobFacts {
  /** Manifests below the root that are there, with all they name. */
  manifests: ReadonlySet<Digest>;
}

/**
 * Asks for what may save more requests than it costs.
 *
 * An unknown repository has nothing, so one request saves all the others. Manifests below an index
 * stand for their blobs. Blobs themselves are not asked for, since opening an upload tells as much,
 * unless the plan is to be exact.
 *
 * @param graph The documents as they shall be at the destination.
 * @param options Who answers, and what is worth asking.
 * @returns What is there.
 */
export async function askForContent(
  graph: Graph,
  options: AskForContentOptions,
): Promise<ContentFacts> {
  const { destination, repository, mountFrom, lookUp, concurrency, signal = null } = options;
  const children = [...graph.nodes.keys()].filter((digest) => digest !== graph.root);
  const blobs = [...graph.nodes.values()].flatMap(({ document }) => blobsOf(document));
  const all = lookUp === "all";

  // Within one registry every blob costs one request, a mount, whatever is there.
  const worthAsking = all || mountFrom === undefined &&
      (children.length > 0 || blobs.some(({ size }) => size >= CHECK_SIZE));
  const empty = options.empty ?? (worthAsking && await destination.isEmpty({ signal }));

  const askChildren = options.trustManifests && !empty && (all || mountFrom === undefined);
  const manifests = await present(askChildren ? children : [], {
    concurrency,
    isThere: async (digest) => await destination.resolve(digest, { signal }) !== undefined,
  });
  // "Unknown" is said of a repository without tags too, where an interrupted copy left blobs.
  const atDestination = await present(all ? blobs.map(({ digest }) => digest) : [], {
    concurrency,
    isThere: (digest) => destination.hasBlob(digest, { signal }),
  });
  return {
    manifests,
    atDestination,
    repository,
    ...(mountFrom !== undefined && { mountFrom }),
    asked: all,
    empty,
  };
}

async function present(
  digests: Digest[],
  { concurrency, isThere }: { concurrency: number; isThere: (digest: Digest) => Promise<boolean> },
): Promise<Set<Digest>> {
  const found = new Set<Digest>();
  await mapConcurrently([...new Set(digests)], { concurrency }, async (digest) => {
    if (await isThere(digest)) found.add(digest);
  });
  return found;
}
