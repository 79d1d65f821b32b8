/**
 * Something that happens later, unless it is called off.
 *
 * @module
 */

/** What is still to be called, and when, in milliseconds of `performance.now()`. */
const pending = new Map<() => void, number>();
/** When the timer rings. */
let ringing = Infinity;

/**
 * Calls a function once after a time.
 *
 * One timer does for all: every request has a bound that is hardly ever reached, and a timer for
 * each costs more than the bound. And it is not `setTimeout`: that loads Node's timers, four
 * milliseconds of a start that takes forty. A timer left behind keeps nobody waiting.
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
  return { [Symbol.dispose]: () => void pending.delete(own) };
}

function ringAt(due: number): void {
  if (due >= ringing) return;
  ringing = due;
  const timer = AbortSignal.timeout(Math.ceil(Math.max(0, due - performance.now())));
  timer.addEventListener("abort", () => ring(due), { once: true });
}

function ring(due: number): void {
  if (ringing === due) ringing = Infinity;
  const late = [...pending].filter(([, at]) => at <= due);
  for (const [call] of late) {
    if (pending.delete(call)) call(); // one may have called off the next
  }
  ringAt(Math.min(...pending.values()));
}
