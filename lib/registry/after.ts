/**
 * Something that happens later, unless it is called off.
 *
 * @module
 */

/** What is still to be called, and when, in milliseconds of `performance.now()`. */
const pending = new Map<() => void, number>();
/** What rings next, and when. */
let timer: { signal: AbortSignal; due: number } | undefined;

/**
 * Calls a function once after a time.
 *
 * One timer does for all: every request has a bound that is hardly ever reached, and a timer for
 * each costs more than the bound. And it is not `setTimeout`: that loads Node's timers, four
 * milliseconds of a start that takes forty. What was called off keeps no program from its end.
 *
 * @param ms How long, in milliseconds.
 * @param call What then.
 * @returns Calls it off when disposed of.
 */
export function after(ms: number, call: () => void): Disposable {
  const own = () => call(); // the same function may be asked for twice
  const due = performance.now() + ms;
  pending.set(own, due);
  ringAt(due);
  return {
    [Symbol.dispose]() {
      pending.delete(own);
      if (pending.size === 0) rest();
    },
  };
}

function ringAt(due: number): void {
  if (!timer || timer.signal.aborted || due < timer.due) {
    rest();
    const ms = Math.ceil(Math.max(0, due - performance.now()));
    timer = { signal: AbortSignal.timeout(ms), due };
  }
  timer.signal.addEventListener("abort", ring, { once: true });
}

/** The runtime waits for a timer that somebody listens to, and for no other. */
function rest(): void {
  timer?.signal.removeEventListener("abort", ring);
}

function ring(): void {
  const { due } = timer!;
  timer = undefined;
  const late = [...pending].filter(([, at]) => at <= due);
  for (const [call] of late) {
    if (pending.delete(call)) call(); // one may have called off the next
  }
  if (pending.size > 0) ringAt(Math.min(...pending.values()));
}
