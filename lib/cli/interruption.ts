/**
 * SIGINT and SIGTERM.
 *
 * @module
 */

/** Why a command was stopped from outside. */
export class Interruption extends Error {
  /**
   * Remembers the signal.
   *
   * @param exitCode 130 for SIGINT, 143 for SIGTERM.
   */
  constructor(readonly exitCode: 130 | 143) {
    super("interrupted");
  }
}

/** Signals that are listened to, until it is disposed of. */
export interface Interruptions extends Disposable {
  /** Aborted with an {@linkcode Interruption} by the first signal. */
  signal: AbortSignal;
}

/**
 * Listens: the first signal ends the work in an orderly way, the second at once.
 *
 * @returns What ends the work.
 */
export function listenForInterruptions(): Interruptions {
  const stop = new AbortController();
  const stopping = new DisposableStack();
  for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    if (signal === "SIGTERM" && Deno.build.os === "windows") continue; // unknown there
    const handle = () => {
      if (stop.signal.aborted) Deno.exit(exitCode);
      stop.abort(new Interruption(exitCode));
    };
    Deno.addSignalListener(signal, handle);
    stopping.defer(() => Deno.removeSignalListener(signal, handle));
  }
  return { signal: stop.signal, [Symbol.dispose]: () => stopping.dispose() };
}
