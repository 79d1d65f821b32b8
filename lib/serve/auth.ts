/**
 * Who may do what at the embedded registry: Basic, or Bearer with a token server of its own.
 *
 * @module
 */

/** What is done to a repository, in the words of token scopes. */
export type Action = "pull" | "push" | "delete";

/**
 * Decides whether somebody may do something.
 *
 * @param user The name, or undefined for somebody who gave none.
 * @param repository The repository's path.
 * @param action What is to be done there.
 * @returns True to allow it.
 */
export type AccessRule = (
  user: string | undefined,
  repository: string,
  action: Action,
) => boolean;

/** What both kinds of authentication have. */
export interface AuthBase {
  /** Passwords by user name. */
  users: Readonly<Record<string, string>>;
  /** Lets anybody pull without a name. @default {false} */
  anonymousPull?: boolean;
  /** Narrows what a known user may do; everything unless given. */
  allow?: AccessRule;
}

/** Name and password with every request. Follows RFC 7617. */
export interface BasicAuth extends AuthBase {
  /** Tells it from {@linkcode BearerAuth}. */
  type: "basic";
  /** What the challenge calls the registry. @default {"oci-push"} */
  realm?: string;
}

/** Tokens from the registry's own `/token`. Follows distribution's token documentation. */
export interface BearerAuth extends AuthBase {
  /** Tells it from {@linkcode BasicAuth}. */
  type: "bearer";
  /** Where tokens are given out, if not at the registry's own `/token`. */
  realm?: string;
  /** What the challenge calls the registry. @default {"oci-push"} */
  service?: string;
  /** How long a token is good for, in milliseconds. @default {300_000} */
  tokenLife?: number;
  /** Epoch milliseconds. @default {Date.now} */
  now?: () => number;
}
