/**
 * What the command line reads and writes.
 *
 * @module
 */

/** In and out of a program; tests bring their own. */
export interface Io {
  /** Writes to stdout: the result and nothing else. */
  out: (text: string) => void;
  /** Writes to stderr: progress, logs, errors. */
  err: (text: string) => void;
  /** An environment variable; undefined where it is not set, or may not be read. */
  env: (name: string) => string | undefined;
  /** Columns and rows of the terminal that stderr is; undefined where it is none. */
  terminal: () => { columns: number; rows: number } | undefined;
  /** All of stdin, as text. */
  input: () => Promise<string>;
}

/**
 * Stdin, stdout, stderr and the environment of this process.
 *
 * @returns In and out, outside of tests.
 */
export function processIo(): Io {
  return {
    out: (text) => write(Deno.stdout, text),
    err: (text) => write(Deno.stderr, text),
    env(name) {
      try {
        return Deno.env.get(name);
      } catch {
        return undefined; // no permission: the same as not set
      }
    },
    terminal() {
      if (!Deno.stderr.isTerminal()) return undefined;
      try {
        const size = Deno.consoleSize();
        // A pseudo-terminal that nobody gave a size has none: a frame in it could not be erased.
        return size.columns > 0 && size.rows > 0 ? size : undefined;
      } catch {
        return undefined; // a terminal of a size that nobody tells
      }
    },
    input: () => new Response(Deno.stdin.readable).text(),
  };
}

/** All of it, now: the process may end right after. */
function write(stream: typeof Deno.stdout, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) {
    try {
      at += stream.writeSync(bytes.subarray(at));
    } catch (error) {
      if (error instanceof Deno.errors.BrokenPipe) return; // the reader has gone: `| head`
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
      // A pipe that its other end made non-blocking is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}
