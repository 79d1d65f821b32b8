/**
 * Sizes and durations as people write and read them.
 *
 * @module
 */

import { usageError } from "./command.ts";

const SIZES: Record<string, number> = {
  "": 1,
  B: 1,
  K: 1000,
  M: 1000 ** 2,
  G: 1000 ** 3,
  T: 1000 ** 4,
  KIB: 1024,
  MIB: 1024 ** 2,
  GIB: 1024 ** 3,
  TIB: 1024 ** 4,
};
const DURATIONS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Reads a size: bytes, or a number with KiB, MiB, GiB, TiB (1024) or K, M, G, T, KB, … (1000).
 *
 * @param text What was typed.
 * @param name The option or variable, for the message.
 * @returns Bytes; -1 stays -1.
 * @throws {OciPushError} `INVALID_ARGUMENT` for anything else.
 */
export function parseSize(text: string, name: string): number {
  if (text.trim() === "-1") return -1;
  const [, number = "", unit = ""] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(text) ?? [];
  const upper = unit.toUpperCase();
  const factor = SIZES[upper] ?? SIZES[upper.replace(/^([KMGT])B$/, "$1")];
  const bytes = Math.round(Number(number) * (factor ?? NaN));
  if (number !== "" && Number.isSafeInteger(bytes)) return bytes;
  throw usageError(
    `${name} "${text}" is not a size`,
    "write bytes or e.g. 512MiB, 2GiB; -1 is no limit",
  );
}

/**
 * Reads a duration: parts like 1h, 30m, 90s, 500ms, one behind the other.
 *
 * @param text What was typed.
 * @param name The option, for the message.
 * @returns Milliseconds, more than 0.
 * @throws {OciPushError} `INVALID_ARGUMENT` for anything else.
 */
export function parseDuration(text: string, name: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  const whole = parts.map(([part]) => part).join("") === text;
  const ms = parts.reduce((sum, [, number, unit]) => sum + Number(number) * DURATIONS[unit!]!, 0);
  if (whole && ms > 0 && ms <= 2 ** 31 - 1) return Math.ceil(ms);
  throw usageError(`${name} "${text}" is not a duration`, "write e.g. 90s, 10m, 1h30m, 500ms");
}

/**
 * Reads a whole number.
 *
 * @param text What was typed.
 * @param options The option's name, and the least it may be.
 * @returns The number.
 * @throws {OciPushError} `INVALID_ARGUMENT` for anything else.
 */
export function parseCount(text: string, { name, least }: { name: string; least: number }): number {
  const number = /^\d+$/.test(text) ? Number(text) : NaN;
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw usageError(`${name} "${text}" is not a whole number of at least ${least}`);
}

/**
 * Bytes for people.
 *
 * @param bytes A size.
 * @returns e.g. `92.4 MiB`.
 */
export function formatSize(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/**
 * Milliseconds for people.
 *
 * @param ms A duration.
 * @returns e.g. `3.2 s`, `4 min 10 s`.
 */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
