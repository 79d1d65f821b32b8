/**
 * Digests: checked once at the border, then trusted.
 *
 * @module
 */

import { encodeHex } from "../std/encoding.ts";
import { OciPushError } from "./error.ts";

/** The algorithms that the image specification registers. */
export type DigestAlgorithm = "sha256" | "sha512";

/** An algorithm and the lower-case hexadecimal hash, e.g. `sha256:9f86…`. */
export type Digest = `${DigestAlgorithm}:${string}`;

const HEX_LENGTH: Record<DigestAlgorithm, number> = { sha256: 64, sha512: 128 };

/**
 * Checks that a text is a digest that oci-push can verify.
 *
 * Follows image-spec `descriptor.md`, "Digests".
 *
 * @example
 * ```ts
 * const digest = parseDigest("sha256:" + "0".repeat(64));
 * console.assert(digestAlgorithm(digest) === "sha256");
 * ```
 * @param text What a user typed, a registry sent or a document holds.
 * @returns The same text, now of type {@linkcode Digest}.
 * @throws {OciPushError} `INVALID_REFERENCE` for another algorithm, length or alphabet.
 */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  const [algorithm = "", hex = ""] = split(text);
  const problem = !Object.hasOwn(HEX_LENGTH, algorithm)
    ? `its algorithm "${algorithm}" is neither sha256 nor sha512`
    : `it has ${hex.length} characters after the colon, not ${
      HEX_LENGTH[algorithm as DigestAlgorithm]
    } of 0-9 and a-f`;
  throw new OciPushError("INVALID_REFERENCE", `cannot use digest "${text}": ${problem}`, {
    terminal: true,
    hint: "a digest looks like sha256: and 64 lower-case hexadecimal characters",
  });
}

/**
 * Tells whether a text is a digest that oci-push can verify.
 *
 * @param text Any text.
 * @returns True for `sha256:` and `sha512:` with a hash of the right length.
 */
export function isDigest(text: string): text is Digest {
  const [algorithm = "", hex = ""] = split(text);
  return Object.hasOwn(HEX_LENGTH, algorithm) &&
    hex.length === HEX_LENGTH[algorithm as DigestAlgorithm] && /^[0-9a-f]+$/.test(hex);
}

/**
 * The algorithm that a digest was made with.
 *
 * @param digest A checked digest.
 * @returns Its part before the colon.
 */
export function digestAlgorithm(digest: Digest): DigestAlgorithm {
  return split(digest)[0] as DigestAlgorithm;
}

/**
 * Hashes bytes that are in memory already, e.g. a manifest.
 *
 * @param bytes The content.
 * @param algorithm Which hash to use.
 * @returns The digest of the bytes.
 */
export async function digestOf(
  bytes: Uint8Array<ArrayBuffer>,
  algorithm: DigestAlgorithm = "sha256",
): Promise<Digest> {
  const name = algorithm === "sha256" ? "SHA-256" : "SHA-512";
  return `${algorithm}:${encodeHex(await crypto.subtle.digest(name, bytes))}`;
}

/**
 * The first twelve characters of the hash, for people.
 *
 * @param digest Any digest, checked or not.
 * @returns e.g. `sha256:5ca87dd84e52`.
 */
export function shortDigest(digest: string): string {
  const [algorithm = "", hex = ""] = split(digest);
  return `${algorithm}:${hex.slice(0, 12)}`;
}

function split(text: string): [string, string] {
  const colon = text.indexOf(":");
  return colon < 0 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
}
