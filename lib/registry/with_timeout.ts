/**
 * A bound on silence: how long a request may wait for the head of its answer.
 *
 * @module
 */

import { after } from "./after.ts";
import type { Wrapper } from "./transport.ts";

/** The rate below which a body counts as stalled, in bytes per second. */
const FLOOR_RATE = 64 * 1024;

/**
 * Ends a request that gets no answer in time.
 *
 * A body that is passed on untouched cannot be watched from JavaScript: it gets, on top, the time
 * that its bytes need at 64 KiB a second. Its length is what the caller says in `content-length`.
 *
 * @param ms The longest wait for the head of an answer, in milliseconds.
 * @returns A wrapper whose requests end with a `TimeoutError`.
 */
export function withTimeout(ms: number): Wrapper {
  return (next) => async (url, init) => {
    const { headers, signal } = init;
    const bytes = Number(headers?.["content-length"] ?? 0);
    const allowed = ms + bytes / FLOOR_RATE * 1000;
    const request = new AbortController();
    const stop = () => request.abort(signal!.reason);
    signal?.throwIfAborted();
    signal?.addEventListener("abort", stop, { once: true });
    using _late = after(
      allowed,
      () => request.abort(new DOMException(`no answer for ${allowed} ms`, "TimeoutError")),
    );
    try {
      return await next(url, { ...init, signal: request.signal });
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  };
}
