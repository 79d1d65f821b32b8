/**
 * How far a copy is, in lines. Pure.
 *
 * @module
 */

import { shortDigest } from "../../oci/digest.ts";
import { formatDuration, formatSize } from "../units.ts";
import { acceptedBytes, type ProgressState } from "./progress_state.ts";

/** Without news for this long it is said, in milliseconds. */
const QUIET = 10_000;

/**
 * The line that sums up, true from the start since the plan knows the total.
 *
 * 100 % is not said before the last blob is there.
 *
 * @param state How far it is.
 * @param now Milliseconds.
 * @returns e.g. `61 %  56.0/92.0 MiB  20/36 blobs  42.0 MiB/s  eta 1.0 s`.
 */
export function totalLine(state: ProgressState, now: number): string {
  const { total, blobs, blobsDone, since, sent } = state;
  const accepted = acceptedBytes(state);
  const share = total === 0 ? 1 : accepted / total;
  const percent = blobsDone === blobs ? 100 : Math.min(99, Math.floor(share * 100));
  const elapsed = (now - since) / 1000;
  const moved = sent + (accepted - state.done);
  const rate = elapsed > 0 ? moved / elapsed : 0;
  const eta = rate > 0 && blobsDone < blobs ? (total - accepted) / rate * 1000 : undefined;
  return [
    `${percent} %`,
    `${formatSize(accepted)} of ${formatSize(total)}`,
    `${blobsDone}/${blobs} blobs`,
    ...(moved > 0 ? [`${formatSize(rate)}/s`] : []),
    ...(eta !== undefined ? [`eta ${formatDuration(eta)}`] : []),
    ...(now - state.lastNews > QUIET
      ? [`no bytes accepted for ${formatDuration(now - state.lastNews)}`]
      : []),
  ].join("  ");
}

/**
 * What a terminal shows: the blobs on their way, as many as fit, then what waits, then the total.
 *
 * @param state How far it is.
 * @param options The terminal's size, and when this is.
 * @returns At most min(8, rows - 2) lines, none as long as the terminal is wide.
 */
export function frame(
  state: ProgressState,
  { columns, rows, now }: { columns: number; rows: number; now: number },
): string[] {
  const cut = (line: string) => line.slice(0, Math.max(0, columns - 1));
  const total = totalLine(state, now);
  const room = Math.min(8, rows - 2);
  if (columns < 60 || room < 3) return [cut(total)];
  const waiting = state.blobs - state.blobsDone - state.moving.length;
  const counts = [
    `${state.moving.length} moving`,
    `${waiting} waiting`,
    ...(state.mounted ? [`${state.mounted} mounted`] : []),
    ...(state.existing ? [`${state.existing} there already`] : []),
  ].join(", ");
  const lines = state.moving.slice(0, room - 2).map(({ digest, size, accepted, since }) => {
    const amount = accepted > 0
      ? `${formatSize(accepted)} of ${formatSize(size)}`
      : formatSize(size);
    return `  ${shortDigest(digest)}  ${amount.padEnd(22)}  ${formatDuration(now - since)}`;
  });
  return [...lines, counts, total].map(cut);
}
