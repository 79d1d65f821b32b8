import { assertEquals } from "../../lib/std/assert.ts";
import type { Authorizer } from "../../lib/registry/authorizer.ts";
import { connect } from "../../lib/registry/connect.ts";
import type { RegistryEvent } from "../../lib/registry/event.ts";
import { fakeWait, scripted, type Step } from "../support/scripted.ts";

function connected(script: Step[], authorizer?: Authorizer) {
  const server = scripted(script);
  const events: RegistryEvent[] = [];
  const connection = connect({ registry: "registry.test", side: "source" }, {
    fetch: server.send,
    onEvent: (event) => events.push(event),
    wait: fakeWait().wait,
    random: () => 0,
    now: () => 0,
    ...(authorizer && { authorizer }),
  });
  return { server, events, connection };
}

const blob = new URL("https://registry.test/v2/app/blobs/x");

Deno.test("every hop of a request and every wait is told, without what a query may hold", async () => {
  const { server, events, connection } = connected([
    ["GET https://registry.test/v2/app/blobs/x", { status: 503 }],
    ["GET https://registry.test/v2/app/blobs/x", {
      status: 307,
      headers: { location: "https://store.test/b?secret=1" },
    }],
    ["GET https://store.test/b?secret=1", { status: 200 }],
  ]);
  using _ = connection;
  assertEquals((await connection.send(blob, {})).status, 200);
  server.assertSpent();
  const about = { registry: "registry.test", side: "source" as const };
  const request = { type: "request" as const, ...about, method: "GET", ms: 0 };
  assertEquals(events.map((event) => event.type === "request" ? { ...event, ms: 0 } : event), [
    { ...request, url: "https://registry.test/v2/app/blobs/x", status: 503 },
    { type: "wait", ...about, reason: "503", ms: 125, attempt: 2, attempts: 6 },
    { ...request, url: "https://registry.test/v2/app/blobs/x", status: 307 },
    { ...request, url: "https://store.test/b", status: 200 },
  ]);
});

Deno.test("a request without an answer is told with the status 0", async () => {
  const { events, connection } = connected([
    [/./, new TypeError("reset")],
    [/./, { status: 200 }],
  ]);
  using _ = connection;
  await connection.send(blob, { method: "HEAD" });
  const told = events.flatMap((event) =>
    event.type === "request" ? [[event.method, event.status]] : []
  );
  assertEquals(told, [["HEAD", 0], ["HEAD", 200]]);
});

Deno.test("every try is signed anew", async () => {
  let count = 0;
  const authorizer: Authorizer = {
    current: () => Promise.resolve({ header: `Bearer ${++count}`, expiresAt: Infinity }),
    answer: () => Promise.resolve(undefined),
  };
  const { server, connection } = connected(
    [[/./, { status: 503 }], [/./, { status: 200 }]],
    authorizer,
  );
  using _ = connection;
  await connection.send(blob, {});
  assertEquals(server.requests.map(({ headers }) => headers.get("authorization")), [
    "Bearer 1",
    "Bearer 2",
  ]);
});

const bases: [registry: string, base: string][] = [
  ["docker.io", "https://registry-1.docker.io/"],
  ["registry.test", "https://registry.test/"],
  ["registry.test:8443", "https://registry.test:8443/"],
  ["localhost:5000", "http://localhost:5000/"],
  ["127.0.0.1:5000", "http://127.0.0.1:5000/"],
  ["[::1]:5000", "http://[::1]:5000/"],
];

for (const [registry, base] of bases) {
  Deno.test(`${registry} is reached at ${base}`, () => {
    using connection = connect({ registry });
    assertEquals(connection.base.href, base);
    assertEquals(connection.repository("app").base.href, base);
  });
}
