/**
 * Who is to blame when a destination refuses a blob's bytes.
 *
 * @module
 */

import { type Digest, shortDigest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import { createDigester } from "./digester.ts";
import { getBlob } from "../registry/blobs.ts";
import type { Sides } from "./sides.ts";

/**
 * Tells a source that sends wrong bytes from a destination that lost some, by one more read.
 *
 * Nobody else does: the destination's "digest invalid" looks like the destination's fault.
 *
 * @param error What the destination answered; anything but a refused digest is thrown on.
 * @param options The blob, and where it was on its way.
 * @returns Never.
 * @throws {OciPushError} `SOURCE_CORRUPT`, terminal, where the source lied; else the error as it was.
 */
export async function blameForDigest(
  error: unknown,
  options: { digest: Digest; sides: Sides; signal: AbortSignal | null },
): Promise<never> {
  const { digest, sides: { source, destination }, signal } = options;
  if (!(error instanceof OciPushError) || error.code !== "DIGEST_MISMATCH") throw error;
  const { body } = await getBlob(source, digest, { signal });
  const digester = await createDigester(digest);
  for await (const bytes of body) digester.update(bytes);
  const got = digester.digest();
  if (got === digest) throw error;
  throw sourceCorrupt({
    digest,
    got,
    sides: options.sides,
    did: `${destination.registry} (destination) refused them` +
      `${error.details.registryCode ? ` (${error.details.registryCode})` : ""}; ` +
      `read again from the source, hashed here: ${shortDigest(got)}`,
  });
}

/**
 * The error for a source whose bytes are not what their digest says.
 *
 * @param facts The blob, what was read instead, and how that was found out.
 * @returns A terminal error.
 */
export function sourceCorrupt(
  facts: { digest: Digest; got: Digest; sides: Sides; did: string },
): OciPushError {
  const { digest, sides: { source }, did } = facts;
  return new OciPushError(
    "SOURCE_CORRUPT",
    `cannot copy blob ${shortDigest(digest)}: ${source.registry} (source) sent other bytes than ` +
      "its digest says",
    {
      terminal: true,
      side: "source",
      registry: source.registry,
      repository: source.name,
      digest,
      did,
      hint: "the source's storage or a proxy before it is damaged; another mirror: " +
        `--endpoint ${source.registry}=URL`,
    },
  );
}
