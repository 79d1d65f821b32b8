/**
 * A token server for real registries, which counts what it gives out.
 *
 * @module
 */

import { decodeBase64, encodeBase64 } from "../../lib/std/encoding.ts";
import { succeed } from "./tools.ts";

/** A token that was given out. */
export interface GrantedToken {
  user: string;
  /** What was asked for. */
  scopes: string[];
}

/** Options of {@linkcode startTokenServer}. */
export interface TokenServerOptions {
  /** Identity tokens by user: what an OAuth2 POST may bring instead of a password. */
  identityTokens?: Record<string, string>;
  /** What a user may do of what he asks for; absent: all. */
  allow?: (user: string, action: string, repository: string) => boolean;
}

/** A token server that runs. */
export interface TokenServer extends AsyncDisposable {
  /** What a registry's configuration wants to know. */
  token: { realm: string; service: string; issuer: string; rootcertbundle: string };
  /** Tokens given out so far. */
  granted: GrantedToken[];
  /** Requests refused so far. */
  refused: number;
}

/**
 * Starts a token server for users with passwords; whoever is none of them gets no token. Tokens are
 * JWTs that carry their certificate, as registry 2.8 and 3 take.
 */
export async function startTokenServer(
  users: Record<string, string>,
  options: TokenServerOptions = {},
): Promise<TokenServer> {
  const { identityTokens = {}, allow = () => true } = options;
  const folder = await Deno.makeTempDir();
  const subject = ["-subj", "/CN=token server", "-days", "2", "-nodes"];
  await succeed("openssl", [
    ...["req", "-x509", "-newkey", "rsa:2048", "-keyout", "key.pem", "-out", "cert.pem"],
    ...subject,
  ], { cwd: folder });
  const certificate = pemBody(await Deno.readTextFile(`${folder}/cert.pem`));
  const key = await crypto.subtle.importKey(
    "pkcs8",
    decodeBase64(pemBody(await Deno.readTextFile(`${folder}/key.pem`))),
    { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const state = { granted: [] as GrantedToken[], refused: 0 };
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, answer);

  async function answer(request: Request): Promise<Response> {
    const { user, fields } = request.method === "POST"
      ? await byIdentityToken(request)
      : byPassword(request);
    if (user === undefined) {
      state.refused++;
      return Response.json({ details: "incorrect username or password" }, { status: 401 });
    }
    // A form has all scopes in one field, a query has a field for each.
    const scopes = fields.getAll("scope").flatMap((text) => text.split(" "));
    state.granted.push({ user, scopes });
    const now = Math.floor(Date.now() / 1000);
    const token = await sign({
      iss: "token server",
      sub: user,
      aud: fields.get("service"),
      iat: now,
      nbf: now - 10,
      exp: now + 300,
      jti: crypto.randomUUID(),
      access: scopes.map((scope) => {
        const [type, name = "", actions = ""] = scope.split(":");
        const allowed = actions.split(",").filter((action) => allow(user, action, name));
        return { type, name, actions: allowed };
      }),
    });
    return Response.json({ token, access_token: token, expires_in: 300 });
  }

  function byPassword(request: Request): Asker {
    const header = request.headers.get("authorization") ?? "";
    const [user = "", password] = new TextDecoder()
      .decode(decodeBase64(header.replace(/^Basic /, ""))).split(":");
    const known = password !== undefined && users[user] === password;
    return { user: known ? user : undefined, fields: new URL(request.url).searchParams };
  }

  async function byIdentityToken(request: Request): Promise<Asker> {
    const fields = new URLSearchParams(await request.text());
    const token = fields.get("grant_type") === "refresh_token" && fields.get("refresh_token");
    const user = Object.keys(identityTokens).find((user) => identityTokens[user] === token);
    return { user, fields };
  }

  async function sign(claims: object): Promise<string> {
    const encode = (part: object) => urlSafe(encodeBase64(JSON.stringify(part)));
    const head = encode({ typ: "JWT", alg: "RS256", x5c: [certificate] });
    const text = `${head}.${encode(claims)}`;
    const bytes = new TextEncoder().encode(text);
    return `${text}.${urlSafe(encodeBase64(await crypto.subtle.sign(key.algorithm, key, bytes)))}`;
  }

  return {
    token: {
      realm: `http://127.0.0.1:${server.addr.port}/token`,
      service: "registry",
      issuer: "token server",
      rootcertbundle: `${folder}/cert.pem`,
    },
    get granted() {
      return state.granted;
    },
    get refused() {
      return state.refused;
    },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Who asks, if he is known, and what for. */
interface Asker {
  user: string | undefined;
  fields: URLSearchParams;
}

function pemBody(pem: string): string {
  return pem.replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
}

function urlSafe(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
