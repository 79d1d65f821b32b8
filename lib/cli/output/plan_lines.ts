/**
 * A plan for people. Pure.
 *
 * @module
 */

import { shortDigest } from "../../oci/digest.ts";
import type { Side } from "../../oci/error.ts";
import { cleanText } from "../../oci/text.ts";
import type { Plan, PlannedBlob } from "../../plan/plan.ts";
import { formatCount, formatSize } from "../format.ts";

/**
 * A plan in five lines: what is read, what the tag holds and would hold, what would be done, the
 * size against its limit, who we are.
 *
 * @param plan The plan.
 * @param logins Where the credential of a side came from, if the registry asked for one; absent
 * where that is not known.
 * @returns Lines without their ends; warnings are not among them.
 */
export function planLines(plan: Plan, logins?: ReadonlyMap<Side, string>): string[] {
  const { source, destination, mode, root } = plan;
  const now = destination.previousDigest ? shortDigest(destination.previousDigest) : "free";
  const change = mode === "unchanged" ? "holds it" : `${now} -> ${shortDigest(root)}`;
  return [
    `source       ${source.text}  ${shortDigest(source.digest)}`,
    `destination  ${destination.text}  ${change}`,
    `would        ${describeWork(plan)}`,
    `size         ${describeSize(plan)}`,
    ...(logins ? [`login        ${describeLogins(logins)}`] : []),
  ];
}

function describeWork({ mode, blobs, manifests }: Plan): string {
  if (mode === "unchanged") return "do nothing";
  const toWrite = manifests.filter(({ action }) => action === "put").length;
  const parts = ([
    ["transfer", "move"],
    ["mount", "mount"],
    ["exists", "find"],
    ["skip", "leave"],
  ] as const).flatMap(([action, verb]) => {
    const some = blobs.filter((blob) => blob.action === action);
    return some.length === 0 ? [] : [`${verb} ${describeBlobs(some)}`];
  });
  const what = mode === "retag" ? ["retag"] : parts.length === 0 ? ["move no blob"] : parts;
  return [...what, `write ${formatCount(toWrite, "manifest")}`].join(", ");
}

function describeBlobs(blobs: PlannedBlob[]): string {
  const bytes = blobs.reduce((sum, { size }) => sum + size, 0);
  return `${formatCount(blobs.length, "blob")} (${formatSize(bytes)})`;
}

function describeSize({ mode, size: { artifact, limit } }: Plan): string {
  if (artifact === null) {
    return mode === "unchanged" ? "not looked at" : "not limited within one repository";
  }
  return `${formatSize(artifact)}, ${limit === null ? "no limit" : `${formatSize(limit)} allowed`}`;
}

function describeLogins(logins: ReadonlyMap<Side, string>): string {
  const parts = [...logins].map(([side, origin]) => `${side}: ${cleanText(origin)}`);
  return parts.length === 0 ? "no registry asked for one" : parts.join(", ");
}
