/**
 * The engine of Web Workers: blobs are handed out as workers free up.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import type { Engine, Runner, RunnerHooks, TransferEnvironment } from "./engine.ts";
import { createInlineRunner } from "./inline_engine.ts";
import type { FromWorker, ToWorker } from "./message.ts";
import { schedule } from "./schedule.ts";
import type { BlobResult } from "./transfer_blob.ts";

/** Options of {@linkcode createWorkerPool}. */
export interface WorkerPoolOptions {
  /** How many threads, at least 1. */
  workers: number;
  /** Starts one; replaced in tests. */
  createWorker?: () => Worker;
  /** How long workers may take to cancel their uploads once the work is stopped, in milliseconds. */
  stopTimeout?: number;
}

/**
 * Makes an engine that moves blobs in Web Workers.
 *
 * A worker that breaks is left alone, and its blobs go to the others; when none is left, or none
 * could be started (no permission), the rest is done in this thread.
 *
 * @param options How many workers.
 * @returns The engine; every run has workers of its own, which end with it.
 */
export function createWorkerPool(options: WorkerPoolOptions): Engine {
  return {
    run: (tasks, environment) =>
      schedule(tasks, (environment) => new WorkerPool(environment, options), environment),
  };
}

/** A blob that a worker has in hand. */
interface Held extends PromiseWithResolvers<BlobResult> {
  hooks: RunnerHooks;
}

/** A worker, and the blobs that it has in hand. */
interface Member {
  worker: Worker;
  held: Map<number, Held>;
}

class WorkerPool implements Runner {
  readonly #members = new Set<Member>();
  readonly #environment: TransferEnvironment;
  readonly #inline: Runner;
  readonly #stopTimeout: number;
  #lastTask = 0;
  #late: ReturnType<typeof setTimeout> | undefined;
  #emit: RunnerHooks["emit"] = () => {};

  constructor(environment: TransferEnvironment, options: WorkerPoolOptions) {
    const { workers, createWorker = startWorker, stopTimeout = 2000 } = options;
    this.#environment = environment;
    this.#inline = createInlineRunner(environment);
    this.#stopTimeout = stopTimeout;
    environment.signal.addEventListener("abort", this.#stop, { once: true });
    for (let i = 0; i < workers; i++) {
      try {
        this.#add(createWorker());
      } catch (error) {
        if (!(error instanceof Deno.errors.NotCapable)) throw error;
        break; // no permission for workers: the ones there are, or none, have to do
      }
    }
  }

  async run(task: Parameters<Runner["run"]>[0], hooks: RunnerHooks): Promise<BlobResult> {
    this.#emit = hooks.emit;
    for (;;) {
      const member = leastBusy(this.#members);
      if (!member) return await this.#inline.run(task, hooks);
      const id = ++this.#lastTask;
      const held: Held = { ...Promise.withResolvers<BlobResult>(), hooks };
      member.held.set(id, held);
      send(member.worker, { type: "task", id, task });
      try {
        return await held.promise;
      } catch (error) {
        if (!(error instanceof WorkerLost)) throw error;
        hooks.signal.throwIfAborted();
      } finally {
        member.held.delete(id);
      }
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#late);
    for (const { worker } of this.#members) worker.terminate();
    this.#members.clear();
    return Promise.resolve();
  }

  /** Lets workers cancel their uploads, but not forever. */
  readonly #stop = (): void => {
    for (const { worker } of this.#members) send(worker, { type: "stop" });
    this.#late = setTimeout(() => {
      for (const member of this.#members) this.#lose(member, "it did not stop in time");
    }, this.#stopTimeout);
  };

  #add(worker: Worker): void {
    const member: Member = { worker, held: new Map() };
    this.#members.add(member);
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(member, data);
    worker.onerror = (event) => {
      event.preventDefault(); // handled: the blobs go to another worker
      this.#lose(member, event.message);
    };
    worker.onmessageerror = () => this.#lose(member, "a message could not be read");
    send(worker, { type: "start", settings: this.#environment.settings });
  }

  #hear(member: Member, message: FromWorker): void {
    switch (message.type) {
      case "done":
        return member.held.get(message.id)?.resolve(message.result);
      case "failed":
        return member.held.get(message.id)?.reject(OciPushError.fromJSON(message.error));
      case "event":
        return this.#emit(message.event);
      case "authorize":
        return void this.#authorize(member, message);
    }
  }

  async #authorize(
    { worker }: Member,
    { id, side, challenge, rejected }: FromWorker & { type: "authorize" },
  ): Promise<void> {
    const authorizer = this.#environment.authorizers[side];
    const { signal } = this.#environment;
    try {
      const authorization = challenge === undefined
        ? await authorizer.current({ signal })
        : await authorizer.answer(challenge, rejected, { signal });
      send(worker, { type: "authorization", id, ...(authorization && { authorization }) });
    } catch (error) {
      const known = error instanceof OciPushError
        ? error
        : new OciPushError("INTERNAL", String(error), { terminal: true });
      send(worker, { type: "authorization", id, error: known.toJSON() });
    }
  }

  #lose(member: Member, reason: string): void {
    if (!this.#members.delete(member)) return;
    member.worker.terminate();
    this.#emit({ type: "worker-lost", reason });
    for (const { reject } of member.held.values()) reject(new WorkerLost(reason));
  }
}

/** Tells `run` that the worker is gone, not what became of the blob. */
class WorkerLost extends Error {}

function startWorker(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
}

function send(worker: Worker, message: ToWorker): void {
  worker.postMessage(message);
}

function leastBusy(members: Iterable<Member>): Member | undefined {
  let least: Member | undefined;
  for (const member of members) {
    if (!least || member.held.size < least.held.size) least = member;
  }
  return least;
}
