/**
 * One token from a token server.
 *
 * @module
 */

import type { Challenge } from "../oci/challenge.ts";
import { isRecord } from "../oci/descriptor.ts";
import { OciPushError, type Side } from "../oci/error.ts";
import { parseRegistryErrors } from "../oci/registry_error.ts";
import { cleanText } from "../oci/text.ts";
import { encodeBase64 } from "../std/encoding.ts";
import type { Authorization } from "./authorizer.ts";
import type { Credential } from "./credential.ts";
import { isLoopback } from "./loopback.ts";
import { describeNetworkError } from "./network_error.ts";
import { readAtMost, readText } from "./read_at_most.ts";
import type { Transport, TransportInit } from "./transport.ts";
import { attemptsFor, Exhausted, retryAfter } from "./with_retry.ts";

/** A token, and since when it is one. */
export interface Token extends Authorization {
  /** Epoch milliseconds, by our own clock. */
  issuedAt: number;
}

/** Options of {@linkcode fetchToken}. */
export interface FetchTokenOptions {
  /** Host and port as named in the reference. */
  registry: string;
  /** Which end of a copy this is, for messages. */
  side?: Side;
  /** Where the registry is really reached: plain http there may have a token server in plain http. */
  endpoint?: string;
  /** The Bearer challenge, with its realm. */
  challenge: Challenge;
  /** What is to be allowed. */
  scopes: string[];
  /** Who we are; absent: anonymous. */
  credential?: Credential;
  /** Reaches the token server. */
  send: Transport;
  /** Epoch milliseconds. */
  now: () => number;
}

/** The life of a token whose server does not say, in seconds: distribution's documentation. */
const DEFAULT_LIFE = 60;
const MAX_BODY = 1024 * 1024;

/**
 * Fetches a token: by GET as distribution documents it, by an OAuth2 POST for an identity token,
 * which falls back to GET where the server knows no POST.
 *
 * @param options The challenge, what is to be allowed, who we are.
 * @returns The token, with the time at which it ends by our clock.
 * @throws {OciPushError} `UNAUTHORIZED` or `DENIED` where the server refuses; `REGISTRY_BROKEN` for
 * a realm that credentials must not go to, or an answer without a token.
 */
export async function fetchToken(options: FetchTokenOptions): Promise<Token> {
  const { credential, now } = options;
  const realm = parseRealm(options);
  const issuedAt = now();
  let response: Response | undefined;
  if (credential && "identityToken" in credential) {
    response = await post(realm, credential.identityToken, options);
    if (response.status === 404 || response.status === 405) {
      await response.body?.cancel();
      response = undefined;
    }
  }
  response ??= await get(realm, options);
  if (response.status !== 200) throw await refusal(response, options);
  const bytes = await readAtMost(response, MAX_BODY);
  const { token, life } = readToken(bytes, options);
  return { header: `Bearer ${token}`, issuedAt, expiresAt: issuedAt + life * 1000 };
}

