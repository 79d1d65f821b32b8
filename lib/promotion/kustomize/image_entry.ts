/**
 * Entries of a kustomization's `images`.
 *
 * @module
 */

/** What a kustomization says of one image. */
export interface ImageEntry {
  /** The image as manifests name it. */
  name: string;
  /** What it becomes. */
  newName?: string;
  /** The tag it gets. */
  newTag?: string;
  /** The digest it gets. */
  digest?: string;
}

/** Keys of an entry in the order in which they are written. */
export const ENTRY_KEYS = ["name", "newName", "newTag", "digest"] as const;

/** In Kargo, a `*` keeps what the entry had. */
const KEEP = "*";

/**
 * Fills in what an entry keeps of the one before it.
 *
 * @param entry The new entry, `*` where the old value is kept.
 * @param before The old entry, if there is one.
 * @returns The entry without `*`.
 */
export function withKept(
  entry: ImageEntry,
  before: Readonly<Record<string, unknown>> | undefined,
): ImageEntry {
  const result: ImageEntry = { name: entry.name };
  for (const key of ENTRY_KEYS) {
    const value = entry[key] === KEEP ? before?.[key] : entry[key];
    if (typeof value === "string" && key !== "name") result[key] = value;
  }
  return result;
}

/**
 * Writes an entry as the reference it makes.
 *
 * @param entry The entry.
 * @returns e.g. `registry.example.com/app:v1`.
 */
export function formatEntry({ name, newName, newTag, digest }: ImageEntry): string {
  return `${newName ?? name}${newTag ? `:${newTag}` : ""}${digest ? `@${digest}` : ""}`;
}

/**
 * The order of a kustomization's images.
 *
 * @param a One image.
 * @param b The other.
 * @returns Negative if the first comes first.
 */
export function byName(a: { name?: unknown }, b: { name?: unknown }): number {
  const [left, right] = [String(a.name ?? ""), String(b.name ?? "")];
  return left < right ? -1 : left === right ? 0 : 1;
}
