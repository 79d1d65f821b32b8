/**
 * The referrers of a manifest: signatures, SBOMs and the like.
 *
 * @module
 */

import type { Descriptor } from "../oci/descriptor.ts";
import type { Digest } from "../oci/digest.ts";
import { OciPushError } from "../oci/error.ts";
import type { Repository } from "./repository.ts";

/** Options of {@linkcode listReferrers}. */
export interface ListReferrersOptions {
  /** Only those of this type. */
  artifactType?: string;
  /** Ends the listing: the loop then throws `signal.reason`. */
  signal?: AbortSignal | null;
}

/** Lists the referrers of a manifest. */
export async function* listReferrers(
  repository: Repository,
  digest: Digest,
  options: ListReferrersOptions = {},
): AsyncGenerator<Descriptor> {
  await Promise.resolve([options, repository]);
  yield { mediaType: "", digest, size: 0 };
  throw new OciPushError("INTERNAL", "not yet", { terminal: true });
}
