/**
 * The execution of a plan: blobs by an engine, manifests as their blobs arrive, the tag last.
 *
 * @module
 */

import { decodeBase64 } from "../std/encoding.ts";
import type { Digest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import { blobsOf, childrenOf, parseDocument } from "../oci/manifest.ts";
import type { Plan, PlannedManifest } from "../plan/plan.ts";
import { headManifest, putManifest } from "../registry/manifests.ts";
import { chooseEngine } from "./choose_engine.ts";
import type { Engine, TransferEnvironment } from "./engine.ts";
import type { BlobOutcome, CopyEvent } from "./event.ts";
import type { BlobTask } from "./task.ts";

/** What an execution works with, beside the plan. */
export interface ExecuteOptions {
  /** Both ends, and how blobs are moved. */
  environment: TransferEnvironment;
  /** Threads: 0 is inline; absent: by cores and bytes. */
  workers?: number;
  /** Processors of the machine. */
  cores: number;
  /** Takes what happens. */
  emit: (event: CopyEvent) => void;
  /** Replaces the choice of an engine. */
  engine?: Engine;
}

/** What an execution did. */
export interface ExecuteResult {
  /** The digest that the destination's tag names now, as the destination says. */
  digest: Digest;
  /** Bytes of blobs that were sent. */
  bytes: number;
  /** How many blobs came to be there in which way. */
  blobs: Record<BlobOutcome, number>;
}

/**
 * Does what a plan says; the actions alone decide, never the plan's mode.
 *
 * A manifest is written as soon as its blobs and children are there, the root after everything
 * else and under the tag: until that one request the tag is as it was.
 *
 * @param plan What to do.
 * @param options What to do it with.
 * @returns What was done.
 * @throws {OciPushError} `CONTENT_MISSING` where the destination has less than the plan took for
 * granted: plan again without trusting its manifests. Else whatever the registries answer.
 */
export async function executePlan(plan: Plan, options: ExecuteOptions): Promise<ExecuteResult> {
  const { environment, emit, cores, workers } = options;
  const result: ExecuteResult = {
    digest: plan.root,
    bytes: 0,
    blobs: { transferred: 0, mounted: 0, existing: 0, skipped: 0 },
  };
  for (const { action } of plan.blobs) {
    if (action === "exists") result.blobs.existing++;
    if (action === "skip") result.blobs.skipped++;
  }
  const tasks = plan.blobs.filter(isToMove).map(toTask);
  const stop = new AbortController();
  const signal = AbortSignal.any([environment.signal, stop.signal]);
  const commit = new Commit(plan, { environment: { ...environment, signal }, emit, stop, tasks });
  try {
    commit.start();
    if (tasks.length > 0) {
      const engine = options.engine ??
        await chooseEngine({ tasks, cores, ...(workers !== undefined && { workers }) });
      for await (const event of engine.run(tasks, { ...environment, signal })) {
        emit(event);
        if (event.type !== "blob-done") continue;
        result.blobs[event.outcome]++;
        result.bytes += event.sent;
        commit.arrived(event.digest);
      }
    }
    const written = await commit.finish();
    return written ? { ...result, digest: written } : result;
  } catch (error) {
    stop.abort(error);
    await commit.settled();
    throw error;
  }
}

/** A manifest that waits for what it names. */
interface Waiting {
  manifest: PlannedManifest;
  missing: Set<Digest>;
}

interface CommitOptions {
  environment: Pick<TransferEnvironment, "sides" | "signal">;
  emit: (event: CopyEvent) => void;
  stop: AbortController;
  tasks: BlobTask[];
}

/** Writes manifests, each as soon as what it names is there. */
class Commit {
  readonly #plan: Plan;
  readonly #options: CommitOptions;
  readonly #waiting: Waiting[];
  readonly #writing: Promise<void>[] = [];
  #written: Digest | undefined;

  constructor(plan: Plan, options: CommitOptions) {
    this.#plan = plan;
    this.#options = options;
    const toCome = new Set(options.tasks.map(({ digest }) => digest));
    const manifests = plan.manifests.filter(({ action }) => action === "put");
    for (const { digest } of manifests) toCome.add(digest);
    this.#waiting = manifests.map((manifest) => {
      // The root waits for everything else, not only for what it names.
      const named = manifest.digest === plan.root ? [...toCome] : namedBy(manifest);
      const missing = named.filter((digest) => toCome.has(digest) && digest !== manifest.digest);
      return { manifest, missing: new Set(missing) };
    });
  }

  /** Writes what waits for nothing. */
  start(): void {
    this.#writeReady();
  }

  /** Something is there that manifests may have waited for. */
  arrived(digest: Digest): void {
    for (const { missing } of this.#waiting) missing.delete(digest);
    this.#writeReady();
  }

  /** Resolves once all is written, to the digest of the root if that was written. */
  async finish(): Promise<Digest | undefined> {
    // Writing one makes others ready: the list grows while it is awaited.
    for (const writing of this.#writing) await writing;
    if (this.#waiting.length > 0) {
      const [{ manifest }] = this.#waiting as [Waiting];
      throw new OciPushError("INTERNAL", `cannot write ${manifest.digest}: the plan has a gap`, {
        terminal: true,
      });
    }
    return this.#written;
  }

  /** Resolves once nothing is being written any more, well or not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writing);
  }

  #writeReady(): void {
    for (let i = 0; i < this.#waiting.length;) {
      const { manifest, missing } = this.#waiting[i]!;
      if (missing.size > 0) {
        i++;
        continue;
      }
      this.#waiting.splice(i, 1);
      const writing = this.#write(manifest, manifest.digest === this.#plan.root);
      writing.catch((error) => this.#options.stop.abort(error)); // thrown by finish()
      this.#writing.push(writing);
    }
  }

  async #write(manifest: PlannedManifest, isRoot: boolean): Promise<void> {
    const { environment: { sides: { destination }, signal }, emit } = this.#options;
    const { digest, mediaType } = manifest;
    const { tag } = this.#plan.destination;
    const content = { bytes: decodeBase64(manifest.bytes!), mediaType };
    try {
      const written = await putManifest(destination, isRoot ? tag : digest, content, { signal });
      if (isRoot) this.#written = written.digest;
    } catch (error) {
      if (!isRoot || !await this.#isWritten(error)) throw error;
    }
    emit({ type: "manifest-done", digest, mediaType, ...(isRoot && { tag }) });
    this.arrived(digest);
  }

  /** Some registries commit although their answer got lost: then the tag names what it should. */
  async #isWritten(error: unknown): Promise<boolean> {
    const { environment: { sides: { destination }, signal } } = this.#options;
    if (signal.aborted || !(error instanceof OciPushError) || error.terminal) return false;
    const { root, destination: { tag } } = this.#plan;
    const head = await headManifest(destination, tag, { signal }).catch(() => undefined);
    if (head?.digest !== root) return false;
    this.#written = root;
    return true;
  }
}

function namedBy({ bytes, mediaType, digest }: PlannedManifest): Digest[] {
  const document = parseDocument(decodeBase64(bytes!), { mediaType, name: digest });
  return [...childrenOf(document), ...blobsOf(document)].map(({ digest }) => digest);
}

function isToMove({ action }: Plan["blobs"][number]): boolean {
  return action === "transfer" || action === "mount";
}

function toTask({ digest, size, from, check, eager }: Plan["blobs"][number]): BlobTask {
  return {
    digest,
    size,
    ...(from !== undefined && { from }),
    ...(check && { check }),
    ...(eager && { eager }),
  };
}
