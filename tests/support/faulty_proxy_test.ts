import { assertEquals, assertRejects, assertThrows } from "../../lib/std/assert.ts";
import { type Fault, startFaultyProxy } from "./faulty_proxy.ts";

/** An upstream that answers everything with the same ten bytes, and shows what it was asked. */
function startUpstream() {
  const asked: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    asked.push(`${request.method} ${new URL(request.url).pathname} ${await request.text()}`);
    return new Response("0123456789", { headers: { "docker-content-digest": "sha256:right" } });
  });
  const url = new URL(`http://127.0.0.1:${server.addr.port}/`);
  return { url, asked, [Symbol.asyncDispose]: () => server.shutdown() };
}

const cases: { fault: Fault; gives: string | typeof TypeError; asked: number }[] = [
  { fault: { kind: "close" }, gives: TypeError, asked: 0 },
  { fault: { kind: "truncate", after: 4 }, gives: TypeError, asked: 1 },
  { fault: { kind: "truncate", after: 0 }, gives: TypeError, asked: 1 },
  { fault: { kind: "corrupt", at: 3 }, gives: "200 sha256:right 0122456789", asked: 1 },
  {
    fault: { kind: "headers", headers: { "docker-content-digest": "sha256:wrong" } },
    gives: "200 sha256:wrong 0123456789",
    asked: 1,
  },
  { fault: { kind: "answer", status: 429, body: "later" }, gives: "429 null later", asked: 0 },
];

for (const { fault, gives, asked } of cases) {
  Deno.test(`a proxy breaks the request it is told to, once: ${JSON.stringify(fault)}`, async () => {
    await using upstream = startUpstream();
    await using proxy = startFaultyProxy(upstream.url, [{ path: /^\/v2\//, nth: 2, fault }]);
    // On a connection that was used before, fetch asks again by itself.
    using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
    const get = async () => {
      const response = await fetch(new URL("/v2/x?y=1", proxy.url), { client });
      const digest = response.headers.get("docker-content-digest");
      return `${response.status} ${digest} ${await response.text()}`;
    };
    const whole = "200 sha256:right 0123456789";
    assertEquals(await get(), whole);
    assertThrows(() => proxy.assertSpent(), Error, "nothing came that had to break");
    if (typeof gives === "string") assertEquals(await get(), gives);
    else await assertRejects(get, gives);
    assertEquals(upstream.asked.length, 1 + asked);
    assertEquals(await get(), whole);
    assertEquals(proxy.requests.length, 3);
    proxy.assertSpent();
  });
}

Deno.test("a proxy that stalls is silent until the client gives up", async () => {
  await using upstream = startUpstream();
  const rule = { path: "/", fault: { kind: "stall" as const } };
  await using proxy = startFaultyProxy(upstream.url, [rule]);
  await assertRejects(() => fetch(proxy.url, { signal: AbortSignal.timeout(50) }), DOMException);
  assertEquals(upstream.asked, []);
});

Deno.test("a proxy passes bodies on, and remembers headers but no secret", async () => {
  await using upstream = startUpstream();
  await using proxy = startFaultyProxy(upstream.url, []);
  const headers = { authorization: "Basic c2VjcmV0", "content-range": "0-3" };
  const body = "four";
  await (await fetch(new URL("/up", proxy.url), { method: "PATCH", headers, body })).text();
  assertEquals(upstream.asked, ["PATCH /up four"]);
  assertEquals(proxy.requests, ["PATCH /up 200"]);
  assertEquals(proxy.headers[0]?.get("authorization"), "Basic");
  assertEquals(proxy.headers[0]?.get("content-range"), "0-3");
});
