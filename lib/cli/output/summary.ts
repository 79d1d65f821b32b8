/**
 * What a copy came to, in a line. Pure.
 *
 * @module
 */

import type { CopyResult } from "../../copy.ts";
import { shortDigest } from "../../oci/digest.ts";
import { formatCount, formatDuration, formatShare, formatSize } from "../format.ts";

/**
 * The last line on stderr.
 *
 * @param result What was done.
 * @returns e.g. `copied 36 blobs in 3.2 s: 92.0/128 MiB sent, 9 mounted, 4 already there`.
 */
export function summaryLine(result: CopyResult): string {
  const { status, tag, digest, previousDigest, seconds } = result;
  if (status === "unchanged") return `unchanged: ${tag} is ${shortDigest(digest)} already`;
  const moved = previousDigest && previousDigest !== digest
    ? `; ${tag} moved from ${shortDigest(previousDigest)} to ${shortDigest(digest)}`
    : "";
  const time = formatDuration(seconds * 1000);
  return `${status === "retagged" ? `retagged in ${time}` : describeCopy(result, time)}${moved}`;
}

function describeCopy({ blobs, bytes, size }: CopyResult, time: string): string {
  const { transferred, mounted, existing } = blobs;
  const all = transferred + mounted + existing;
  if (all === 0) return `copied in ${time}: all blobs were there already`;
  const sent = size !== undefined && size > bytes ? formatShare(bytes, size) : formatSize(bytes);
  return [
    `copied ${formatCount(all, "blob")} in ${time}: ${sent} sent`,
    ...(mounted > 0 ? [`${mounted} mounted`] : []),
    ...(existing > 0 ? [`${existing} already there`] : []),
  ].join(", ");
}
