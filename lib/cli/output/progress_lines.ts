/**
 * How far a copy is, in lines. Pure.
 *
 * @module
 */

import { shortDigest } from "../../oci/digest.ts";
import { formatDuration, formatShare, formatSize } from "../format.ts";
import {
  acceptedBytes,
  arrivedBlobs,
  type MovingBlob,
  type ProgressState,
  rateOf,
} from "./progress_state.ts";

/** Where and when a frame is drawn. */
export interface FrameOptions {
  /** The terminal's width. */
  columns: number;
  /** The terminal's height. */
  rows: number;
  /** Milliseconds. */
  now: number;
}

/** Silence of this length is said, in milliseconds. */
const SILENCE = 10_000;
/** Terminals with fewer columns get the total alone. */
const NARROW = 60;
const MOST_LINES = 8;
const SPINNER = ["-", "\\", "|", "/"];
const TURN = 100;

/**
 * The line that sums up; true from the start, since the plan knows the total.
 *
 * Never 100 % before the last manifest is written.
 *
 * @param state How far it is.
 * @param now Milliseconds.
 * @returns e.g. `61 %  56.0/92.0 MiB  20/36 blobs  42.0 MiB/s  eta 1.0 s`.
 */
export function totalLine(state: ProgressState, now: number): string {
  const { planned, requests, since, total, blobs, manifests, lastNews } = state;
  if (!planned) return `planning  ${requests} answers  ${formatDuration(now - since)}`;
  const accepted = acceptedBytes(state);
  const arrived = arrivedBlobs(state);
  const share = total > 0 ? accepted / total : blobs > 0 ? arrived / blobs : 1;
  const isDone = manifests.done === manifests.total;
  const rate = rateOf(state, now);
  const parts = [
    `${isDone ? 100 : Math.min(99, Math.floor(share * 100))} %`,
    ...(total > 0 ? [formatShare(accepted, total)] : []),
    `${arrived}/${blobs} blobs`,
  ];
  if (now - lastNews >= SILENCE) {
    parts.push(`no bytes accepted for ${formatDuration(now - lastNews)}`);
  } else if (rate > 0) {
    parts.push(`${formatSize(rate)}/s`);
    if (accepted < total) parts.push(`eta ${formatDuration((total - accepted) / rate * 1000)}`);
  }
  return parts.join("  ");
}

/**
 * What a terminal shows: blobs on their way, as many as fit, then the total, then what else there is.
 *
 * @param state How far it is.
 * @param options The terminal's size, and when this is.
 * @returns At most min(8, rows - 2) lines, each shorter than the terminal is wide.
 */
export function frameLines(state: ProgressState, options: FrameOptions): string[] {
  const { columns, rows, now } = options;
  const room = Math.min(MOST_LINES, rows - 2);
  const total = totalLine(state, now);
  const lines = columns < NARROW || room < 3 || !state.planned ? [total] : [
    ...state.moving.slice(0, room - 2).map((blob) => blobLine(blob, now)),
    total,
    countsLine(state),
  ];
  return lines.map((line) => fit(line, Math.max(0, columns - 1)));
}

/** Cut between two parts where that is possible: half a figure is a wrong one. */
function fit(line: string, width: number): string {
  if (line.length <= width) return line;
  const end = line.lastIndexOf("  ", width);
  return line.slice(0, end > 0 ? end : width);
}

function blobLine({ digest, size, accepted, since, lastNews }: MovingBlob, now: number): string {
  const amount = accepted > 0 ? formatShare(accepted, size) : formatSize(size);
  const spinner = SPINNER[Math.floor((now - since) / TURN) % SPINNER.length];
  const news = now - lastNews >= SILENCE
    ? `no bytes accepted for ${formatDuration(now - lastNews)}`
    : formatDuration(now - since);
  return `  ${spinner} ${shortDigest(digest)}  ${amount.padEnd(16)}  ${news}`;
}

function countsLine(state: ProgressState): string {
  const { moving, blobs, outcomes, manifests } = state;
  const waiting = blobs - arrivedBlobs(state) - moving.length;
  return [
    `${moving.length} moving`,
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
    ...(outcomes.mounted > 0 ? [`${outcomes.mounted} mounted`] : []),
    ...(outcomes.existing > 0 ? [`${outcomes.existing} there already`] : []),
    `${manifests.done}/${manifests.total} manifests`,
  ].join(", ");
}
