/**
 * In and out of a command line under test.
 *
 * @module
 */

import type { Io } from "../../lib/cli/io.ts";

/** Remembers what was written. */
export interface FakeIo extends Io {
  /** All of stdout. */
  stdout: () => string;
  /** All of stderr. */
  stderr: () => string;
}

/** Options of {@linkcode fakeIo}. */
export interface FakeIoOptions {
  env?: Record<string, string>;
  input?: string;
  terminal?: { columns: number; rows: number };
}

/** Makes in and out that only remember. */
export function fakeIo({ env = {}, input = "", terminal }: FakeIoOptions = {}): FakeIo {
  const written = { out: "", err: "" };
  return {
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    env: (name) => env[name],
    terminal: () => terminal,
    input: () => Promise.resolve(input),
    stdout: () => written.out,
    stderr: () => written.err,
  };
}
