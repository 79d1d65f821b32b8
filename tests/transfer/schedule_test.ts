import { assert, assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import type { TransferEvent } from "../../lib/transfer/event.ts";
import { schedule } from "../../lib/transfer/schedule.ts";
import { environment, FakeRunner, task } from "./fake_runner.ts";

const sent = { outcome: "transferred", sent: 1 } as const;

async function collect(events: AsyncIterable<TransferEvent>): Promise<TransferEvent[]> {
  const all: TransferEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Lets everything that can go on go on. */
function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

function busy(terminal: boolean, more: { retryAfter?: number; attempts?: number } = {}) {
  return new OciPushError("UNAVAILABLE", "cannot send: busy", { terminal, ...more });
}

Deno.test("schedule() begins in the order given, and never more at once than allowed", async () => {
  const runner = new FakeRunner(async () => {
    await settle();
    return sent;
  });
  const tasks = [5, 4, 3, 2, 1].map((n) => task(n));
  const events = await collect(schedule(tasks, () => runner, environment({ concurrency: 2 })));
  assertEquals(runner.started.map(({ size }) => size), [5, 4, 3, 2, 1]);
  assertEquals(runner.most, 2);
  assertEquals(events.filter(({ type }) => type === "blob-done").length, 5);
  assert(runner.disposed);
});

Deno.test("schedule() tries again what may pass, waiting longer each time", async () => {
  const waits: number[] = [];
  let tries = 0;
  const runner = new FakeRunner(() =>
    ++tries < 4 ? Promise.reject(busy(false)) : Promise.resolve(sent)
  );
  const events = await collect(schedule(
    [task(1)],
    () => runner,
    environment({ wait: (ms) => Promise.resolve(void waits.push(ms)) }),
  ));
  assertEquals(waits, [500, 1000, 2000]);
  assertEquals(events.map((event) => event.type === "wait" ? `wait ${event.ms}` : event.type), [
    "blob-started",
    "blob-retry",
    "wait 500",
    "blob-retry",
    "wait 1000",
    "blob-retry",
    "wait 2000",
    "blob-done",
  ]);
});

const failures: { does: string; error: OciPushError; tries: number; waits: number[] }[] = [
  { does: "not what is final", error: busy(true), tries: 1, waits: [] },
  { does: "at most as often as set", error: busy(false), tries: 4, waits: [500, 1000, 2000] },
  {
    does: "not requests that were tried again already",
    error: busy(false, { attempts: 6 }),
    tries: 1,
    waits: [],
  },
  {
    does: "no sooner than the registry asks",
    error: busy(false, { retryAfter: 7 }),
    tries: 4,
    waits: [7500, 8000, 9000],
  },
];
for (const { does, error, tries, waits } of failures) {
  Deno.test(`schedule() tries again ${does}`, async () => {
    const waited: number[] = [];
    const runner = new FakeRunner(() => Promise.reject(error));
    const wait = (ms: number) => Promise.resolve(void waited.push(ms));
    const thrown = await assertRejects(
      () => collect(schedule([task(1)], () => runner, environment({ wait }))),
      OciPushError,
    );
    assertEquals([thrown, runner.started.length, waited], [error, tries, waits]);
  });
}

Deno.test("schedule() stops the others after the first final failure, and says that one", async () => {
  const stopped: number[] = [];
  const runner = new FakeRunner(({ size }, { signal }) =>
    size === 3
      ? Promise.reject(busy(true))
      : new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => {
          stopped.push(size);
          reject(signal.reason);
        })
      )
  );
  const tasks = [5, 4, 3, 2, 1].map((n) => task(n));
  const error = await assertRejects(
    () => collect(schedule(tasks, () => runner, environment({ concurrency: 3 }))),
    OciPushError,
  );
  assertEquals(error.code, "UNAVAILABLE");
  assertEquals([stopped, runner.started.length, runner.disposed], [[5, 4], 3, true]);
});

