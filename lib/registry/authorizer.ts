/**
 * What to send as `Authorization`: one object per registry and side, whatever the number of
 * requests and workers that ask it.
 *
 * @module
 */

import {
  type Challenge,
  formatScope,
  parseChallenges,
  parseScopes,
  type RepositoryScope,
} from "../oci/challenge.ts";
import { OciPushError, type Side } from "../oci/error.ts";
import { encodeBase64 } from "../std/encoding.ts";
import type { Credential } from "./credential.ts";
import { fetchToken, type Token } from "./fetch_token.ts";
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

/** A token younger than this was refused for what it is, not for its age, in milliseconds. */
const FRESH = 5000;
/** How long before its end a token is renewed, in milliseconds, for lives that long. */
const EARLY = 10_000;

/**
 * Makes an authorizer.
 *
 * Nothing is asked for before a challenge. Then one token is fetched, however many wait for it, and
 * renewed a little before its end. Servers that read the first scope only get the one that matters
 * first; scopes of the challenge that ours do not cover are added, but never `delete`, for which
 * some refuse the whole token.
 *
 * Follows RFC 6750 §3, RFC 7617 and distribution's token authentication.
 *
 * @param options The registry, what is to be allowed, who we are.
 * @returns The authorizer.
 */
export function createAuthorizer(options: AuthorizerOptions): Authorizer {
  return new ChallengeAuthorizer(options);
}

class ChallengeAuthorizer implements Authorizer {
  readonly #options: AuthorizerOptions;
  readonly #now: () => number;
  #credential: Promise<Credential | undefined> | undefined;
  #bearer: Challenge | undefined;
  #token: Token | undefined;
  #fetching: Promise<Token> | undefined;
  /** Whether the first set of scopes was refused, and the other one was not. */
  #modest = false;

  constructor(options: AuthorizerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  async current({ signal = null }: AuthorizeOptions = {}): Promise<Authorization | undefined> {
    if (this.#fetching) return await this.#wait(signal);
    const token = this.#token;
    if (!token || !this.#bearer) return token;
    const early = Math.min(EARLY, (token.expiresAt - token.issuedAt) / 10);
    return this.#now() < token.expiresAt - early ? token : await this.#wait(signal);
  }

  async answer(
    challenge: string,
    rejected: string | undefined,
    { signal = null }: AuthorizeOptions = {},
  ): Promise<Authorization | undefined> {
    // Another request has been faster: what it got is better than what was refused here.
    if (this.#fetching || this.#token && this.#token.header !== rejected) {
      return await this.current({ signal });
    }
    const challenges = parseChallenges(challenge);
    const bearer = challenges.find(({ scheme, parameters }) =>
      scheme === "bearer" && parameters.realm
    );
    if (rejected !== undefined) this.#assertStale(bearer, await this.#who());
    if (bearer) {
      this.#bearer = bearer;
      return await this.#wait(signal);
    }
    if (!challenges.some(({ scheme }) => scheme === "basic")) return undefined;
    const credential = await this.#who();
    if (!credential || !("password" in credential)) throw this.#refusal(credential);
    const { username, password } = credential;
    const header = `Basic ${encodeBase64(`${username}:${password}`)}`;
    this.#token = { header, expiresAt: Infinity, issuedAt: this.#now() };
    return this.#token;
  }

  /** One request, however many wait for it; each may stop waiting by itself. */
  async #wait(signal: AbortSignal | null): Promise<Token> {
    signal?.throwIfAborted(); // first: nobody would hear of a token that is refused
    this.#fetching ??= this.#fetch().finally(() => this.#fetching = undefined);
    if (!signal) return await this.#fetching;
    const { promise, reject } = Promise.withResolvers<never>();
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      return await Promise.race([this.#fetching, promise]);
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #fetch(): Promise<Token> {
    const { registry, side, endpoint, send, scopes, fallbackScopes } = this.#options;
    const credential = await this.#who();
    const bearer = this.#bearer!;
    const challenged = parseScopes(bearer.parameters.scope ?? "");
    const request = (wanted: RepositoryScope[], beyond: RepositoryScope[]) =>
      fetchToken({
        registry,
        ...(side && { side }),
        ...(endpoint !== undefined && { endpoint }),
        challenge: bearer,
        scopes: covering(wanted, beyond).map(formatScope),
        ...(credential && { credential }),
        send,
        now: this.#now,
      });
    if (!this.#modest) {
      try {
        return this.#token = await request(scopes, challenged);
      } catch (error) {
        const refused = error instanceof OciPushError && error.details.status !== undefined &&
          error.terminal;
        if (!fallbackScopes || !refused) throw error;
      }
    }
    // The challenge of a mount names the other repository too: it is what was refused.
    const asked = new Set(scopes.map(({ name }) => name));
    const beyond = challenged.filter(({ name }) => !asked.has(name));
    this.#token = await request(fallbackScopes ?? scopes, beyond);
    this.#modest = true;
    return this.#token;
  }

  #who(): Promise<Credential | undefined> {
    return this.#credential ??= this.#options.credential();
  }

  /** Whether a header that was refused may just have been too old; if not, why it was refused. */
  #assertStale(bearer: Challenge | undefined, credential: Credential | undefined): void {
    const age = this.#now() - (this.#token?.issuedAt ?? 0);
    if (bearer && age >= FRESH) return;
    throw this.#refusal(credential, bearer?.parameters.error);
  }

  #refusal(credential: Credential | undefined, error?: string): OciPushError {
    const { registry, side, scopes } = this.#options;
    const scope = scopes.map(({ name, actions }) => `${actions.join(",")} on ${name}`).join("; ");
    const where = `${registry}${side ? ` (${side})` : ""}`;
    const lacks = credential !== undefined && error === "insufficient_scope";
    const who = !credential
      ? "it wants a login, and there is none"
      : lacks
      ? `${nameOf(credential)} may not do this`
      : `${nameOf(credential)} is refused`;
    return new OciPushError(
      lacks ? "DENIED" : "UNAUTHORIZED",
      `cannot ${lacks ? "work in" : "log in to"} ${where}: ${who} (401)`,
      {
        terminal: true,
        ...(side && { side }),
        registry,
        status: 401,
        did: `${
          credential ? `credentials from ${credential.origin}` : "anonymous"
        }, scope ${scope}`,
        hint: lacks
          ? "the login is good, the right is missing: ask for it"
          : `oci-push login ${registry}, docker login ${registry}, or ` +
            `${side === "source" ? "OCI_PUSH_SRC_CREDS" : "OCI_PUSH_DEST_CREDS"}`,
      },
    );
  }
}

function nameOf(credential: Credential): string {
  return "username" in credential ? `user "${credential.username}"` : "the identity token";
}

/** Our scopes first, then what the challenge names beyond them. */
function covering(ours: RepositoryScope[], challenged: RepositoryScope[]): RepositoryScope[] {
  const more = challenged.flatMap(({ name, actions }) => {
    const known = ours.find((scope) => scope.name === name)?.actions ?? [];
    const missing = actions.filter((action) => action !== "delete" && !known.includes(action));
    return missing.length > 0 ? [{ name, actions: missing }] : [];
  });
  return [...ours, ...more];
}
