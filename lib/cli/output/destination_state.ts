/**
 * What a copy that did not end well leaves behind. Pure.
 *
 * @module
 */

import { shortDigest } from "../../oci/digest.ts";
import type { Plan } from "../../plan/plan.ts";
import { formatCount } from "../format.ts";
import { arrivedBlobs, type ProgressState } from "./progress_state.ts";

/**
 * The state of the destination, in a sentence: the tag is the last write, so it is as it was.
 *
 * @param plan What was to be done; undefined where it did not come to that.
 * @param progress How far it was.
 * @returns e.g. `prod.example.com/app:v1 is still sha256:…; 20 of 36 blobs are there and will be
 * reused.`
 */
export function destinationState(plan: Plan | undefined, progress: ProgressState): string {
  const { outcomes, manifests } = progress;
  const hasWritten = outcomes.transferred + outcomes.mounted + manifests.done > 0;
  if (!plan || !hasWritten) return "Nothing was written.";
  const { text, previousDigest } = plan.destination;
  const tag = previousDigest ? `is still ${shortDigest(previousDigest)}` : "is as it was";
  const found = plan.blobs.filter(({ action }) => action === "exists").length;
  const there = arrivedBlobs(progress) + found;
  const of = `${there} of ${formatCount(plan.blobs.length, "blob")}`;
  return `${text} ${tag}; ${of} ${there === 1 ? "is" : "are"} there and will be reused.`;
}
