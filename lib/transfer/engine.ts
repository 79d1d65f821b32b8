/**
 * Engines: what gets blobs to a destination.
 *
 * @module
 */

import type { Authorizer } from "../registry/authorizer.ts";
import type { RegistryEvent } from "../registry/event.ts";
import type { TransferEvent } from "./event.ts";
import type { BlobTask, TransferSettings } from "./task.ts";
import type { Sides } from "./sides.ts";
import type { BlobResult } from "./transfer_blob.ts";

/** What an engine works with. */
export interface TransferEnvironment {
  /** How blobs are moved, as plain data. */
  settings: TransferSettings;
  /** Both ends, connected in this thread. */
  sides: Sides;
  /** Who gives out tokens for both ends, whatever the number of threads. */
  authorizers: { source: Authorizer; destination: Authorizer };
  /** Most blobs on their way at the same time. */
  concurrency: number;
  /** Ends the work. */
  signal: AbortSignal;
  /** Waits before another try; ends with the signal's reason. */
  wait: (ms: number, signal?: AbortSignal | null) => Promise<void>;
  /** From 0 to 1, for the length of waits. */
  random: () => number;
}

/** Gets blobs to a destination and tells what happens; the first failure ends it and is thrown. */
export interface Engine {
  /**
   * Moves blobs; leaving the loop stops the work.
   *
   * @param tasks The blobs, in the order in which they are to begin.
   * @param environment What to work with.
   * @returns Events, among them one `blob-done` for every task.
   */
  run(tasks: BlobTask[], environment: TransferEnvironment): AsyncIterable<TransferEvent>;
}

/** Moves one blob at a time for the scheduler, in this thread or in another. */
export interface Runner extends AsyncDisposable {
  /**
   * Moves one blob, once.
   *
   * @param task The blob.
   * @param hooks What to tell, and when to stop.
   * @returns How it came to be there.
   */
  run(task: BlobTask, hooks: RunnerHooks): Promise<BlobResult>;
}

/** What a {@linkcode Runner} is given with each blob. */
export interface RunnerHooks {
  /** Takes events of this blob. */
  emit: (event: TransferEvent) => void;
  /** Ends the journey. */
  signal: AbortSignal;
  /** Whether an upload that opens means that its blob is not there; see `TransferBlobOptions`. */
  openingTells: () => Promise<boolean>;
  /** Takes what a probe found out about that. */
  onProbed: (tells: boolean) => void;
}

/** Takes events of a registry's connection. */
export type RegistryListener = (event: RegistryEvent) => void;
