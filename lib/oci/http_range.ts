/**
 * The three range grammars that the distribution API uses: bytes of a blob, of an upload, and
 * pages of a list.
 *
 * @module
 */

/** Bytes `start` to `end`, both included, as HTTP counts them. */
export interface ByteRange {
  /** The first byte, from 0. */
  start: number;
  /** The last byte, included. */
  end: number;
}

/**
 * Writes the `Range` of a request for a part of a blob.
 *
 * @param range The bytes asked for.
 * @returns e.g. `bytes=0-1023`.
 */
export function formatBytesRange({ start, end }: ByteRange): string {
  return `bytes=${start}-${end}`;
}

/**
 * Reads the `Range` of a request for a part of a blob. Follows RFC 9110 §14.1.2.
 *
 * @param header e.g. `bytes=0-1023`, `bytes=1024-`, `bytes=-5`.
 * @param size The blob's length, in bytes.
 * @returns The bytes within the blob, "unsatisfiable" for those outside it and for a range that runs
 * backwards (the conformance suite wants a 416), or undefined for what is to be ignored (another
 * unit, several ranges, nonsense).
 */
export function parseBytesRange(
  header: string | null,
  size: number,
): ByteRange | "unsatisfiable" | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  return start > end ? "unsatisfiable" : { start, end };
}

/**
 * Reads a range without a unit, as `Content-Range` of a chunk and `Range` of an upload's answer
 * have it. Follows distribution-spec 1.1, "Pushing a blob in chunks".
 *
 * @param header e.g. `0-1023`; `bytes=` in front is taken too, since some registries send it.
 * @returns The range, or undefined for what is none.
 */
export function parseUploadRange(header: string | null): ByteRange | undefined {
  const found = /^(?:bytes[= ])?(\d+)-(\d+)(?:\/.*)?$/.exec(header?.trim() ?? "");
  return found ? { start: Number(found[1]), end: Number(found[2]) } : undefined;
}

/**
 * Writes a range without a unit.
 *
 * @param range The bytes of a chunk.
 * @returns e.g. `0-1023`.
 */
export function formatUploadRange({ start, end }: ByteRange): string {
  return `${start}-${end}`;
}

/**
 * The address of the next page of a list. Follows RFC 8288.
 *
 * @param header The value of `Link`.
 * @returns The target of the link with `rel="next"`, as written; undefined on the last page.
 */
export function parseNextLink(header: string | null): string | undefined {
  for (const part of (header ?? "").split(/,(?=\s*<)/)) {
    const found = /^\s*<([^>]*)>(.*)$/.exec(part);
    if (
      found && /;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next(?=[\s;]|$))/i.test(found[2]!)
    ) return found[1];
  }
}

/**
 * Writes the `Link` to the next page.
 *
 * @param target Path and query of the next page.
 * @returns A value for `Link`.
 */
export function formatNextLink(target: string): string {
  return `<${target}>; rel="next"`;
}
