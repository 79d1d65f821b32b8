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
  scopes: string[];
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
 * Starts a token server for users with passwords; everybody may do everything that he asks for,
 * nobody gets nothing. Tokens are JWTs that carry their certificate, as registry 2.8 and 3 take.
 */
export async function startTokenServer(users: Record<string, string>): Promise<TokenServer> {
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
    const header = request.headers.get("authorization") ?? "";
    const [user = "", password] = new TextDecoder()
      .decode(decodeBase64(header.replace(/^Basic /, ""))).split(":");
    if (password === undefined || users[user] !== password) {
      state.refused++;
      return Response.json({ details: "incorrect username or password" }, { status: 401 });
    }
    const { searchParams } = new URL(request.url);
    const scopes = searchParams.getAll("scope");
    state.granted.push({ user, scopes });
    const now = Math.floor(Date.now() / 1000);
    const token = await sign({
      iss: "token server",
      sub: user,
      aud: searchParams.get("service"),
      iat: now,
      nbf: now - 10,
      exp: now + 300,
      jti: crypto.randomUUID(),
      access: scopes.map((scope) => {
        const [type, name, actions = ""] = scope.split(":");
        return { type, name, actions: actions.split(",") };
      }),
    });
    return Response.json({ token, expires_in: 300 });
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

function pemBody(pem: string): string {
  return pem.replace(/-----[^-]+-----/g, "").replace(/\s/g, "");
}

function urlSafe(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
