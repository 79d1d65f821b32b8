/**
 * Something that happens later, unless it is called off.
 *
 * @module
 */

/**
 * Calls a function once after a time.
 *
 * Not `setTimeout`: it loads Node's timers, four milliseconds of a start that takes sixty. What is
 * called off leaves a timer behind that does nothing and keeps nobody waiting.
 *
 * @param ms How long, in milliseconds.
 * @param call What then.
 * @returns Calls it off when disposed of.
 */
export function after(ms: number, call: () => void): Disposable {
  const timer = AbortSignal.timeout(ms);
  timer.addEventListener("abort", call, { once: true });
  return { [Symbol.dispose]: () => timer.removeEventListener("abort", call) };
}
