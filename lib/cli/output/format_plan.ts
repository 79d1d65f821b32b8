/**
 * A plan for people.
 *
 * @module
 */

import { shortDigest } from "../../oci/digest.ts";
import type { Plan, PlannedBlob } from "../../plan/plan.ts";
import { formatSize } from "../units.ts";

const MODES: Record<Plan["mode"], string> = {
  copy: "copy",
  retag: "retag, no blob moves",
  unchanged: "unchanged, nothing to do",
};

/**
 * A plan in five lines, and a line for every warning.
 *
 * @param plan The plan.
 * @returns Lines with their ends.
 */
export function formatPlan(plan: Plan): string {
  const { source, destination, manifests, blobs, size } = plan;
  const now = destination.previousDigest ? shortDigest(destination.previousDigest) : "free";
  const put = manifests.filter(({ action }) => action === "put").length;
  const limit = size.artifact === null
    ? "not counted within one repository"
    : `${formatSize(size.artifact)} of ${
      size.limit === null ? "no limit" : formatSize(size.limit)
    }`;
  const lines = [
    `from       ${source.text} (${shortDigest(source.digest)})`,
    `to         ${destination.text} (${
      plan.mode === "unchanged" ? "names it already" : `${now} → ${shortDigest(plan.root)}`
    })`,
    `blobs      ${describeBlobs(blobs)}`,
    `manifests  ${put} to write, ${manifests.length - put} there already`,
    `size       ${limit}`,
    `mode       ${MODES[plan.mode]}`,
    ...plan.warnings.map(({ message }) => `warning    ${message}`),
  ];
  return `${lines.join("\n")}\n`;
}

function describeBlobs(blobs: PlannedBlob[]): string {
  const parts = ([
    ["transfer", "to move"],
    ["mount", "to mount"],
    ["exists", "there already"],
    ["skip", "foreign, left where they are"],
  ] as const).flatMap(([action, words]) => {
    const some = blobs.filter((blob) => blob.action === action);
    const bytes = some.reduce((sum, blob) => sum + blob.size, 0);
    return some.length === 0 ? [] : [`${some.length} ${words} (${formatSize(bytes)})`];
  });
  return parts.length === 0 ? "none to move" : parts.join(", ");
}
