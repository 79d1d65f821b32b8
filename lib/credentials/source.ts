/**
 * Where credentials come from, as the rest of the program sees it.
 *
 * @module
 */

import type { Side } from "../oci/error.ts";
import type { Credential } from "../registry/credential.ts";

/** What a credential is looked up by. */
export interface CredentialQuery {
  /** Host and port, normalised: Docker Hub is `docker.io`. */
  registry: string;
  /** Path under the registry. */
  repository: string;
  /** Whether the reference began with `oci://`. */
  helm: boolean;
  /** Which end of the copy. */
  side: Side;
  /** Ends the looking: helpers are other programs. */
  signal?: AbortSignal | null;
}

/** Finds out who we are at a repository; undefined: anonymous. */
export type CredentialSource = (query: CredentialQuery) => Promise<Credential | undefined>;
