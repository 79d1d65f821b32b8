/**
 * Which engine a copy gets.
 *
 * @module
 */

import type { Engine } from "./engine.ts";
import { createInlineEngine } from "./inline_engine.ts";
import type { BlobTask } from "./task.ts";

/** A worker costs 20 ms and 13 to 25 MB: it is started for this many bytes, not for fewer. */
export const BYTES_PER_WORKER: number = 256 * 1024 * 1024;
/**
 * Below this many processors one thread moves bytes as fast as several (measured on two: the same
 * time with and without TLS, a third more memory a worker).
 */
const CORES_FOR_WORKERS = 4;
/** More threads than this have shown nothing. */
const MOST_WORKERS = 4;

/** Options of {@linkcode chooseEngine}. */
export interface ChooseEngineOptions {
  /** The blobs to be moved. */
  tasks: BlobTask[];
  /** A number from the user: 0 means inline. Absent: by cores and bytes. */
  workers?: number;
  /** Processors of the machine. */
  cores: number;
}

/**
 * How many workers a copy is worth.
 *
 * @param options The blobs, the machine, the user's word.
 * @returns 0 for inline.
 */
export function chooseWorkers({ tasks, workers, cores }: ChooseEngineOptions): number {
  if (workers !== undefined) return Math.min(workers, tasks.length);
  const bytes = tasks.reduce((sum, { size }) => sum + size, 0);
  const spare = cores < CORES_FOR_WORKERS ? 0 : Math.floor(cores / 2);
  return Math.min(Math.floor(bytes / BYTES_PER_WORKER), spare, tasks.length, MOST_WORKERS);
}

/**
 * Picks the inline engine, or a pool of workers where they pay; the pool's code is loaded only then.
 *
 * @param options The blobs, the machine, the user's word.
 * @returns An engine.
 */
export async function chooseEngine(options: ChooseEngineOptions): Promise<Engine> {
  const workers = chooseWorkers(options);
  if (workers === 0) return createInlineEngine();
  const { createWorkerPool } = await import("./worker_pool.ts");
  return createWorkerPool({ workers });
}
