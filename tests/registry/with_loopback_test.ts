import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { isLoopback } from "../../lib/registry/loopback.ts";
import { withLoopback } from "../../lib/registry/with_loopback.ts";
import { scripted, type Step } from "../support/scripted.ts";

const url = new URL("http://127.0.0.1:5000/v2/");
const ok = { status: 200 };
const wantsTls = { status: 400, body: "Client sent an HTTP request to an HTTPS server.\n" };
const hungUp = new TypeError(
  "client error (SendRequest): connection closed before message completed",
);
const [plain, tls] = ["GET http://127.0.0.1:5000/v2/", "GET https://127.0.0.1:5000/v2/"];

const cases: { does: string; script: Step[]; calls: number; status: number }[] = [
  { does: "speaks plain http", script: [[plain, ok], [plain, ok]], calls: 2, status: 200 },
  {
    does: "speaks https from then on where that is wanted",
    script: [[plain, wantsTls], [tls, ok], [tls, ok]],
    calls: 2,
    status: 200,
  },
  {
    does: "asks by https a server that just hangs up",
    script: [[plain, hungUp], [tls, ok], [tls, ok]],
    calls: 2,
    status: 200,
  },
  ...[
    "<title>400 The plain HTTP request was sent to HTTPS port</title>",
    "Reason: You're speaking plain HTTP to an SSL-enabled server port.",
  ].map((body) => ({
    does: `understands "${body}"`,
    script: [[plain, { status: 400, body }], [tls, ok], [tls, ok]] as Step[],
    calls: 2,
    status: 200,
  })),
  {
    does: "stays plain where a 400 only names an https address",
    script: [[plain, { status: 400, body: "see https://docs.test" }], [plain, ok]],
    calls: 2,
    status: 200,
  },
  {
    does: "hands on a 400 about something else, with its text",
    script: [[plain, { status: 400, body: "no" }]],
    calls: 1,
    status: 400,
  },
  {
    does: "knows better than a 400 once the server has answered",
    script: [[plain, ok], [plain, { status: 400, body: "HTTPS" }]],
    calls: 2,
    status: 400,
  },
];

for (const { does, script, calls, status } of cases) {
  Deno.test(`withLoopback() ${does}`, async () => {
    const server = scripted(script);
    const send = withLoopback("127.0.0.1:5000")(server.send);
    let response = new Response();
    for (let call = 0; call < calls; call++) response = await send(url, {});
    assertEquals(response.status, status);
    if (does.includes("its text")) assertEquals(await response.text(), "no");
    server.assertSpent();
  });
}

Deno.test("withLoopback() does not ask by https a port that refuses, or later on", async () => {
  const refused = new TypeError("tcp connect error: Connection refused");
  const early = scripted([[plain, refused]]);
  const first = withLoopback("127.0.0.1:5000")(early.send);
  assertEquals(await assertRejects(() => first(url, {})), refused);
  early.assertSpent();

  const late = scripted([[plain, ok], [plain, hungUp]]);
  const second = withLoopback("127.0.0.1:5000")(late.send);
  await second(url, {});
  assertEquals(await assertRejects(() => second(url, {})), hungUp);
  late.assertSpent();
});

Deno.test("withLoopback() stays plain where https fails too, and leaves other hosts alone", async () => {
  const server = scripted([
    [plain, hungUp],
    [tls, new TypeError("received corrupt message of type InvalidContentType")],
    [plain, ok],
    ["GET http://store.test/", wantsTls],
  ]);
  const send = withLoopback("127.0.0.1:5000")(server.send);
  assertEquals(await assertRejects(() => send(url, {})), hungUp); // not the failure of the guess
  assertEquals((await send(url, {})).status, 200);
  assertEquals((await send(new URL("http://store.test/"), {})).status, 400);
  server.assertSpent();
});

Deno.test("withLoopback() sends a stream once", async () => {
  const server = scripted([[plain.replace("GET", "PUT"), hungUp]]);
  const send = withLoopback("127.0.0.1:5000")(server.send);
  const init = { method: "PUT", body: new ReadableStream() };
  assertEquals(await assertRejects(() => send(url, init)), hungUp);
  server.assertSpent();
});

for (
  const [host, expected] of [
    ["localhost", true],
    ["localhost:5000", true],
    ["127.0.0.1:5000", true],
    ["127.9.9.9", true],
    ["[::1]:5000", true],
    ["::1", true],
    ["localhost.example.com", false],
    ["127.0.0.1.example.com", false],
    ["10.0.0.1:5000", false],
    ["registry.test", false],
  ] as const
) {
  Deno.test(`isLoopback(${host}) is ${expected}`, () => assertEquals(isLoopback(host), expected));
}

const head = { method: "HEAD" };
const notTls = new TypeError("client error (Connect): received corrupt message of type X");
const [plainHead, tlsHead] = ["HEAD http://127.0.0.1:5000/v2/", "HEAD https://127.0.0.1:5000/v2/"];

const heads: { does: string; script: Step[]; status: number }[] = [
  {
    does: "asks by https to see what a 400 without words means",
    script: [[plainHead, { status: 400 }], [tlsHead, ok], [tlsHead, ok]],
    status: 200,
  },
  {
    does: "stays plain where that is no TLS",
    script: [[plainHead, { status: 400 }], [tlsHead, notTls], [plainHead, { status: 400 }]],
    status: 400,
  },
];
for (const { does, script, status } of heads) {
  Deno.test(`withLoopback() ${does}`, async () => {
    const server = scripted(script);
    const send = withLoopback("127.0.0.1:5000")(server.send);
    await send(url, head);
    assertEquals((await send(url, head)).status, status);
    server.assertSpent();
  });
}

Deno.test("withLoopback() tells a certificate that is refused, not the 400 before", async () => {
  const refused = new TypeError("invalid peer certificate: UnknownIssuer");
  const server = scripted([[plainHead, { status: 400 }], [tlsHead, refused]]);
  const send = withLoopback("127.0.0.1:5000")(server.send);
  assertEquals(await assertRejects(() => send(url, head)), refused);
});
