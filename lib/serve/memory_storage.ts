/**
 * A storage that lives as long as the process.
 *
 * @module
 */

import type { Digest } from "../oci/digest.ts";
import { concat } from "./concat.ts";
import {
  assertName,
  type RepositoryStorage,
  type Storage,
  type StoredManifest,
} from "./storage.ts";

type Bytes = Uint8Array<ArrayBuffer>;

interface Content {
  blobs: Map<Digest, Bytes>;
  uploads: Map<string, Bytes[]>;
  manifests: Map<Digest, StoredManifest>;
  tags: Map<string, Digest>;
  /** True once a manifest was put here. */
  known: boolean;
}

/**
 * Makes a storage that keeps everything in memory.
 *
 * @example
 * ```ts
 * const repository = createMemoryStorage().repository("team/app");
 * console.assert(await repository.listTags() === undefined);
 * ```
 * @returns An empty storage.
 */
export function createMemoryStorage(): Storage {
  const repositories = new Map<string, Content>();
  return {
    repository(name) {
      assertName("repository", name);
      let content = repositories.get(name);
      if (!content) repositories.set(name, content = emptyContent());
      return memoryRepository(content, repositories);
    },
  };
}

function emptyContent(): Content {
  return {
    blobs: new Map(),
    uploads: new Map(),
    manifests: new Map(),
    tags: new Map(),
    known: false,
  };
}

function memoryRepository(
  content: Content,
  repositories: ReadonlyMap<string, Content>,
): RepositoryStorage {
  const { blobs, uploads, manifests, tags } = content;
  return {
    blobSize: (digest) => Promise.resolve(blobs.get(digest)?.length),
    readBlob: (digest, range) => {
      const bytes = blobs.get(digest);
      return Promise.resolve(range ? bytes?.subarray(range.start, range.end + 1) : bytes);
    },
    mountBlob: (digest, from) => {
      const bytes = from === undefined
        ? findBlob(repositories, digest)
        : repositories.get(from)?.blobs.get(digest);
      if (bytes) blobs.set(digest, bytes);
      return Promise.resolve(bytes !== undefined);
    },
    deleteBlob: (digest) => Promise.resolve(blobs.delete(digest)),

    createUpload: () => {
      const id = crypto.randomUUID();
      uploads.set(id, []);
      return Promise.resolve(id);
    },
    uploadSize: (id) => {
      const chunks = uploads.get(id);
      return Promise.resolve(chunks && lengthOf(chunks));
    },
    appendUpload: async (id, chunks) => {
      const kept = uploads.get(id) ?? [];
      for await (const chunk of chunks) kept.push(chunk.slice());
    },
    readUpload: (id) => Promise.resolve(concat(uploads.get(id) ?? [])),
    commitUpload: (id, digest) => {
      blobs.set(digest, findBlob(repositories, digest) ?? concat(uploads.get(id) ?? []));
      uploads.delete(id);
      return Promise.resolve();
    },
    deleteUpload: (id) => Promise.resolve(uploads.delete(id)),

    getManifest: (digest) => Promise.resolve(manifests.get(digest)),
    putManifest: (digest, manifest) => {
      manifests.set(digest, manifest);
      content.known = true;
      return Promise.resolve();
    },
    deleteManifest: (digest) => {
      for (const [tag, named] of tags) if (named === digest) tags.delete(tag);
      return Promise.resolve(manifests.delete(digest));
    },
    listReferrers: (subject) => {
      const referrers = [...manifests].filter(([, manifest]) => manifest.subject === subject);
      return Promise.resolve(referrers.map(([digest]) => digest).sort());
    },

    getTag: (tag) => Promise.resolve(tags.get(tag)),
    putTag: (tag, digest) => Promise.resolve(void tags.set(tag, digest)),
    deleteTag: (tag) => Promise.resolve(tags.delete(tag)),
    listTags: () => Promise.resolve(content.known ? [...tags.keys()].sort() : undefined),
  };
}

function findBlob(
  repositories: ReadonlyMap<string, Content>,
  digest: Digest,
): Bytes | undefined {
  for (const { blobs } of repositories.values()) {
    const bytes = blobs.get(digest);
    if (bytes) return bytes;
  }
}

function lengthOf(chunks: Bytes[]): number {
  return chunks.reduce((sum, { length }) => sum + length, 0);
}
