/**
 * Events as lines. Pure.
 *
 * @module
 */

import { shortDigest } from "../../oci/digest.ts";
import { cleanText } from "../../oci/text.ts";
import type { CopyEvent } from "../../transfer/event.ts";
import { formatDuration, formatSize } from "../format.ts";

/** How much is said: -1 errors only, 0 what matters, 1 every blob, 2 every request. */
export type Verbosity = -1 | 0 | 1 | 2;

/** Waits that are longer are said without being asked for, in milliseconds. */
const LONG_WAIT = 2000;

/**
 * From which verbosity on an event is worth saying.
 *
 * @param event What happened.
 * @returns The least verbosity; Infinity for what is never said.
 */
export function verbosityOf(event: CopyEvent): number {
  switch (event.type) {
    case "wait":
      return event.ms > LONG_WAIT ? 0 : 1;
    case "worker-lost":
    case "blob-retry":
      return 0;
    case "blob-done":
    case "manifest-done":
      return 1;
    case "request":
      return 2;
    default:
      return Infinity;
  }
}

/**
 * An event in words.
 *
 * @param event What happened.
 * @returns A line without its end; an empty text for what is never said.
 */
export function eventLine(event: CopyEvent): string {
  switch (event.type) {
    case "wait":
      return waitLine(event);
    case "worker-lost":
      return `a worker broke, its blobs go to the others: ${cleanText(event.reason)}`;
    case "blob-retry":
      return `${cleanText(event.reason)}; attempt ${event.attempt} begins`;
    case "blob-done":
      return `${shortDigest(event.digest)}  ${event.outcome}, ${formatSize(event.size)}`;
    case "manifest-done":
      return `${shortDigest(event.digest)}  manifest written${event.tag ? ` as ${event.tag}` : ""}`;
    case "request": {
      const { method, url, status, ms } = event;
      return `${method} ${cleanText(url)} ${status || "no answer"} ${ms} ms`;
    }
    default:
      return "";
  }
}

function waitLine(event: CopyEvent & { type: "wait" }): string {
  const { registry, reason, ms, attempt, attempts } = event;
  const tries = `attempt ${attempt} of ${attempts}`;
  if (reason === "429") return `${registry} asks to wait ${formatDuration(ms)} (429), ${tries}`;
  const what = /^\d+$/.test(reason) ? `is not well (${reason})` : `: ${cleanText(reason)}`;
  return `${registry} ${what}, next try in ${formatDuration(ms)}, ${tries}`.replace(" :", ":");
}
