/**
 * How far a copy is: events in, figures out. Pure.
 *
 * @module
 */

import type { CopyEvent } from "../../transfer/event.ts";

/** A blob whose bytes are on their way. */
export interface MovingBlob {
  /** Its digest. */
  digest: string;
  /** Its length in bytes. */
  size: number;
  /** What the destination has accepted of it, in bytes. */
  accepted: number;
  /** Since when, in milliseconds. */
  since: number;
}

/** How far a copy is. Only what the destination has accepted counts. */
export interface ProgressState {
  /** Bytes that the plan may move. */
  total: number;
  /** Bytes of blobs that are there, however they came. */
  done: number;
  /** Bytes that were sent. */
  sent: number;
  /** Blobs to be moved. */
  blobs: number;
  /** Blobs that are there. */
  blobsDone: number;
  /** … by a mount. */
  mounted: number;
  /** … from before. */
  existing: number;
  /** On their way, oldest first. */
  moving: MovingBlob[];
  /** When the plan was made, in milliseconds. */
  since: number;
  /** When the destination last accepted something, in milliseconds. */
  lastNews: number;
}

/** Nothing has happened yet. */
export const NO_PROGRESS: ProgressState = {
  total: 0,
  done: 0,
  sent: 0,
  blobs: 0,
  blobsDone: 0,
  mounted: 0,
  existing: 0,
  moving: [],
  since: 0,
  lastNews: 0,
};

/**
 * The state after an event.
 *
 * @param state The state before; it is not changed.
 * @param event What happened.
 * @param now When, in milliseconds.
 * @returns The state after.
 */
export function nextProgress(state: ProgressState, event: CopyEvent, now: number): ProgressState {
  switch (event.type) {
    case "planned": {
      const blobs = event.plan.blobs.filter(({ action }) =>
        action === "transfer" || action === "mount"
      );
      const total = event.plan.size.transfer;
      return { ...NO_PROGRESS, total, blobs: blobs.length, since: now, lastNews: now };
    }
    case "blob-started": {
      const { digest, size } = event;
      const moving = [...without(state.moving, digest), { digest, size, accepted: 0, since: now }];
      return { ...state, moving };
    }
    case "blob-progress":
      return {
        ...state,
        lastNews: now,
        moving: state.moving.map((blob) =>
          blob.digest === event.digest ? { ...blob, accepted: event.accepted } : blob
        ),
      };
    case "blob-done":
      return {
        ...state,
        lastNews: now,
        done: state.done + event.size,
        sent: state.sent + event.sent,
        blobsDone: state.blobsDone + 1,
        mounted: state.mounted + (event.outcome === "mounted" ? 1 : 0),
        existing: state.existing + (event.outcome === "existing" ? 1 : 0),
        moving: without(state.moving, event.digest),
      };
    default:
      return state;
  }
}

/**
 * Bytes that the destination has, those of blobs under way included.
 *
 * @param state The state.
 * @returns Bytes; never more than the total.
 */
export function acceptedBytes(state: ProgressState): number {
  return state.done + state.moving.reduce((sum, { accepted }) => sum + accepted, 0);
}

function without(moving: MovingBlob[], digest: string): MovingBlob[] {
  return moving.filter((blob) => blob.digest !== digest);
}
