/**
 * Gives out tokens. They are random and remembered, not signed: whoever restarts the registry makes
 * them void.
 *
 * @module
 */

import { parseScopes, type RepositoryScope } from "../oci/challenge.ts";
import { encodeHex } from "../std/encoding.ts";
import { answerJson, refuse, refuseMethod } from "./answers.ts";
import type { Action, BearerAuth } from "./auth.ts";
import { isPasswordOf, parseAuthorization } from "./credentials.ts";
import { isAllowed } from "./gate.ts";
import { readAtMost } from "./read_at_most.ts";
import type { Guest } from "./scheme.ts";

const DEFAULT_LIFE = 300_000;
const MAX_FORM = 64 * 1024;

/** Gives out tokens, and knows those that it gave. */
export interface TokenServer {
  /** Answers a request for a token. */
  answer(request: Request, url: URL): Promise<Response>;
  /** Who holds a token, and what for; undefined for a false or expired one. */
  find(token: string): Guest | undefined;
}

interface Grant extends Guest {
  expiresAt: number;
}

interface TokenRequest {
  /** Undefined for somebody who gave no name. */
  user: string | undefined;
  scopes: RepositoryScope[];
  /** Whether a refresh token is wanted too. */
  offline: boolean;
}

/**
 * Makes a token server.
 *
 * Follows distribution's "auth/token" (GET) and "auth/oauth" (POST).
 *
 * @param auth Who has which password, and may do what.
 * @returns The server; its tokens are good in this process alone.
 */
export function createTokenServer(auth: BearerAuth): TokenServer {
  const { tokenLife = DEFAULT_LIFE, now = Date.now, anonymousPull = false } = auth;
  const grants = new Map<string, Grant>();
  const refreshTokens = new Map<string, string>();

  async function answer(request: Request, url: URL): Promise<Response> {
    if (request.method !== "GET" && request.method !== "POST") return refuseMethod(["GET", "POST"]);
    const wanted = request.method === "GET" ? readGet(request, url) : await readPost(request);
    if (wanted instanceof Response) return wanted;
    if (wanted.user === undefined && !anonymousPull) return refuseLogin();
    return giveToken(wanted);
  }

  function readGet(request: Request, url: URL): TokenRequest | Response {
    const claim = parseAuthorization(request.headers.get("authorization"));
    if (claim.kind !== "none" && !isPasswordOf(auth, claim)) return refuseLogin();
    return {
      user: claim.kind === "basic" ? claim.user : undefined,
      scopes: url.searchParams.getAll("scope").flatMap(parseScopes),
      offline: url.searchParams.get("offline_token") === "true",
    };
  }

  async function readPost(request: Request): Promise<TokenRequest | Response> {
    const body = await readAtMost(request.body, MAX_FORM);
    const form = new URLSearchParams(new TextDecoder().decode(body));
    const user = form.get("grant_type") === "refresh_token"
      ? refreshTokens.get(form.get("refresh_token") ?? "")
      : passwordUser(form);
    if (user === undefined) return refuseLogin();
    return {
      user,
      scopes: form.getAll("scope").flatMap(parseScopes),
      offline: form.get("access_type") === "offline",
    };
  }

  function passwordUser(form: URLSearchParams): string | undefined {
    const user = form.get("username") ?? "";
    const password = form.get("password") ?? "";
    if (form.get("grant_type") !== "password") return undefined;
    return isPasswordOf(auth, { kind: "basic", user, password }) ? user : undefined;
  }

  function giveToken({ user, scopes, offline }: TokenRequest): Response {
    dropExpired();
    const holds = (repository: string, action: Action) =>
      isAllowed(auth, { user, repository, action }) &&
      scopes.some(({ name, actions }) =>
        name === repository && (actions.includes(action) || actions.includes("*"))
      );
    const token = randomToken();
    grants.set(token, {
      user,
      holds,
      expiresAt: now() + tokenLife,
    });
    return answerJson({
      token,
      access_token: token,
      expires_in: Math.ceil(tokenLife / 1000),
      issued_at: new Date(now()).toISOString(),
      ...(offline && user !== undefined ? { refresh_token: refreshTokenOf(user) } : {}),
    }, { "cache-control": "no-store" });
  }

  function refreshTokenOf(user: string): string {
    for (const [token, owner] of refreshTokens) if (owner === user) return token;
    const token = randomToken();
    refreshTokens.set(token, user);
    return token;
  }

  function dropExpired(): void {
    for (const [token, { expiresAt }] of grants) if (expiresAt <= now()) grants.delete(token);
  }

  function find(token: string): Guest | undefined {
    const grant = grants.get(token);
    return grant && grant.expiresAt > now() ? grant : undefined;
  }

  return { answer, find };
}

function refuseLogin(): Response {
  return refuse(401, {
    code: "UNAUTHORIZED",
    message: "the user name, the password or the refresh token is wrong",
    headers: { "www-authenticate": 'Basic realm="oci-push"' },
  });
}

function randomToken(): string {
  return encodeHex(crypto.getRandomValues(new Uint8Array(32)));
}
