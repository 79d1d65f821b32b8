/**
 * The process's own in and out.
 *
 * @module
 */

import type { Io } from "./command.ts";

/**
 * Stdin, stdout, stderr and the environment of this process.
 *
 * @returns What a command works with outside of tests.
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
        return Deno.consoleSize();
      } catch {
        return undefined; // a terminal on stderr alone, of a size that nobody tells
      }
    },
    input: () => new Response(Deno.stdin.readable).text(),
  };
}

/** All of it, now: a process may end right after. */
function write(stream: typeof Deno.stdout, text: string): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += stream.writeSync(bytes.subarray(at));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error; // the reader has gone: `| head`
  }
}