Deno.test("schedule() ends with the signal's own reason", async () => {
  const abort = new AbortController();
  const runner = new FakeRunner((_task, { signal }) =>
    new Promise((_resolve, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
  );
  const reason = new Error("enough");
  const running = collect(
    schedule([task(1)], () => runner, environment({ signal: abort.signal })),
  );
  await settle();
  abort.abort(reason);
  assertEquals(await assertRejects(() => running), reason);
});

Deno.test("leaving the loop stops the work", async () => {
  let stopped = false;
  const runner = new FakeRunner((_task, { signal }) =>
    new Promise((_resolve, reject) =>
      signal.addEventListener("abort", () => {
        stopped = true;
        reject(signal.reason);
      })
    )
  );
  for await (const { type } of schedule([task(1)], () => runner, environment())) {
    if (type === "blob-started") break;
  }
  await settle();
  assertEquals([stopped, runner.disposed], [true, true]);
});

Deno.test("a busy registry gets half as much at once", async () => {
  const limits: number[] = [];
  let running = 0;
  const runner = new FakeRunner(async (_task, { emit }) => {
    limits.push(++running);
    if (limits.length === 8) {
      emit({
        type: "request",
        registry: "destination.test",
        method: "PUT",
        url: "https://destination.test/",
        status: 429,
        ms: 1,
      });
    }
    await settle();
    running--;
    return sent;
  });
  const tasks = Array.from({ length: 20 }, (_, n) => task(n));
  await collect(schedule(tasks, () => runner, environment({ concurrency: 8 })));
  assertEquals(limits.slice(0, 8), [1, 2, 3, 4, 5, 6, 7, 8]);
  // Four at once; the four that ended well until then have earned a fifth.
  assertEquals(limits[8], 5);
});

Deno.test("after a few missing blobs the source is asked at once; one found ends that", async () => {
  const outcomes = ["t", "t", "t", "t", "t", "e", "t"];
  const runner = new FakeRunner(({ digest }, { emit }) => {
    if (outcomes[runner.started.length - 1] === "e") {
      return Promise.resolve({ outcome: "existing", sent: 0 });
    }
    emit({ type: "blob-opened", digest });
    return Promise.resolve(sent);
  });
  const tasks = outcomes.map((_, n) => task(n, { from: "destination" }));
  // What the plan holds to be new does not depend on what became of others.
  tasks.push(task(7, { from: "destination", eager: true }));
  await collect(schedule(tasks, () => runner, environment({ concurrency: 1 })));
  assertEquals(
    runner.started.map(({ eager }) => eager),
    [false, false, false, false, true, true, false, true],
  );
});

/** What each blob was begun with, where opening an upload tells what is there, and where not. */
for (const tells of [true, false]) {
  Deno.test(`one blob is asked for in both ways; opening ${tells ? "tells" : "does not tell"}`, async () => {
    const runner = new FakeRunner(async ({ probe, digest }, { emit, openingTells, onProbed }) => {
      await settle(); // as many as may begin have begun
      if (probe) onProbed(tells);
      if (await openingTells()) emit({ type: "blob-opened", digest });
      return sent;
    });
    const own = { from: "destination" };
    const tasks = [task(5, { ...own, eager: true }), task(4, own), task(3, own), task(2, own)];
    await collect(schedule(tasks, () => runner, environment({ concurrency: 3 })));
    assertEquals(runner.started.map(({ probe = false, check = false }) => [probe, check]), [
      [false, false], // is new for all that the plan knows: nothing to learn
      [true, false],
      [false, false], // began with the probe, and waited for it
      [false, !tells],
    ]);
  });
}

Deno.test("a probe that fails keeps nobody waiting", async () => {
  const runner = new FakeRunner(async ({ probe }, { openingTells }) => {
    if (probe) throw busy(false);
    await openingTells();
    return sent;
  });
  const tasks = [task(2, { from: "destination" }), task(1, { from: "destination" })];
  const events = await collect(schedule(tasks, () => runner, environment()));
  assertEquals(events.filter(({ type }) => type === "blob-done").length, 2);
});

Deno.test("once a mount answered, large blobs are opened without asking first", async () => {
  const runner = new FakeRunner(() => Promise.resolve({ outcome: "existing", sent: 0 }));
  const tasks = [
    task(3, { check: true }),
    task(2, { from: "destination" }),
    task(1, { check: true }),
  ];
  await collect(schedule(tasks, () => runner, environment({ concurrency: 1 })));
  assertEquals(runner.started.map(({ check = false, from }) => [check, from]), [
    [true, undefined],
    [false, "destination"],
    [false, "destination"],
  ]);
});
