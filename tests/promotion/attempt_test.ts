/** Trying again: how often, how long, and when not. */

import { assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { attempt, CLOCK } from "../../lib/promotion/attempt.ts";
import type { RetryLimits } from "../../lib/promotion/step.ts";
import { FAILURES, fakeClock } from "./_support.ts";

const { final, passing, patient } = FAILURES;

const cases: {
  does: string;
  script: (OciPushError | string)[];
  limits: RetryLimits;
  waits: number[];
  ends: string;
}[] = [
  {
    does: "is content with success",
    script: ["ok"],
    limits: { errorThreshold: 3 },
    waits: [],
    ends: "ok",
  },
  {
    does: "does not try again unless told to",
    script: [passing],
    limits: { errorThreshold: 1 },
    waits: [],
    ends: "UNAVAILABLE",
  },
  {
    does: "tries again until it succeeds, waiting twice as long each time",
    script: [passing, passing, passing, "ok"],
    limits: { errorThreshold: 4 },
    waits: [1000, 2000, 4000],
    ends: "ok",
  },
  {
    does: "gives up at the threshold",
    script: [passing, passing, passing],
    limits: { errorThreshold: 3 },
    waits: [1000, 2000],
    ends: "UNAVAILABLE",
  },
  {
    does: "gives up at once on what is final",
    script: [passing, final],
    limits: { errorThreshold: 9 },
    waits: [1000],
    ends: "DENIED",
  },
  {
    does: "waits as long as the registry asks",
    script: [patient, "ok"],
    limits: { errorThreshold: 2 },
    waits: [90_000],
    ends: "ok",
  },
  {
    does: "waits a minute at most by itself",
    script: [...Array<OciPushError>(8).fill(passing), "ok"],
    limits: { errorThreshold: 9 },
    waits: [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000],
    ends: "ok",
  },
  {
    does: "ends a wait at the time limit",
    script: [passing, passing, passing],
    limits: { errorThreshold: 9, timeout: 5000 },
    waits: [1000, 2000, 4000],
    ends: "TIMEOUT",
  },
];

for (const { does, script, limits, waits, ends } of cases) {
  Deno.test(`attempt() ${does}`, async () => {
    const clock = fakeClock(limits.timeout === undefined ? {} : { deadline: limits.timeout });
    const left = [...script];
    const told: number[] = [];
    const result = await attempt(() => {
      const next = left.shift();
      return typeof next === "string" ? Promise.resolve(next) : Promise.reject(next);
    }, {
      limits,
      clock,
      signal: new AbortController().signal,
      onRetry: ({ wait }) => told.push(wait),
    }).catch((error) => error.code);
    assertEquals([result, clock.waits, told, left], [ends, waits, waits, []]);
  });
}

/** Hangs until its signal fires, as a request does. */
function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

Deno.test("attempt() ends a request that hangs at the time limit, worth another try", async () => {
  const clock = fakeClock({ deadline: 3000 });
  const signal = new AbortController().signal;
  const limits = { errorThreshold: 5, timeout: 3000 };
  const running = attempt((signal) => {
    queueMicrotask(clock.expire);
    return hang(signal);
  }, { limits, clock, signal });
  const error = await assertRejects(() => running, OciPushError, "its time limit is over");
  assertEquals([error.code, error.terminal], ["TIMEOUT", false]);
  assertStringIncludes(error.details.did ?? "", "3 s");
});

Deno.test("attempt() says what was going wrong when the time was over", async () => {
  const clock = fakeClock({ deadline: 100 });
  const signal = new AbortController().signal;
  const limits = { errorThreshold: 5, timeout: 100 };
  const running = attempt(() => Promise.reject(passing), { limits, clock, signal });
  const error = await assertRejects(() => running, OciPushError);
  assertEquals([error.code, error.cause], ["TIMEOUT", passing]);
});

Deno.test("attempt() throws the reason of an interruption as it is", async () => {
  for (const script of [[passing], []]) {
    const controller = new AbortController();
    const reason = new Error("interrupted");
    const left = [...script];
    const running = attempt((signal) => {
      const next = left.shift();
      return next ? Promise.reject(next) : hang(signal);
    }, {
      limits: { errorThreshold: 9 },
      clock: fakeClock(),
      signal: controller.signal,
      onRetry: () => controller.abort(reason),
    });
    if (script.length === 0) controller.abort(reason);
    const thrown = await running.catch((error) => error);
    assertEquals(thrown === reason, true, String(thrown));
  }
});

Deno.test("attempt() makes an error of ours of what was not foreseen", async () => {
  const cause = new TypeError("x is not a function");
  const options = {
    limits: { errorThreshold: 9 },
    clock: fakeClock(),
    signal: new AbortController().signal,
  };
  const error = await assertRejects(
    () => attempt(() => Promise.reject(cause), options),
    OciPushError,
  );
  assertEquals([error.code, error.terminal, error.cause], ["INTERNAL", true, cause]);
});

Deno.test("the real clock waits, and stops waiting when told to", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  const began = CLOCK.now();
  await CLOCK.wait(5, { signal });
  assertEquals(CLOCK.now() - began >= 4, true);
  const waiting = CLOCK.wait(60_000, { signal });
  controller.abort("enough");
  assertEquals(await waiting.catch((reason) => reason), "enough");
  assertEquals(await CLOCK.wait(1, { signal }).catch((reason) => reason), "enough");
});
