/**
 * What differs between the kinds of authentication.
 *
 * @module
 */

import type { RepositoryScope } from "../oci/challenge.ts";
import type { Action } from "./auth.ts";

/** A scope whose actions are known ones. */
export interface KnownScope extends RepositoryScope {
  /** What is to be done there. */
  actions: Action[];
}

/** What a request is about to do. */
export interface Wanted {
  /** What the answer depends on. */
  needs: KnownScope[];
  /** What is used if it is allowed: a mount's pull on the other repository. */
  wishes: KnownScope[];
}

/** Somebody whose credentials were read. */
export interface Guest {
  /** The name; undefined for somebody who gave none. */
  user: string | undefined;
  /** Tells whether the credentials are good for something, as far as they say. */
  holds(repository: string, action: Action): boolean;
}

/** A kind of authentication. */
export interface Scheme {
  /** Reads a request's credentials; undefined where some are needed or those there are wrong. */
  identify(request: Request): Guest | undefined;
  /** Asks for credentials, or for better ones. */
  challenge(request: Request, wanted: Wanted): Response;
  /** Answers requests that are for the scheme itself. */
  answer?(request: Request, url: URL): Promise<Response> | undefined;
}
