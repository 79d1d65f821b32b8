/**
 * A plan for tests of what is printed.
 *
 * @module
 */

import type { Digest } from "../../lib/oci/digest.ts";
import type { Plan, PlannedBlob } from "../../lib/plan/plan.ts";

/** A digest of one repeated character. */
export function digest(character: string): Digest {
  return `sha256:${character.repeat(64)}`;
}

/** A blob of so many MiB. */
export function blob(character: string, mib: number, action: PlannedBlob["action"]): PlannedBlob {
  return {
    digest: digest(character),
    size: mib * 1024 ** 2,
    mediaType: "application/vnd.oci.image.layer.v1.tar+gzip",
    action,
  };
}

/** A plan of five blobs and one manifest, or what a test makes of it. */
export function plan(more: Partial<Plan> = {}): Plan {
  return {
    schemaVersion: 1,
    source: {
      text: "sandbox.example.com/app:v1-rc.1",
      registry: "sandbox.example.com",
      repository: "app",
      tagOrDigest: "v1-rc.1",
      digest: digest("a"),
      helm: false,
    },
    destination: {
      text: "prod.example.com/app:v1",
      registry: "prod.example.com",
      repository: "app",
      tag: "v1",
      helm: false,
    },
    mode: "copy",
    root: digest("a"),
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    manifests: [{
      digest: digest("a"),
      mediaType: "application/vnd.oci.image.manifest.v1+json",
      size: 500,
      parent: null,
      sourceDigest: digest("a"),
      bytes: "e30=",
      action: "put",
    }],
    blobs: [
      blob("1", 60, "transfer"),
      blob("2", 30, "transfer"),
      blob("3", 2, "transfer"),
      blob("4", 8, "mount"),
      blob("5", 28, "exists"),
    ],
    size: { artifact: 128 * 1024 ** 2, limit: 1024 ** 3, transfer: 100 * 1024 ** 2 },
    warnings: [],
    ...more,
  };
}
