/**
 * Trying a step again, within its limits.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import type { RetryLimits } from "./step.ts";

/** Time and chance; a test gives its own. */
export interface Clock {
  /** Milliseconds since some moment. */
  now(): number;
  /** Waits; rejects with `signal.reason` when that comes first. */
  wait(ms: number, options: { signal: AbortSignal }): Promise<void>;
  /** A number from 0 up to 1. */
  random(): number;
}

/** Options of {@linkcode attempt}. */
export interface AttemptOptions {
  /** How long and how often. */
  limits: RetryLimits;
  /** Ends it all, whatever it is doing. */
  signal: AbortSignal;
  /** Time and chance. */
  clock: Clock;
  /** Told before each wait. */
  onRetry?(retry: { attempt: number; wait: number; error: OciPushError }): void;
}

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 60_000;

/** The real clock. */
export const CLOCK: Clock = {
  now: () => performance.now(),
  random: Math.random,
  wait: (ms, { signal }) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const onAbort = () => {
        clearTimeout(timer);
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      signal.addEventListener("abort", onAbort, { once: true });
    }),
};

/**
 * Does something until it succeeds, fails for good, or its limits are reached.
 *
 * Waits double from a second to a minute, with full jitter above half; a registry's own wish to
 * wait longer is granted.
 *
 * @param work What to do; its signal fires at the time limit too, so a request that hangs ends.
 * @param options The limits.
 * @returns What the work returns.
 * @throws {OciPushError} The last failure, or `TIMEOUT`; when interrupted, `signal.reason`.
 */
export async function attempt<T>(
  work: (signal: AbortSignal) => Promise<T>,
  options: AttemptOptions,
): Promise<T> {
  const { limits, signal, clock, onRetry } = options;
  using deadline = startDeadline(limits.timeout, clock);
  const either = AbortSignal.any([signal, deadline.signal]);
  for (let failures = 1;; failures++) {
    try {
      return await work(either);
    } catch (cause) {
      signal.throwIfAborted();
      const error = asOciPushError(cause);
      if (deadline.signal.aborted) throw timedOut(deadline.signal.reason, error);
      if (error.terminal || failures >= limits.errorThreshold) throw error;
      const wait = backOff(failures, { error, clock });
      onRetry?.({ attempt: failures, wait, error });
      await clock.wait(wait, { signal: either }).catch((reason) => {
        throw reason === deadline.signal.reason ? timedOut(reason, error) : reason;
      });
    }
  }
}

/** Whatever a step throws is ours; what is not was not foreseen. */
export function asOciPushError(cause: unknown): OciPushError {
  if (cause instanceof OciPushError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  const message = `cannot finish the step: ${reason}`;
  return new OciPushError("INTERNAL", message, { terminal: true }, cause);
}

function startDeadline(timeout: number | undefined, clock: Clock) {
  const controller = new AbortController();
  const stop = new AbortController();
  if (timeout !== undefined) {
    const expire = () =>
      controller.abort(
        new OciPushError("TIMEOUT", `cannot finish the step: its time limit is over`, {
          terminal: false,
          did: `retry.timeout is ${timeout / 1000} s`,
        }),
      );
    clock.wait(timeout, { signal: stop.signal }).then(expire, () => {});
  }
  return { signal: controller.signal, [Symbol.dispose]: () => stop.abort() };
}

/** The limit is the news; what was going wrong until then is its cause. */
function timedOut(reason: unknown, last: OciPushError): OciPushError {
  if (!(reason instanceof OciPushError) || reason === last) return last;
  return new OciPushError(reason.code, reason.message, reason.details, last);
}

function backOff(
  failures: number,
  { error, clock }: { error: OciPushError; clock: Clock },
): number {
  const most = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1));
  const wait = most / 2 + (most / 2) * clock.random();
  return Math.max(wait, (error.details.retryAfter ?? 0) * 1000);
}
