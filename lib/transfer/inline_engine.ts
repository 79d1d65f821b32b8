/**
 * The engine without workers: everything in the caller's thread.
 *
 * @module
 */

import type { Engine, Runner, TransferEnvironment } from "./engine.ts";
import { schedule } from "./schedule.ts";
import { transferBlob } from "./transfer_blob.ts";

/**
 * Makes an engine that runs in the caller's thread.
 *
 * Bytes that are passed on untouched need no thread of ours: the runtime moves them in its own.
 *
 * @returns The engine.
 */
export function createInlineEngine(): Engine {
  return {
    run: (tasks, environment) => schedule(tasks, createInlineRunner, environment),
  };
}

/**
 * Makes a runner that moves blobs in the caller's thread.
 *
 * @param environment Both ends.
 * @returns The runner; nothing has to be given back.
 */
export function createInlineRunner(environment: TransferEnvironment): Runner {
  const { sides, settings } = environment;
  const { verify, chunkThreshold, chunkSize, pieceSize } = settings;
  return {
    run(task, { emit, signal, openingTells, onProbed }) {
      const { digest } = task;
      return transferBlob(task, sides, {
        verify,
        chunkThreshold,
        chunkSize,
        ...(pieceSize !== undefined && { pieceSize }),
        signal,
        openingTells,
        onProbed,
        onOpened: () => emit({ type: "blob-opened", digest }),
        onProgress: (accepted) => emit({ type: "blob-progress", digest, accepted }),
      });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
