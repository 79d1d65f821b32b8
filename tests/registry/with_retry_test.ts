import { assert, assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import type { RegistryEvent } from "../../lib/registry/event.ts";
import { attemptsFor, Exhausted, retryAfter, withRetry } from "../../lib/registry/with_retry.ts";
import { type Answer, fakeWait, scripted, type Step } from "../support/scripted.ts";

const url = new URL("https://registry.test/v2/");
const now = Date.parse("2026-01-01T00:00:00Z");
const about = { registry: "registry.test", side: "source" as const };

function retrying(answers: Answer[], options: { retries?: number; random?: number } = {}) {
  const { retries = 2, random = 0 } = options;
  const server = scripted(answers.map((answer): Step => [/./, answer]));
  const { waited, wait } = fakeWait();
  const events: RegistryEvent[] = [];
  const send = withRetry({
    about,
    retries,
    wait,
    random: () => random,
    now: () => now,
    onEvent: (event) => events.push(event),
  })(server.send);
  return { server, waited, events, send };
}

const ok = { status: 200 };
const busy = { status: 503 };
const answered = [
  { does: "hands a good answer on at once", script: [ok], waits: [], status: 200 },
  { does: "hands a refusal on at once", script: [{ status: 404 }], waits: [], status: 404 },
  {
    does: "waits as long as it is told, in seconds",
    script: [{ status: 429, headers: { "retry-after": "2" } }, ok],
    waits: [2125],
    status: 200,
  },
  {
    does: "waits until it is told, by a date",
    script: [{ status: 503, headers: { "retry-after": "Thu, 01 Jan 2026 00:00:07 GMT" } }, ok],
    waits: [7125],
    status: 200,
  },
  {
    does: "waits no less for a date that has passed",
    script: [{ status: 503, headers: { "retry-after": "Thu, 01 Jan 2015 00:00:00 GMT" } }, ok],
    waits: [125],
    status: 200,
  },
  {
    does: "reads nonsense as nothing",
    script: [{ status: 503, headers: { "retry-after": "soon" } }, ok],
    waits: [125],
    status: 200,
  },
  { does: "waits longer each time", script: [busy, busy, ok], waits: [125, 250], status: 200 },
  {
    does: "waits longer by chance",
    script: [busy, busy, ok],
    random: 1,
    waits: [250, 500],
    status: 200,
  },
  {
    does: "waits 15 seconds at most of its own accord",
    script: [...Array(8).fill(busy), ok],
    retries: 8,
    random: 1,
    waits: [250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000],
    status: 200,
  },
  {
    does: "hands back the last bad answer",
    script: [busy, busy, busy],
    waits: [125, 250],
    status: 503,
  },
  {
    does: "takes a broken connection for an accident",
    script: [new TypeError("connection reset by peer"), ok],
    waits: [125],
    status: 200,
  },
  {
    does: "tries no more than once where it is told so",
    script: [busy],
    retries: 0,
    waits: [],
    status: 503,
  },
  ...[408, 425, 429, 500, 502, 503, 504].map((status) => ({
    does: `tries again after ${status}`,
    script: [{ status }, ok],
    waits: [125],
    status: 200,
  })),
  ...[400, 401, 403, 405, 409, 412, 501].map((status) => ({
    does: `does not try again after ${status}`,
    script: [{ status }],
    waits: [],
    status,
  })),
];

for (const { does, script, waits, status, ...options } of answered) {
  Deno.test(`withRetry() ${does}`, async () => {
    const { server, waited, send } = retrying(script, options);
    const response = await send(url, {});
    assertEquals([response.status, waited], [status, waits]);
    assertEquals(attemptsFor(response), status < 500 || script.length === 1 ? 1 : script.length);
    server.assertSpent();
  });
}

const refused = new TypeError("tcp connect error: Connection refused (os error 111)");
const failures = [
  {
    does: "asks a port that refuses for a short time only",
    script: [refused, refused, refused],
    retries: 5,
    waits: [300, 600],
  },
  {
    does: "asks no more often than it is told",
    script: [refused, refused],
    retries: 1,
    waits: [300],
  },
  {
    does: "does not ask again for a name that nobody knows",
    script: [new TypeError("dns error: failed to lookup address information")],
    waits: [],
  },
  {
    does: "does not ask again a server whose certificate is wrong",
    script: [new TypeError("invalid peer certificate: UnknownIssuer")],
    waits: [],
  },
  {
    does: "does not ask again without permission",
    script: [new Deno.errors.NotCapable("Requires net access, run again with --allow-net")],
    waits: [],
  },
  {
    does: "gives up on a connection that always breaks",
    script: [new TypeError("reset"), new TypeError("reset"), new TypeError("reset")],
    waits: [125, 250],
  },
];

for (const { does, script, waits, ...options } of failures) {
  Deno.test(`withRetry() ${does}, and says how often it did`, async () => {
    const { server, waited, send } = retrying(script, options);
    const error = await assertRejects(() => send(url, {}), Exhausted);
    assertEquals([error.attempts, error.cause, waited], [script.length, script.at(-1), waits]);
    server.assertSpent();
  });
}

Deno.test("withRetry() sends a stream once", async () => {
  for (const answer of [busy, new TypeError("reset")]) {
    const { server, waited, send } = retrying([answer]);
    const sent = send(url, { method: "PUT", body: new ReadableStream() });
    if (answer instanceof Error) await assertRejects(() => sent, Exhausted);
    else assertEquals((await sent).status, 503);
    assertEquals(waited, []);
    server.assertSpent();
  }
});

Deno.test("withRetry() does not argue with what is already explained", async () => {
  const told = new OciPushError("REGISTRY_BROKEN", "cannot follow", { terminal: true });
  const { server, send } = retrying([told]);
  assertEquals(await assertRejects(() => send(url, {})), told);
  server.assertSpent();
});

Deno.test("withRetry() lets go of the answers that it does not hand on", async () => {
  let cancelled = false;
  const body = new ReadableStream({ cancel: () => void (cancelled = true) });
  const { send } = retrying([{ status: 503, body }, ok]);
  await send(url, {});
  assert(cancelled);
});

Deno.test("withRetry() tells of waits before they begin", async () => {
  const { events, send } = retrying([busy, new TypeError("reset"), refused], { retries: 2 });
  await assertRejects(() => send(url, {}), Exhausted);
  const wait = { type: "wait" as const, ...about, attempts: 3 };
  assertEquals(events, [
    { ...wait, reason: "503", ms: 125, attempt: 2 },
    { ...wait, reason: "connection broke", ms: 250, attempt: 3 },
  ]);
});

Deno.test("withRetry() ends with the signal's own reason: before, during, and in a wait", async () => {
  const stop = new Error("stop");
  const before = retrying([]);
  assertEquals(
    await assertRejects(() => before.send(url, { signal: AbortSignal.abort(stop) })),
    stop,
  );
  before.server.assertSpent();

  const controller = new AbortController();
  const during = retrying([() => {
    controller.abort(stop);
    throw new TypeError("aborted by somebody");
  }]);
  assertEquals(await assertRejects(() => during.send(url, { signal: controller.signal })), stop);
  during.server.assertSpent();

  const later = new AbortController();
  const server = scripted([[/./, busy]]);
  const send = withRetry({
    about,
    retries: 2,
    wait: (_, signal) => {
      later.abort(stop);
      return Promise.reject(signal!.reason);
    },
    random: () => 0,
    now: () => now,
  })(server.send);
  assertEquals(await assertRejects(() => send(url, { signal: later.signal })), stop);
  server.assertSpent();
});

Deno.test("retryAfter() believes nobody who wants more than a day", () => {
  const day = 24 * 60 * 60 * 1000;
  for (const header of ["9".repeat(400), "999999999", "Fri, 01 Jan 2100 00:00:00 GMT"]) {
    assertEquals(retryAfter(new Response(null, { headers: { "retry-after": header } }), now), day);
  }
});
