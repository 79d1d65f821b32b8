/**
 * Sizes, times and counts for people.
 *
 * @module
 */

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/**
 * Bytes for people.
 *
 * @example
 * ```ts
 * console.assert(formatSize(96_468_992) === "92.0 MiB");
 * ```
 * @param bytes A size.
 * @returns Three digits or so, and a unit.
 */
export function formatSize(bytes: number): string {
  const unit = unitFor(bytes);
  return `${formatIn(bytes, unit)} ${UNITS[unit]}`;
}

/**
 * A part of a whole, both in the whole's unit.
 *
 * @example
 * ```ts
 * console.assert(formatShare(58_720_256, 96_468_992) === "56.0/92.0 MiB");
 * ```
 * @param part Bytes.
 * @param whole Bytes.
 * @returns Both, and the unit once.
 */
export function formatShare(part: number, whole: number): string {
  const unit = unitFor(whole);
  return `${formatIn(part, unit)}/${formatIn(whole, unit)} ${UNITS[unit]}`;
}

/**
 * Milliseconds for people.
 *
 * @example
 * ```ts
 * console.assert(formatDuration(3214) === "3.2 s" && formatDuration(250_000) === "4 min 10 s");
 * ```
 * @param ms A duration.
 * @returns Tenths of seconds, then seconds, minutes, hours.
 */
export function formatDuration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * A number and what it counts.
 *
 * @example
 * ```ts
 * console.assert(formatCount(1, "blob") === "1 blob" && formatCount(36, "blob") === "36 blobs");
 * ```
 * @param count How many.
 * @param noun What, one of it.
 * @returns Both, the noun with an s unless it is one.
 */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function unitFor(bytes: number): number {
  let unit = 0;
  // 1023.95 would be shown as 1024.0.
  while (unit < UNITS.length - 1 && bytes >= 1023.95 * 1024 ** unit) unit++;
  return unit;
}

function formatIn(bytes: number, unit: number): string {
  const value = bytes / 1024 ** unit;
  return unit === 0 || value >= 99.95 ? value.toFixed(0) : value.toFixed(1);
}
