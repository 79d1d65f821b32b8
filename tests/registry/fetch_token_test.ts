import { assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { fetchToken, type FetchTokenOptions } from "../../lib/registry/fetch_token.ts";
import { type Answer, scripted, type Step } from "../support/scripted.ts";

const password = { username: "ann", password: "s3cret", origin: "config.json" };
const identity = { identityToken: "refresh", origin: "helper" };
const ok = { status: 200, body: '{"token":"T"}' };

function asking(script: Step[], more: Partial<FetchTokenOptions> & { realm?: string } = {}) {
  const { realm = "https://auth.test/token?x=1", ...options } = more;
  const server = scripted(script);
  const token = () =>
    fetchToken({
      registry: "registry.test",
      side: "source",
      challenge: { scheme: "bearer", parameters: { realm, service: "s" } },
      scopes: ["repository:team/app:pull", "repository:b:pull"],
      send: server.send,
      now: () => 1000,
      ...options,
    });
  return { server, token };
}

const url = "https://auth.test/token?x=1&service=s&scope=repository%3Ateam%2Fapp%3Apull" +
  "&scope=repository%3Ab%3Apull";

const asked: {
  does: string;
  credential?: FetchTokenOptions["credential"];
  script: Step[];
  authorization: string | null;
}[] = [
  { does: "without a name", script: [[`GET ${url}`, ok]], authorization: null },
  {
    does: "by user and password",
    credential: password,
    script: [[`GET ${url}`, ok]],
    authorization: `Basic ${btoa("ann:s3cret")}`,
  },
  {
    does: "by an identity token",
    credential: identity,
    script: [["POST https://auth.test/token?x=1", ok]],
    authorization: null,
  },
  ...[404, 405].map((status) => ({
    does: `by an identity token, by GET where POST gives ${status}`,
    credential: identity,
    script: [
      ["POST https://auth.test/token?x=1", { status }] as Step,
      [`GET ${url}`, ok] as Step,
    ],
    authorization: `Basic ${btoa("<token>:refresh")}`,
  })),
];

for (const { does, credential, script, authorization } of asked) {
  Deno.test(`fetchToken() asks ${does}`, async () => {
    const { server, token } = asking(script, credential ? { credential } : {});
    assertEquals(await token(), { header: "Bearer T", issuedAt: 1000, expiresAt: 61_000 });
    assertEquals(server.requests.at(-1)!.headers.get("authorization"), authorization);
    const [first] = server.requests;
    if (first!.method === "POST") {
      assertEquals(Object.fromEntries(new URLSearchParams(first!.body)), {
        "grant_type": "refresh_token",
        service: "s",
        "client_id": "oci-push",
        scope: "repository:team/app:pull repository:b:pull",
        "refresh_token": "refresh",
      });
    }
    server.assertSpent();
  });
}

for (
  const [does, body, header, life] of [
    ["an access_token", { "access_token": "A", "expires_in": 10 }, "Bearer A", 10],
    ["a token before an access_token", { token: "T", "access_token": "A" }, "Bearer T", 60],
    ["an access_token beside an empty token", { token: "", "access_token": "A" }, "Bearer A", 60],
  ] as const
) {
  Deno.test(`fetchToken() takes ${does}`, async () => {
    const { token } = asking([[/./, { status: 200, body: JSON.stringify(body) }]]);
    assertEquals(await token(), { header, issuedAt: 1000, expiresAt: 1000 + life * 1000 });
  });
}

const realms: { realm: string; more?: Partial<FetchTokenOptions>; says?: string }[] = [
  { realm: "http://auth.test/token", says: "its realm http://auth.test is not https" },
  { realm: "file:///etc/passwd", says: "its realm null is not https" },
  { realm: "/token", says: 'its realm "/token" is no address' },
  { realm: "http://[\x1b", says: 'its realm "http://[\\x1b" is no address' },
  { realm: "http://127.0.0.1:5001/token" },
  { realm: "http://auth.test/token", more: { registry: "127.0.0.1:5000" } },
  { realm: "http://auth.test/token", more: { endpoint: "http://10.0.0.1:5000" } },
];

for (const { realm, more, says } of realms) {
  Deno.test(`fetchToken() ${says ? "refuses" : "takes"} the realm ${JSON.stringify(realm)}${more ? ` for ${Object.values(more)}` : ""}`, async () => {
    const { server, token } = asking(says ? [] : [[/./, ok]], {
      realm,
      credential: password,
      ...more,
    });
    if (says) {
      const error = await assertRejects(token, OciPushError);
      assertEquals([error.code, error.terminal], ["REGISTRY_BROKEN", true]);
      assertEquals(error.message, `cannot log in to registry.test (source): ${says}`);
    } else {
      await token();
    }
    server.assertSpent();
  });
}

const endless = () =>
  new Response(
    new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 18)) }),
  );
