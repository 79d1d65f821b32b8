/**
 * How far a copy is: events in, figures out. Pure.
 *
 * @module
 */

import type { CopyEvent } from "../../transfer/event.ts";

/** A blob on its way. */
export interface MovingBlob {
  /** Its digest. */
  digest: string;
  /** Its length in bytes. */
  size: number;
  /** What the destination has accepted of it, in bytes. */
  accepted: number;
  /** When its journey began, in milliseconds. */
  since: number;
  /** When the destination last accepted some of it, in milliseconds. */
  lastNews: number;
}

/** How far a copy is. Only bytes that the destination has accepted count. */
export interface ProgressState {
  /** Whether the plan is made: before that, totals are not known. */
  planned: boolean;
  /** Requests that were answered. */
  requests: number;
  /** When it began, in milliseconds: the plan's making, and once that is done, the moving. */
  since: number;
  /** When the destination last accepted something, in milliseconds. */
  lastNews: number;
  /** Bytes to be sent; fewer once a blob turns out to be there, or is mounted. */
  total: number;
  /** Bytes of blobs that were sent and are there. */
  sent: number;
  /** Blobs to be brought. */
  blobs: number;
  /** How they came, those that are there. */
  outcomes: Readonly<Record<"transferred" | "mounted" | "existing" | "skipped", number>>;
  /** On their way, oldest first. */
  moving: readonly MovingBlob[];
  /** Manifests to be written, and those that are. */
  manifests: { total: number; done: number };
  /** Accepted bytes at times in the last seconds, for the rate. */
  samples: readonly { at: number; accepted: number }[];
}

/** The rate is that of so many milliseconds. */
const WINDOW = 10_000;
/** Samples are taken this often at most, in milliseconds. */
const SAMPLING = 500;

/**
 * Nothing has happened yet.
 *
 * @param now Milliseconds.
 * @returns The state to begin with.
 */
export function noProgress(now: number): ProgressState {
  return {
    planned: false,
    requests: 0,
    since: now,
    lastNews: now,
    total: 0,
    sent: 0,
    blobs: 0,
    outcomes: { transferred: 0, mounted: 0, existing: 0, skipped: 0 },
    moving: [],
    manifests: { total: 0, done: 0 },
    samples: [],
  };
}

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
    case "request":
      return { ...state, requests: state.requests + 1 };
    case "planned": {
      const { blobs, manifests, size } = event.plan;
      const toMove = blobs.filter(({ action }) => action === "transfer" || action === "mount");
      const toWrite = manifests.filter(({ action }) => action === "put");
      return {
        ...noProgress(now),
        planned: true,
        requests: state.requests,
        total: size.transfer,
        blobs: toMove.length,
        manifests: { total: toWrite.length, done: 0 },
        samples: [{ at: now, accepted: 0 }],
      };
    }
    case "blob-started": {
      const { digest, size } = event;
      const blob = { digest, size, accepted: 0, since: now, lastNews: now };
      return { ...state, moving: [...without(state.moving, digest), blob] };
    }
    case "blob-progress": {
      const { digest, accepted } = event;
      const moving = state.moving.map((blob) =>
        blob.digest === digest ? { ...blob, accepted, lastNews: now } : blob
      );
      return sampled({ ...state, moving }, now);
    }
    case "blob-done": {
      const { digest, size, outcome } = event;
      const isSent = outcome === "transferred";
      return sampled({
        ...state,
        total: state.total - (isSent ? 0 : size),
        sent: state.sent + (isSent ? size : 0),
        outcomes: { ...state.outcomes, [outcome]: state.outcomes[outcome] + 1 },
        moving: without(state.moving, digest),
      }, now);
    }
    case "manifest-done": {
      const { total, done } = state.manifests;
      return { ...state, lastNews: now, manifests: { total, done: done + 1 } };
    }
    default:
      return state;
  }
}

/**
 * Bytes that the destination has accepted, those of blobs on their way included.
 *
 * @param state The state.
 * @returns Bytes.
 */
export function acceptedBytes({ sent, moving }: ProgressState): number {
  return moving.reduce((sum, { accepted }) => sum + accepted, sent);
}

/**
 * Blobs that are there, however they came.
 *
 * @param state The state.
 * @returns How many.
 */
export function arrivedBlobs({ outcomes }: ProgressState): number {
  return outcomes.transferred + outcomes.mounted + outcomes.existing + outcomes.skipped;
}

/**
 * How fast bytes were accepted lately.
 *
 * @param state The state.
 * @param now Milliseconds.
 * @returns Bytes a second; 0 where nothing is known yet.
 */
export function rateOf(state: ProgressState, now: number): number {
  const first = state.samples.find(({ at }) => at >= now - WINDOW) ?? state.samples.at(-1);
  if (!first || now <= first.at) return 0;
  return (acceptedBytes(state) - first.accepted) / (now - first.at) * 1000;
}

/** The state with news of now, remembered for the rate. */
function sampled(state: ProgressState, now: number): ProgressState {
  const { samples } = state;
  const next = { ...state, lastNews: now };
  if (now < (samples.at(-1)?.at ?? -Infinity) + SAMPLING) return next;
  const recent = samples.filter(({ at }) => at >= now - WINDOW);
  return { ...next, samples: [...recent, { at: now, accepted: acceptedBytes(next) }] };
}

function without(moving: readonly MovingBlob[], digest: string): MovingBlob[] {
  return moving.filter((blob) => blob.digest !== digest);
}
