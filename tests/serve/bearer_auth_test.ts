/**
 * Who gets in with a token, and for what.
 *
 * @module
 */

import { assert, assertEquals } from "../../lib/std/assert.ts";
import { digestOf } from "../../lib/oci/digest.ts";
import type { AccessRule, BearerAuth } from "../../lib/serve/auth.ts";
import { allow, as, basic, challengeOf, guarded, users } from "./guarded.ts";
import { type Ask, bytesOf, codes } from "./registry.ts";

interface TokenAnswer {
  token: string;
  accessToken: string;
  expiresIn: number;
  issuedAt: string;
  refreshToken: string | undefined;
}

/** The answer's names are the documentation's. */
async function readToken(response: Response): Promise<TokenAnswer> {
  const answer = await response.json();
  return {
    token: answer.token,
    accessToken: answer.access_token,
    expiresIn: answer.expires_in,
    issuedAt: answer.issued_at,
    refreshToken: answer.refresh_token,
  };
}

async function tokenFor(
  ask: Ask,
  scopes: string[],
  headers: Record<string, string> = as("ada"),
): Promise<{ authorization: string }> {
  const query = new URLSearchParams([["service", "oci-push"], ...scopes.map((s) => ["scope", s])]);
  const response = await ask("GET", `/token?${query}`, { headers });
  assertEquals(response.status, 200);
  return { authorization: `Bearer ${(await readToken(response)).token}` };
}

Deno.test("a registry with tokens says where to get one, and for what", async () => {
  const ask = await guarded({ type: "bearer", users });
  const place = { scheme: "bearer", realm: "http://registry.test/token", service: "oci-push" };
  assertEquals(challengeOf(await ask("GET", "/v2/")), place);
  const cases: [method: string, path: string, scope: string][] = [
    ["GET", "/v2/app/manifests/v1", "repository:app:pull"],
    ["HEAD", "/v2/app/blobs/x", "repository:app:pull"],
    ["GET", "/v2/app/tags/list", "repository:app:pull"],
    ["PUT", "/v2/team/app/manifests/v1", "repository:team/app:pull,push"],
    ["POST", "/v2/app/blobs/uploads/", "repository:app:pull,push"],
    ["GET", "/v2/app/blobs/uploads/x", "repository:app:pull,push"],
    ["DELETE", "/v2/app/blobs/uploads/x", "repository:app:pull,push"],
    ["DELETE", "/v2/app/manifests/v1", "repository:app:delete"],
    ["POST", "/v2/app/blobs/uploads/?mount=x&from=app", "repository:app:pull,push"],
    [
      "POST",
      "/v2/app/blobs/uploads/?mount=x&from=base",
      "repository:app:pull,push repository:base:pull",
    ],
  ];
  for (const [method, path, scope] of cases) {
    const response = await ask(method, path);
    assertEquals([response.status, challengeOf(response)], [401, { ...place, scope }], path);
  }
});

Deno.test("a registry with tokens may send to another realm and service", async () => {
  const realm = "https://auth.test/token";
  const ask = await guarded({ type: "bearer", users, realm, service: "my registry" });
  const { realm: gotRealm, service } = challengeOf(await ask("GET", "/v2/"));
  assertEquals([gotRealm, service], [realm, "my registry"]);
});

Deno.test("a token opens what it was given for and nothing else", async () => {
  const ask = await guarded({ type: "bearer", users });
  const headers = await tokenFor(ask, ["repository:app:pull", "repository:other:pull,push"]);
  assertEquals((await ask("GET", "/v2/", { headers })).status, 200);
  assertEquals((await ask("GET", "/v2/app/manifests/v1", { headers })).status, 200);
  assertEquals((await ask("POST", "/v2/other/blobs/uploads/", { headers })).status, 202);
  const lacking: [method: string, path: string][] = [
    ["POST", "/v2/app/blobs/uploads/"],
    ["DELETE", "/v2/app/manifests/v1"],
    ["GET", "/v2/private/app/manifests/v1"],
  ];
  for (const [method, path] of lacking) {
    const response = await ask(method, path, { headers });
    assertEquals([response.status, challengeOf(response).error], [401, "insufficient_scope"], path);
  }
});

Deno.test("a token for several scopes in one parameter, and for all actions", async () => {
  const ask = await guarded({ type: "bearer", users });
  const headers = await tokenFor(ask, [
    "repository:app:* repository:other:pull registry:catalog:*",
  ]);
  assertEquals((await ask("GET", "/v2/other/manifests/v1", { headers })).status, 404);
  assertEquals((await ask("DELETE", "/v2/app/manifests/v1", { headers })).status, 202);
});

Deno.test("a token ends with its life, and a false one is called so", async () => {
  let now = 1_700_000_000_000;
  const ask = await guarded({ type: "bearer", users, tokenLife: 90_500, now: () => now });
  const answer = await ask("GET", "/token?scope=repository:app:pull", { headers: as("ada") });
  const { token, accessToken, expiresIn, issuedAt } = await readToken(answer);
  assertEquals([accessToken, expiresIn, issuedAt], [token, 91, "2023-11-14T22:13:20.000Z"]);
  assertEquals(answer.headers.get("cache-control"), "no-store");
  const pull = (authorization: string) =>
    ask("GET", "/v2/app/manifests/v1", { headers: { authorization } });
  now += 90_499;
  assertEquals((await pull(`Bearer ${token}`)).status, 200);
  now += 1;
  for (const authorization of [`Bearer ${token}`, "Bearer nonsense"]) {
    const response = await pull(authorization);
    assertEquals([response.status, challengeOf(response).error], [401, "invalid_token"]);
  }
  assertEquals(challengeOf(await pull(as("ada").authorization)).error, undefined);
});

