/**
 * Who we are at a registry.
 *
 * @module
 */

/** A user and a password; the password may be a token that a registry sold as one. */
export interface PasswordCredential {
  /** The user's name. */
  username: string;
  /** The password, never printed. */
  password: string;
  /** Where it came from, for people, e.g. `~/.docker/config.json (auths["prod.example.com"])`. */
  origin: string;
}

/** An OAuth2 refresh token, which a token server swaps for access tokens. */
export interface IdentityCredential {
  /** The token, never printed. */
  identityToken: string;
  /** Where it came from, for people. */
  origin: string;
}

/** Who we are: a user and password, or an identity token. */
export type Credential = PasswordCredential | IdentityCredential;