const nonsense: [name: string, answer: Answer, says: string][] = [
  ["an endless answer", endless, "its token server sends more than a token"],
  [
    "one that says it is too long",
    { status: 200, headers: { "content-length": "99999999" }, body: "{}" },
    "its token server sends more than a token",
  ],
  [
    "a web page",
    { status: 200, body: "<html>log in" },
    "its token server does not answer with JSON",
  ],
  ["nothing", { status: 200 }, "its token server does not answer with JSON"],
  ...["{}", "[]", "null", '{"token":1}', '{"token":""}', '{"token":"a\\nb"}', '{"token":"é"}'].map(
    (body): [string, Answer, string] => [
      body,
      { status: 200, body },
      "its token server sends no token",
    ],
  ),
];

for (const [name, answer, says] of nonsense) {
  Deno.test(`fetchToken() does not take ${name} for a token`, async () => {
    const { token } = asking([[/./, answer]]);
    const error = await assertRejects(token, OciPushError);
    assertEquals([error.code, error.terminal], ["REGISTRY_BROKEN", true]);
    assertEquals(error.message, `cannot log in to registry.test (source): ${says}`);
  });
}

const refusals: {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  credential?: FetchTokenOptions["credential"];
  code: string;
  terminal: boolean;
  says: string;
}[] = [
  {
    status: 401,
    credential: password,
    body:
      '{"errors":[{"code":"UNAUTHORIZED","message":"bad password: s3cret\\n::warning::\\u001b[2J"}]}',
    code: "UNAUTHORIZED",
    terminal: true,
    says: 'password refused for user "ann" (401): "bad password: *** ::warning::\\x1b[2J"',
  },
  {
    status: 401,
    credential: identity,
    code: "UNAUTHORIZED",
    terminal: true,
    says: "identity token refused (401)",
  },
  {
    status: 401,
    body: '{"details":"no"}',
    code: "UNAUTHORIZED",
    terminal: true,
    says: 'it gives no token without a login (401): "no"',
  },
  {
    status: 403,
    credential: password,
    code: "DENIED",
    terminal: true,
    says: "the token server does not allow it (403)",
  },
  {
    status: 429,
    headers: { "retry-after": "7" },
    code: "RATE_LIMITED",
    terminal: false,
    says: "too many requests (429)",
  },
  {
    status: 502,
    code: "UNAVAILABLE",
    terminal: false,
    says: "the token server has a problem (502)",
  },
];

for (const { status, headers = {}, body = "", credential, code, terminal, says } of refusals) {
  Deno.test(`fetchToken() explains a ${status} ${credential ? "to a known user" : "to nobody"}: ${says}`, async () => {
    const method = credential && "identityToken" in credential ? /^POST/ : /^GET/;
    const { server, token } = asking(
      [[method, { status, headers, body }]],
      credential ? { credential } : {},
    );
    const error = await assertRejects(token, OciPushError);
    assertEquals([error.code, error.terminal, error.details.status], [code, terminal, status]);
    assertEquals(error.message, `cannot log in to registry.test (source): ${says}`);
    assertEquals(error.details.retryAfter, status === 429 ? 7 : undefined);
    assertStringIncludes(error.details.did!, credential?.origin ?? "anonymous");
    assertEquals(/s3cret|refresh"/.test(JSON.stringify(error)), false);
    server.assertSpent();
  });
}

Deno.test("fetchToken() names the token server that cannot be reached", async () => {
  const { token } = asking([[/./, new TypeError("tcp connect error: Connection refused")]]);
  const error = await assertRejects(token, OciPushError);
  assertEquals(
    [error.code, error.message],
    [
      "UNREACHABLE",
      "cannot get a token for registry.test (source) from auth.test: the connection is refused",
    ],
  );
});
