/**
 * A registry's repository as the planner sees it.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import { headBlob } from "../registry/blobs.ts";
import { type FetchedManifest, getManifest, headManifest } from "../registry/manifests.ts";
import { listReferrers } from "../registry/referrers.ts";
import type { Repository } from "../registry/repository.ts";
import { listTags } from "../registry/tags.ts";
import { explainMissingTag } from "./explain_missing_tag.ts";
import type { Destination, Source, StoreOptions } from "./store.ts";

/**
 * A repository that is read.
 *
 * @param repository The repository and the transport that reaches it.
 * @returns Answers for the planner.
 */
export function registrySource(repository: Repository): Source {
  return {
    async getManifest(tagOrDigest: string, options: StoreOptions = {}): Promise<FetchedManifest> {
      try {
        return await getManifest(repository, tagOrDigest, options);
      } catch (error) {
        throw await explainMissingTag(error, { ...options, repository, tagOrDigest });
      }
    },
    async resolve(tag, options = {}) {
      return (await headManifest(repository, tag, options))?.digest;
    },
    async hasReferrers(digest, options = {}) {
      for await (const _ of listReferrers(repository, digest, options)) return true;
      // cosign keeps signatures under a tag made of the digest, where no referrers API lists them.
      const cosignTag = `${digest.replace(":", "-")}.sig`;
      return await headManifest(repository, cosignTag, options) !== undefined;
    },
  };
}

/**
 * A repository that is written; the planner only asks.
 *
 * @param repository The repository and the transport that reaches it.
 * @returns Answers for the planner.
 */
export function registryDestination(repository: Repository): Destination {
  return {
    async resolve(tagOrDigest, options = {}) {
      const head = await headManifest(repository, tagOrDigest, options);
      if (head && !head.digest) throw noDigest(repository, tagOrDigest);
      return head?.digest;
    },
    async hasBlob(digest, options = {}) {
      return await headBlob(repository, digest, options) !== undefined;
    },
    async isEmpty(options = {}) {
      try {
        for await (const _ of listTags(repository, { ...options, pageSize: 1 })) return false;
        return false; // known, though without tags: blobs may be there
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!(error instanceof OciPushError)) throw error;
        return error.code === "REPOSITORY_NOT_FOUND"; // a refused list only tells nothing
      }
    },
  };
}

function noDigest({ registry, name }: Repository, tagOrDigest: string): OciPushError {
  return new OciPushError(
    "REGISTRY_BROKEN",
    `cannot look up ${registry}/${name}: ${tagOrDigest} is there, but no digest is named`,
    { terminal: true, side: "destination", registry, tagOrDigest },
  );
}