function get(realm: URL, options: FetchTokenOptions): Promise<Response> {
  const { challenge, scopes, credential } = options;
  const url = new URL(realm);
  const { service } = challenge.parameters;
  if (service) url.searchParams.set("service", service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  const headers = { accept: "application/json" };
  if (!credential) return ask(url, { headers }, options);
  const [user, password] = "password" in credential
    ? [credential.username, credential.password]
    : ["<token>", credential.identityToken];
  const authorization = `Basic ${encodeBase64(`${user}:${password}`)}`;
  return ask(url, { headers: { ...headers, authorization } }, options);
}

function post(realm: URL, refreshToken: string, options: FetchTokenOptions): Promise<Response> {
  const { challenge, scopes } = options;
  const body = new URLSearchParams({
    "grant_type": "refresh_token",
    service: challenge.parameters.service ?? "",
    "client_id": "oci-push",
    scope: scopes.join(" "),
    "refresh_token": refreshToken,
  });
  return ask(realm, { method: "POST", body, headers: { accept: "application/json" } }, options);
}

async function ask(url: URL, init: TransportInit, options: FetchTokenOptions): Promise<Response> {
  try {
    return await options.send(url, init);
  } catch (error) {
    const [cause, attempts] = error instanceof Exhausted
      ? [error.cause, error.attempts]
      : [error, 1];
    const { registry, side } = options;
    throw describeNetworkError(cause, {
      action: `cannot get a token for ${registry}${sideOf(options)} from ${url.host}`,
      registry,
      ...(side && { side }),
      attempts,
    });
  }
}

/** A realm comes from a stranger: credentials go to an address that is as safe as the registry's. */
function parseRealm(options: FetchTokenOptions): URL {
  const { registry, endpoint, challenge } = options;
  const realm = challenge.parameters.realm ?? "";
  let url: URL;
  try {
    url = new URL(realm);
  } catch {
    throw broken(options, `its realm "${cleanText(realm)}" is no address`);
  }
  const plain = endpoint?.startsWith("http:") || isLoopback(registry);
  if (url.protocol === "https:" || url.protocol === "http:" && (plain || isLoopback(url.host))) {
    return url;
  }
  throw broken(options, `its realm ${cleanText(url.origin)} is not https`);
}

function readToken(
  bytes: Uint8Array | undefined,
  options: FetchTokenOptions,
): { token: string; life: number } {
  if (!bytes) throw broken(options, "its token server sends more than a token");
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw broken(options, "its token server does not answer with JSON");
  }
  const { token, access_token: accessToken, expires_in: expires } = isRecord(body)
    ? body as Record<string, unknown>
    : {} as Record<string, unknown>;
  const found = typeof token === "string" && token ? token : accessToken;
  if (typeof found !== "string" || !found || /[^\x21-\x7e]/.test(found)) {
    throw broken(options, "its token server sends no token");
  }
  const life = typeof expires === "number" && expires > 0 ? expires : DEFAULT_LIFE;
  return { token: found, life };
}

async function refusal(response: Response, options: FetchTokenOptions): Promise<OciPushError> {
  const { registry, side, credential, scopes } = options;
  const { status } = response;
  const wait = Math.ceil(retryAfter(response, options.now()) / 1000);
  const text = await readText(response);
  const [first] = parseRegistryErrors(text);
  const words = cleanText(withoutSecret(first?.message || first?.code || text, credential));
  const passing = status === 429 || status >= 500;
  const who = !credential
    ? "it gives no token without a login"
    : "username" in credential
    ? `password refused for user "${credential.username}"`
    : "identity token refused";
  const happened = passing
    ? status === 429 ? "too many requests" : "the token server has a problem"
    : status === 403
    ? "the token server does not allow it"
    : who;
  return new OciPushError(
    status === 429
      ? "RATE_LIMITED"
      : passing
      ? "UNAVAILABLE"
      : status === 403
      ? "DENIED"
      : "UNAUTHORIZED",
    `cannot log in to ${registry}${sideOf(options)}: ${happened} (${status})` +
      (words ? `: "${words}"` : ""),
    {
      terminal: !passing,
      ...(side && { side }),
      registry,
      status,
      attempts: attemptsFor(response),
      ...(wait > 0 && { retryAfter: wait }),
      did: `${credential ? `credentials from ${credential.origin}` : "anonymous"}, scope ` +
        scopes.join(" "),
      hint: `oci-push login ${registry}, docker login ${registry}, or ` +
        `${side === "source" ? "OCI_PUSH_SRC_CREDS" : "OCI_PUSH_DEST_CREDS"}`,
    },
  );
}

/** A server may repeat what it refuses. */
function withoutSecret(text: string, credential: Credential | undefined): string {
  if (!credential) return text;
  const secret = "password" in credential ? credential.password : credential.identityToken;
  return secret ? text.replaceAll(secret, "***") : text;
}

function broken(options: FetchTokenOptions, problem: string): OciPushError {
  const { registry, side } = options;
  return new OciPushError(
    "REGISTRY_BROKEN",
    `cannot log in to ${registry}${sideOf(options)}: ${problem}`,
    { terminal: true, registry, ...(side && { side }) },
  );
}

function sideOf({ side }: FetchTokenOptions): string {
  return side ? ` (${side})` : "";
}
