/**
 * Annotations with the scopes of a promotion step.
 *
 * @module
 */

import { OciPushError } from "./error.ts";

/** Annotations, sorted by what they go on. */
export interface ScopedAnnotations {
  /** For the root, if it is an index. */
  index: Map<string, string>;
  /** For every image manifest. */
  manifest: Map<string, string>;
}

const INDEX_SCOPE = "index:";
const MANIFEST_SCOPE = "manifest:";

/**
 * Sorts annotations by their scope: `index:KEY` for the index, `manifest:KEY` and a bare `KEY` for
 * the image manifests. Where a key stands both bare and with its scope, the scope wins.
 *
 * @example
 * ```ts
 * const { index, manifest } = parseAnnotations({ "index:a": "1", "b": "2", "manifest:c": "3" });
 * console.assert(index.get("a") === "1" && manifest.get("b") === "2" && manifest.get("c") === "3");
 * ```
 * @param annotations Keys with their scopes, and values.
 * @returns Keys without their scopes, in the order given.
 * @throws {OciPushError} `INVALID_ARGUMENT` for a key that is empty.
 */
export function parseAnnotations(annotations: Readonly<Record<string, string>>): ScopedAnnotations {
  const index = new Map<string, string>();
  const bare = new Map<string, string>();
  const manifest = new Map<string, string>();
  for (const [scoped, value] of Object.entries(annotations)) {
    const [target, key] = scoped.startsWith(INDEX_SCOPE)
      ? [index, scoped.slice(INDEX_SCOPE.length)]
      : scoped.startsWith(MANIFEST_SCOPE)
      ? [manifest, scoped.slice(MANIFEST_SCOPE.length)]
      : [bare, scoped];
    if (key === "") {
      throw new OciPushError(
        "INVALID_ARGUMENT",
        `cannot annotate: the key of "${scoped}" is empty`,
        { terminal: true, hint: "write KEY=VALUE, index:KEY=VALUE or manifest:KEY=VALUE" },
      );
    }
    target.set(key, value);
  }
  return { index, manifest: new Map([...bare, ...manifest]) };
}
