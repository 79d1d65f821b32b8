/**
 * Durations as Kubernetes writes them.
 *
 * @module
 */

const UNITS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "µs": 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
};
const DURATION = /^(?:[0-9]+(?:\.[0-9]+)?(?:ns|us|µs|ms|s|m|h))+$/;

/**
 * Reads a duration.
 *
 * @example
 * ```ts
 * console.assert(parseDuration("1h30m") === 5_400_000);
 * ```
 * @param text e.g. `90s`, `1h30m`, `48h0m0s`, or a bare `0`.
 * @returns Milliseconds; undefined for what is no duration.
 */
export function parseDuration(text: string): number | undefined {
  if (text === "0") return 0;
  if (!DURATION.test(text)) return undefined;
  let sum = 0;
  for (const [, number, unit] of text.matchAll(/([0-9.]+)([a-zµ]+)/g)) {
    sum += Number(number) * (UNITS[unit ?? ""] ?? 0);
  }
  return sum;
}
