/**
 * Events as lines on stderr.
 *
 * @module
 */

import { shortDigest } from "../../oci/digest.ts";
import type { CopyEvent } from "../../transfer/event.ts";
import { formatDuration, formatSize } from "../units.ts";

/** Waits longer than this are said without being asked for, in milliseconds. */
const LONG_WAIT = 2000;

/**
 * What an event is worth saying.
 *
 * @param event What happened.
 * @param verbosity 0 for what keeps the user waiting, 1 for blobs, 2 for requests, -1 for nothing.
 * @returns A line, or undefined.
 */
export function logLine(event: CopyEvent, verbosity: number): string | undefined {
  if (verbosity < 0) return undefined;
  switch (event.type) {
    case "wait": {
      const { registry, reason, ms, attempt, attempts } = event;
      if (ms < LONG_WAIT && verbosity < 1) return undefined;
      return `${registry}: ${describe(reason)}, next try in ${formatDuration(ms)} ` +
        `(${attempt} of ${attempts})`;
    }
    case "blob-retry":
      return `blob ${
        shortDigest(event.digest)
      }: starts over (try ${event.attempt}): ${event.reason}`;
    case "worker-lost":
      return `a worker broke, its blobs go to the others: ${event.reason}`;
    case "blob-done": {
      if (verbosity < 1) return undefined;
      return `${event.outcome.padEnd(11)} ${shortDigest(event.digest)} ${formatSize(event.size)}`;
    }
    case "manifest-done":
      if (verbosity < 1) return undefined;
      return `written     ${shortDigest(event.digest)}${event.tag ? ` as ${event.tag}` : ""}`;
    case "request": {
      if (verbosity < 2) return undefined;
      return `${event.method} ${event.url} ${event.status || "no answer"} ${event.ms} ms`;
    }
  }
}

function describe(reason: string): string {
  return reason === "429"
    ? "it asks to wait (429)"
    : /^\d+$/.test(reason)
    ? `busy (${reason})`
    : reason;
}
