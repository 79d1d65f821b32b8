/**
 * Bytes of uploads on their way into a storage, hashed as they pass.
 *
 * @module
 */

import { type Digest, type DigestAlgorithm, digestAlgorithm } from "../oci/digest.ts";
import { bodyPieces } from "./body_pieces.ts";
import type { BlobContent, RepositoryStorage } from "./storage.ts";

/** An upload's place. */
export interface UploadPlace {
  /** Where it is kept. */
  repository: RepositoryStorage;
  /** Its id. */
  id: string;
}

/** What is added to an upload. */
export interface UploadBody {
  /** The bytes, if there are any. */
  stream: ReadableStream<Uint8Array> | null;
  /** The digest that the whole is to have, where that is known. */
  expected?: Digest | undefined;
}

/** Receives uploads; calls for one upload must not overlap. */
export interface UploadReceiver {
  /** Adds a body to an upload, and says how many bytes came. */
  receive(place: UploadPlace, body: UploadBody): Promise<number>;
  /** The digest of all that an upload has, by the algorithm of another; the upload's last call. */
  digest(place: UploadPlace, like: Digest): Promise<Digest>;
  /** Drops what is remembered of an upload. */
  forget(id: string): void;
}

interface Running {
  algorithm: DigestAlgorithm;
  update(bytes: Uint8Array): void;
  digest(): Digest;
}

/**
 * Makes a receiver.
 *
 * Hashes go along with the bytes. Where one is missing, since the process was started anew, a body
 * broke off or the algorithm turned out to be another, the stored bytes are read once more.
 *
 * @returns The receiver.
 */
export function createUploadReceiver(): UploadReceiver {
  const hashes = new Map<string, Running>();

  async function receive(
    { repository, id }: UploadPlace,
    { stream, expected }: UploadBody,
  ): Promise<number> {
    const isFirst = await repository.uploadSize(id) === 0;
    const hash = isFirst ? await startHash(expected) : hashes.get(id);
    hashes.delete(id);
    let received = 0;
    await repository.appendUpload(
      id,
      async function* () {
        for await (const chunk of bodyPieces(stream)) {
          yield chunk;
          hash?.update(chunk);
          received += chunk.length;
        }
      }(),
    );
    if (hash) hashes.set(id, hash);
    return received;
  }

  async function digest({ repository, id }: UploadPlace, like: Digest): Promise<Digest> {
    const hash = hashes.get(id);
    hashes.delete(id);
    if (hash?.algorithm === digestAlgorithm(like)) return hash.digest();
    const again = await startHash(like);
    for await (const chunk of chunksOf(await repository.readUpload(id))) again.update(chunk);
    return again.digest();
  }

  return { receive, digest, forget: (id) => void hashes.delete(id) };
}

async function startHash(like?: Digest): Promise<Running> {
  // Loaded here, since it costs 18 ms that a registry which only serves can do without.
  const { createHash } = await import("node:crypto");
  const algorithm = like ? digestAlgorithm(like) : "sha256";
  const hash = createHash(algorithm);
  return {
    algorithm,
    update: (bytes) => void hash.update(bytes),
    digest: () => `${algorithm}:${hash.digest("hex")}`,
  };
}

async function* chunksOf(content: BlobContent): AsyncGenerator<Uint8Array> {
  if (content instanceof Uint8Array) yield content;
  else yield* content;
}
