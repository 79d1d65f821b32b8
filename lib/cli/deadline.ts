/**
 * `--timeout`: how long a whole command may take.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import { after } from "../registry/after.ts";
import type { CopyEvent } from "../transfer/event.ts";
import { formatDuration } from "./format.ts";

/** An end to the work, until it is disposed of. */
export interface Deadline extends Disposable {
  /** Aborted by the outer signal, or once time is over. */
  signal: AbortSignal;
  /** Gives up at once when a registry asks to wait for longer than there is time. */
  take(event: CopyEvent): void;
}

/** Options of {@linkcode createDeadline}. */
export interface DeadlineOptions {
  /** How long, in milliseconds; for ever unless given. */
  timeout: number | undefined;
  /** Ends the work, too. */
  signal: AbortSignal;
  /** Milliseconds. @default {performance.now} */
  now?: () => number;
}

/**
 * Starts the clock.
 *
 * @param options How long.
 * @returns The deadline.
 */
export function createDeadline(options: DeadlineOptions): Deadline {
  const { timeout, signal, now = () => performance.now() } = options;
  if (timeout === undefined) return { signal, take() {}, [Symbol.dispose]() {} };
  const end = now() + timeout;
  const stop = new AbortController();
  const timer = after(timeout, () => stop.abort(tooLate(timeout)));
  return {
    signal: AbortSignal.any([signal, stop.signal]),
    take(event) {
      if (event.type === "wait" && now() + event.ms > end) stop.abort(tooLong(event, end - now()));
    },
    [Symbol.dispose]: () => timer[Symbol.dispose](),
  };
}

function tooLate(timeout: number): OciPushError {
  return new OciPushError("TIMEOUT", `cannot finish: ${formatDuration(timeout)} are over`, {
    terminal: false,
    hint: "a longer --timeout, or once more: what is there already is not sent again",
  });
}

function tooLong(wait: CopyEvent & { type: "wait" }, left: number): OciPushError {
  const { registry, side, reason, ms } = wait;
  return new OciPushError(
    reason === "429" ? "RATE_LIMITED" : /^\d+$/.test(reason) ? "UNAVAILABLE" : "UNREACHABLE",
    `cannot wait for ${registry}${side ? ` (${side})` : ""}: the next try is in ` +
      `${formatDuration(ms)} (${reason}), --timeout ends in ${formatDuration(Math.max(0, left))}`,
    {
      terminal: false,
      registry,
      ...(side && { side }),
      ...(/^\d+$/.test(reason) && { status: Number(reason) }),
      retryAfter: Math.ceil(ms / 1000),
    },
  );
}
