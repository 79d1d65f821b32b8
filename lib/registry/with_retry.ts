/**
 * Another try for what may pass.
 *
 * @module
 */

import { OciPushError, type Side } from "../oci/error.ts";
import type { RegistryEvent } from "./event.ts";
import { worthAnotherTry } from "./network_error.ts";
import type { Wrapper } from "./transport.ts";

/** Options of {@linkcode withRetry}. */
export interface RetryOptions {
  /** Whose requests these are. */
  about: { registry: string; side?: Side };
  /** Tries after the first. */
  retries: number;
  /** Waits; ends with the signal's reason. */
  wait: (ms: number, signal?: AbortSignal | null) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
  /** Epoch milliseconds, to read dates with. */
  now: () => number;
  /** Told of waits. */
  onEvent?: (event: RegistryEvent) => void;
}

const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);
/** The first wait, in milliseconds; doubled for every further one. */
const FIRST_WAIT = 250;
const LONGEST_WAIT = 15_000;
/** The most that a registry may ask for: a timer takes some 24 days, and then rings at once. */
const LONGEST_ASKED = 24 * 60 * 60 * 1000;
/** A refused connection is either a restart, which is quick, or nothing that waiting mends. */
const BRIEF = { retries: 2, wait: 300 };

/**
 * Tries again after answers and failures that may pass, waiting longer each time, and at least as
 * long as the registry asks (`Retry-After`, in seconds or as a date, RFC 9110 §10.2.3).
 *
 * A body that is a stream is sent once: whoever opened it opens another. Errors that come out
 * say how often; a last bad answer is handed back, see {@linkcode attemptsFor}.
 *
 * @param options How often, how long.
 * @returns The wrapper.
 */
export function withRetry(options: RetryOptions): Wrapper {
  const { about, retries, wait, random, now, onEvent } = options;
  return (next) => async (url, init) => {
    const most = init.body instanceof ReadableStream ? 0 : retries;
    for (let attempt = 1;; attempt++) {
      init.signal?.throwIfAborted();
      let reason: string;
      let ms = backOff(attempt, random);
      try {
        const response = await next(url, init);
        if (!TRANSIENT.has(response.status)) return response;
        if (attempt > most) return counted(response, attempt);
        ms += retryAfter(response, now());
        reason = String(response.status);
        await response.body?.cancel();
      } catch (error) {
        init.signal?.throwIfAborted();
        if (error instanceof OciPushError) throw error;
        const worth = worthAnotherTry(error);
        const tries = worth === "no"
          ? 0
          : worth === "briefly"
          ? Math.min(most, BRIEF.retries)
          : most;
        if (attempt > tries) throw new Exhausted(error, attempt);
        if (worth === "briefly") ms = BRIEF.wait * attempt;
        reason = worth === "briefly" ? "connection refused" : "connection broke";
      }
      onEvent?.({ type: "wait", ...about, reason, ms, attempt: attempt + 1, attempts: most + 1 });
      await wait(ms, init.signal ?? null);
    }
  };
}

/** A failed connection, with how often it was tried. */
export class Exhausted extends Error {
  /**
   * Wraps the last failure.
   *
   * @param cause What was thrown last.
   * @param attempts How many requests were made.
   */
  constructor(override readonly cause: unknown, readonly attempts: number) {
    super("tried in vain", { cause });
  }
}

function backOff(attempt: number, random: () => number): number {
  const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1));
  return Math.round(most * (0.5 + random() / 2));
}

/**
 * How long an answer asks to wait, in milliseconds.
 *
 * @param response The answer.
 * @param now Epoch milliseconds.
 * @returns 0 where it does not ask; a day at most.
 */
export function retryAfter(response: Response, now: number): number {
  const header = response.headers.get("retry-after")?.trim();
  if (!header) return 0;
  const ms = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(0, ms), LONGEST_ASKED);
}

function counted(response: Response, attempts: number): Response {
  attemptsOf.set(response, attempts);
  return response;
}

const attemptsOf = new WeakMap<Response, number>();

/**
 * How many requests were made until this answer.
 *
 * @param response An answer that came through {@linkcode withRetry}.
 * @returns At least 1.
 */
export function attemptsFor(response: Response): number {
  return attemptsOf.get(response) ?? 1;
}
