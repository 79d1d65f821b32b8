/**
 * What to send as `Authorization`: one object per registry and side, whatever the number of
 * requests and workers that ask it.
 *
 * @module
 */

import type { RepositoryScope } from "../oci/challenge.ts";
import { OciPushError, type Side } from "../oci/error.ts";
import type { Credential } from "./credential.ts";
import type { Transport } from "./transport.ts";

/** A header and how long it is good for. */
export interface Authorization {
  /** The value of `Authorization`; a secret. */
  header: string;
  /** Epoch milliseconds; Infinity when it does not expire. */
  expiresAt: number;
}

/** Options of an {@linkcode Authorizer}'s calls. */
export interface AuthorizeOptions {
  /** Ends the waiting for a token. */
  signal?: AbortSignal | null;
}

/** Knows what to send as `Authorization`. */
export interface Authorizer {
  /** What to send now; undefined before a challenge was seen. Renewed a little early. */
  current(options?: AuthorizeOptions): Promise<Authorization | undefined>;
  /**
   * What to send after a 401: the value of its `WWW-Authenticate`, and the header that was refused.
   * Undefined when there is nothing better to offer.
   */
  answer(
    challenge: string,
    rejected: string | undefined,
    options?: AuthorizeOptions,
  ): Promise<Authorization | undefined>;
}

/** Options of {@linkcode createAuthorizer}. */
export interface AuthorizerOptions {
  /** Host and port as named in the reference. */
  registry: string;
  /** Which end of a copy this is, for messages. */
  side?: Side;
  /** Where the registry is really reached, as in RegistrySettings: decides about plain http. */
  endpoint?: string;
  /** What is to be allowed; the one that matters most first. */
  scopes: RepositoryScope[];
  /** Used when the first set is refused, e.g. without the mount's pull on the source repository. */
  fallbackScopes?: RepositoryScope[];
  /** Who we are, asked for at the first challenge; undefined: anonymous. */
  credential: () => Promise<Credential | undefined>;
  /** Reaches the token server, without authorization of its own: a connection's `send`. */
  send: Transport;
  /** Epoch milliseconds. @default {Date.now} */
  now?: () => number;
}

/**
 * Makes an authorizer.
 *
 * @param options The registry, what is to be allowed, who we are.
 * @returns The authorizer; nothing is asked for before a challenge.
 */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  throw new OciPushError("INTERNAL", `not yet: ${options.registry}`, { terminal: true });
}
