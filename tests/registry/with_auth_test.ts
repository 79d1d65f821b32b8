import { assertEquals } from "../../lib/std/assert.ts";
import type { Authorization, Authorizer } from "../../lib/registry/authorizer.ts";
import { connect } from "../../lib/registry/connect.ts";
import { withAuth } from "../../lib/registry/with_auth.ts";
import { type Answer, fakeWait, scripted, type Step } from "../support/scripted.ts";

const url = new URL("https://registry.test/v2/");
const challenge = { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } };

/** Offers headers one after the other, and writes down what it is asked. */
function offering(current: string | undefined, better: string | undefined) {
  const asked: unknown[][] = [];
  const authorization = (header: string | undefined): Authorization | undefined =>
    header === undefined ? undefined : { header, expiresAt: Infinity };
  const authorizer: Authorizer = {
    current: () => Promise.resolve(authorization(current)),
    answer(challenge, rejected) {
      asked.push([challenge, rejected]);
      return Promise.resolve(authorization(better));
    },
  };
  return { asked, authorizer };
}

const stream = () => new ReadableStream<Uint8Array<ArrayBuffer>>();
const cases: {
  does: string;
  current?: string;
  better?: string;
  body?: ReadableStream<Uint8Array<ArrayBuffer>>;
  to?: string;
  script: Answer[];
  sent: (string | null)[];
  asked: unknown[][];
  status: number;
}[] = [
  {
    does: "sends nothing before it is asked",
    script: [{ status: 200 }],
    sent: [null],
    asked: [],
    status: 200,
  },
  {
    does: "sends what it has at once",
    current: "A",
    script: [{ status: 200 }],
    sent: ["A"],
    asked: [],
    status: 200,
  },
  {
    does: "answers a challenge once, and says that the answer was refused",
    better: "B",
    script: [challenge, challenge],
    sent: [null, "B"],
    asked: [['Basic realm="x"', undefined], ['Basic realm="x"', "B"]],
    status: 401,
  },
  {
    does: "says what was refused",
    current: "A",
    better: "B",
    script: [challenge, { status: 200 }],
    sent: ["A", "B"],
    asked: [['Basic realm="x"', "A"]],
    status: 200,
  },
  {
    does: "hands back a challenge that it has no answer to",
    script: [challenge],
    sent: [null],
    asked: [['Basic realm="x"', undefined]],
    status: 401,
  },
  {
    does: "hands back a 401 without a challenge",
    better: "B",
    script: [{ status: 401 }],
    sent: [null],
    asked: [],
    status: 401,
  },
  {
    does: "does not send a stream again, but has the answer ready for the next",
    better: "B",
    body: stream(),
    script: [challenge],
    sent: [null],
    asked: [['Basic realm="x"', undefined]],
    status: 401,
  },
  {
    does: "tells another host nothing, and does not answer its challenge",
    current: "A",
    better: "B",
    to: "https://store.test/",
    script: [challenge],
    sent: [null],
    asked: [],
    status: 401,
  },
];

for (const { does, current, better, body, to, script, sent, asked, status } of cases) {
  Deno.test(`withAuth() ${does}`, async () => {
    const server = scripted(script.map((answer): Step => [/./, answer]));
    const offer = offering(current, better);
    const wrap = withAuth(offer.authorizer, ({ host }) => host === "registry.test");
    const init = body ? { method: "PUT", body } : {};
    const response = await wrap(server.send)(to ? new URL(to) : url, init);
    assertEquals(response.status, status);
    assertEquals(server.requests.map(({ headers }) => headers.get("authorization")), sent);
    assertEquals(offer.asked, asked);
    server.assertSpent();
  });
}

Deno.test("withAuth() does not take the 401 of a store behind a redirect for its own", async () => {
  const offer = offering("A", "B");
  const server = scripted([[/./, () => {
    const response = new Response(null, challenge);
    Object.defineProperty(response, "url", { value: "https://store.test/b" });
    return response;
  }]]);
  const wrap = withAuth(offer.authorizer, () => true);
  assertEquals((await wrap(server.send)(url, {})).status, 401);
  assertEquals(offer.asked, []);
  server.assertSpent();
});

const addresses: [
  settings: { registry: string; endpoint?: string },
  url: string,
  signed: boolean,
][] = [
  [{ registry: "registry.test" }, "https://registry.test/v2/", true],
  [{ registry: "registry.test" }, "https://registry.test:443/v2/", true],
  [{ registry: "registry.test" }, "http://registry.test/v2/", false],
  [{ registry: "registry.test" }, "https://registry.test:8443/v2/", false],
  [{ registry: "registry.test" }, "https://store.test/v2/", false],
  [{ registry: "docker.io" }, "https://registry-1.docker.io/v2/", true],
  [{ registry: "docker.io" }, "https://docker.io/v2/", false],
  [{ registry: "127.0.0.1:5000" }, "http://127.0.0.1:5000/v2/", true],
  [{ registry: "127.0.0.1:5000" }, "https://127.0.0.1:5000/v2/", true],
  [{ registry: "registry.test", endpoint: "http://10.0.0.1/p" }, "http://10.0.0.1/v2/", true],
  [{ registry: "registry.test", endpoint: "http://10.0.0.1/p" }, "https://registry.test/", false],
];

for (const [settings, to, signed] of addresses) {
  const { registry, endpoint } = settings;
  Deno.test(`${registry} at ${endpoint ?? "its name"}: ${to} is signed: ${signed}`, async () => {
    const server = scripted([[/./, { status: 200 }]]);
    using connection = connect(settings, {
      authorizer: offering("A", undefined).authorizer,
      fetch: server.send,
      ...fakeWait(),
    });
    await connection.send(new URL(to), {});
    assertEquals(server.requests[0]!.headers.get("authorization"), signed ? "A" : null);
  });
}