const tokenCases: {
  does: string;
  auth?: Partial<BearerAuth>;
  headers?: Record<string, string>;
  form?: string;
  status: number;
  refreshes?: boolean;
}[] = [
  { does: "refuses the nameless", status: 401 },
  {
    does: "gives the nameless a token where they may pull",
    auth: { anonymousPull: true },
    status: 200,
  },
  {
    does: "refuses a wrong password",
    auth: { anonymousPull: true },
    headers: basic("ada:x"),
    status: 401,
  },
  { does: "takes a password", headers: as("ada"), status: 200 },
  {
    does: "takes a password in a form",
    form: "grant_type=password&username=ada&password=love:lace",
    status: 200,
  },
  {
    does: "gives a refresh token to whom asks for one",
    form: "grant_type=password&username=ada&password=love:lace&access_type=offline",
    status: 200,
    refreshes: true,
  },
  {
    does: "refuses a wrong password in a form",
    form: "grant_type=password&username=ada&password=x",
    status: 401,
  },
  {
    does: "refuses a false refresh token",
    form: "grant_type=refresh_token&refresh_token=x",
    status: 401,
  },
  { does: "refuses an unknown grant", form: "grant_type=magic", status: 401 },
  { does: "refuses an empty form", form: "", status: 401 },
];

for (const { does, auth, headers = {}, form, status, refreshes = false } of tokenCases) {
  Deno.test(`a token server ${does}`, async () => {
    const ask = await guarded({ type: "bearer", users, ...auth });
    const response = form !== undefined
      ? await ask("POST", "/token", { body: new URLSearchParams(form) })
      : await ask("GET", "/token", { headers });
    assertEquals(response.status, status);
    if (status !== 200) return assertEquals(await codes(response), ["UNAUTHORIZED"]);
    const { token, refreshToken } = await readToken(response);
    assert(token.length >= 32);
    assertEquals(refreshToken !== undefined, refreshes);
  });
}

Deno.test("a token server has no other methods", async () => {
  const ask = await guarded({ type: "bearer", users });
  assertEquals((await ask("PUT", "/token")).status, 405);
});

Deno.test("a refresh token stands for its user", async () => {
  const ask = await guarded({ type: "bearer", users, allow });
  const first = await ask("GET", "/token?offline_token=true", { headers: as("bob") });
  const { refreshToken = "" } = await readToken(first);
  const form = new URLSearchParams([
    ["grant_type", "refresh_token"],
    ["refresh_token", refreshToken],
    ["scope", "repository:private/app:pull,push repository:app:pull"],
  ]);
  const { token } = await readToken(await ask("POST", "/token", { body: form }));
  const headers = { authorization: `Bearer ${token}` };
  for (const name of ["app", "private/app"]) {
    assertEquals((await ask("GET", `/v2/${name}/manifests/v1`, { headers })).status, 200);
  }
  const push = await ask("POST", "/v2/private/app/blobs/uploads/", { headers });
  assertEquals([push.status, await codes(push)], [403, ["DENIED"]]);
});

Deno.test("the nameless get a token, and no more with it than they may", async () => {
  const ask = await guarded({ type: "bearer", users, allow, anonymousPull: true });
  const scopes = ["repository:app:pull,push", "repository:private/app:pull"];
  const headers = await tokenFor(ask, scopes, {});
  assertEquals((await ask("GET", "/v2/", { headers })).status, 200);
  assertEquals((await ask("GET", "/v2/app/manifests/v1", { headers })).status, 200);
  assertEquals((await ask("POST", "/v2/app/blobs/uploads/", { headers })).status, 401);
  assertEquals((await ask("GET", "/v2/private/app/manifests/v1", { headers })).status, 401);
});

const pushOnly: AccessRule = (user, repository) => user === "ada" || repository === "bob/app";
const secret = await digestOf(bytesOf("only in private/app"));

const mounts: {
  does: string;
  user: "ada" | "bob";
  query: string;
  scopes: string;
  status: number;
}[] = [
  {
    does: "asks for the source's pull where that would be granted",
    user: "ada",
    query: `mount=${secret}&from=private/app`,
    scopes: "repository:bob/app:pull,push",
    status: 401,
  },
  {
    does: "mounts with both in one token",
    user: "ada",
    query: `mount=${secret}&from=private/app`,
    scopes: "repository:bob/app:pull,push repository:private/app:pull",
    status: 201,
  },
  {
    does: "does not mount from where the user may not pull, and lets them upload",
    user: "bob",
    query: `mount=${secret}&from=private/app`,
    scopes: "repository:bob/app:pull,push repository:private/app:pull",
    status: 202,
  },
  {
    does: "does not look in every repository for a user who may not see them all",
    user: "bob",
    query: `mount=${secret}`,
    scopes: "repository:bob/app:pull,push",
    status: 202,
  },
];

for (const { does, user, query, scopes, status } of mounts) {
  Deno.test(`a registry with rules ${does}`, async () => {
    const bearer = await guarded({ type: "bearer", users, allow: pushOnly });
    const path = `/v2/bob/app/blobs/uploads/?${query}`;
    const headers = await tokenFor(bearer, [scopes], as(user));
    assertEquals((await bearer("POST", path, { headers })).status, status);
    // With a password there is nothing more to ask for.
    const ask = await guarded({ type: "basic", users, allow: pushOnly });
    const response = await ask("POST", path, { headers: as(user) });
    assertEquals(response.status, status === 401 ? 201 : status);
  });
}
