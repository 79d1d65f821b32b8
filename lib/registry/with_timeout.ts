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
    const bytes = Number(new Headers(init.headers).get("content-length") ?? 0);
    const silent = new AbortController();
    const allowed = ms + bytes / FLOOR_RATE * 1000;
    using _late = after(
      allowed,
      () => silent.abort(new DOMException(`no answer for ${allowed} ms`, "TimeoutError")),
    );
    const signal = init.signal ? AbortSignal.any([init.signal, silent.signal]) : silent.signal;
    return await next(url, { ...init, signal });
  };
}
