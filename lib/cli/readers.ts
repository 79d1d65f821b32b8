/**
 * Readers: what the values of flags mean.
 *
 * @module
 */

import type { Reader } from "./flag.ts";
import { usageError } from "./usage_error.ts";

/** Factors by unit in upper case: powers of 1024 with an `i`, of 1000 without. */
const SIZES: Readonly<Record<string, number>> = {
  "": 1,
  K: 1000,
  M: 1000 ** 2,
  G: 1000 ** 3,
  T: 1000 ** 4,
  KI: 1024,
  MI: 1024 ** 2,
  GI: 1024 ** 3,
  TI: 1024 ** 4,
};
const DURATIONS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** A timer that is set to more rings at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * Takes a text as it is.
 *
 * @param text What was typed.
 * @returns The same.
 */
export function readText(text: string): string {
  return text;
}

/**
 * Reads a limit: bytes, a number with K, M, G, T or with Ki, Mi, Gi, Ti, a `B` behind or not, or -1.
 *
 * @param text What was typed.
 * @param name Where.
 * @returns Bytes; -1 for no limit.
 * @throws {OciPushError} `INVALID_ARGUMENT` for anything else.
 */
export function readLimit(text: string, name: string): number {
  const trimmed = text.trim();
  if (trimmed === "-1") return -1;
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?) *([kmgt]?i?)b?$/i.exec(trimmed) ?? [];
  const bytes = Math.round(Number(number) * (SIZES[unit.toUpperCase()] ?? NaN));
  if (number !== "" && Number.isSafeInteger(bytes)) return bytes;
  throw refuse(text, name, {
    problem: "is no size",
    hint: "write bytes, or e.g. 512MiB (1024) or 2GB (1000); -1 is no limit",
  });
}

/**
 * Reads a duration: parts like 1h, 30m, 90s, 500ms, one behind the other.
 *
 * @param text What was typed.
 * @param name Where.
 * @returns Milliseconds, more than 0.
 * @throws {OciPushError} `INVALID_ARGUMENT` for anything else.
 */
export function readDuration(text: string, name: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  const isWhole = parts.map(([part]) => part).join("") === text;
  const ms = parts.reduce((sum, [, number, unit]) => sum + Number(number) * DURATIONS[unit!]!, 0);
  if (isWhole && ms > 0 && ms <= LONGEST) return Math.ceil(ms);
  const hint = "write e.g. 90s, 10m, 1h30m or 500ms";
  if (ms > LONGEST) throw refuse(text, name, { problem: "is longer than 24 days", hint });
  throw refuse(text, name, { problem: isWhole ? "is no time at all" : "is no duration", hint });
}

/**
 * Makes a reader of whole numbers.
 *
 * @param least The least that makes sense.
 * @param most The most.
 * @returns The reader.
 */
export function readCount(least: number, most = Number.MAX_SAFE_INTEGER): Reader<number> {
  return (text, name) => {
    const number = /^\d+$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    const upTo = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `${least} to ${most}`;
    throw refuse(text, name, { problem: "does not fit", hint: `write a whole number ${upTo}` });
  };
}

/**
 * Makes a reader of one word out of a few.
 *
 * @param words Those that make sense.
 * @returns The reader.
 */
export function readOneOf<W extends string>(...words: W[]): Reader<W> {
  return (text, name) => {
    const found = words.find((word) => word === text);
    if (found !== undefined) return found;
    throw refuse(text, name, { problem: "is not known", hint: `write ${words.join(" or ")}` });
  };
}

/**
 * Reads `KEY=VALUE`; the value may hold anything, further equals signs and line ends included.
 *
 * @param text What was typed.
 * @param name Where.
 * @returns Key and value.
 * @throws {OciPushError} `INVALID_ARGUMENT` without an equals sign or a key.
 */
export function readAssignment(text: string, name: string): [key: string, value: string] {
  const equals = text.indexOf("=");
  if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
  throw refuse(text, name, {
    problem: equals < 0 ? 'has no "="' : 'has nothing before its "="',
    hint: `write ${name} KEY=VALUE`,
  });
}

/**
 * Reads `HOST=URL`: where a registry is really reached.
 *
 * @param text What was typed.
 * @param name Where.
 * @returns The host as references name it, and the address.
 * @throws {OciPushError} `INVALID_ARGUMENT` for what is no http address, or holds a password.
 */
export function readEndpoint(text: string, name: string): [host: string, url: string] {
  const [host, address] = readAssignment(text, name);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash;
  if (isPlain && url.username === "" && url.password === "") {
    const plain = host.toLowerCase();
    return [plain === "index.docker.io" ? "docker.io" : plain, address];
  }
  // An address may hold a password: it is not repeated.
  throw usageError(
    `cannot use ${name} for ${host}: that is not where a registry can be`,
    `write ${name} ${host}=https://… or ${host}=http://…, passwords elsewhere`,
  );
}

function refuse(text: string, name: string, { problem, hint }: { problem: string; hint: string }) {
  return usageError(`cannot use ${name}: "${text}" ${problem}`, hint);
}
