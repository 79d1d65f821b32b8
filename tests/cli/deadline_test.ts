import { assert, assertEquals, assertInstanceOf } from "../../lib/std/assert.ts";
import { createDeadline } from "../../lib/cli/deadline.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import type { CopyEvent } from "../../lib/transfer/event.ts";

const never = new AbortController().signal;

function wait(ms: number, reason = "429"): CopyEvent {
  const registry = "prod.example.com";
  return { type: "wait", side: "destination", registry, reason, ms, attempt: 2, attempts: 6 };
}

Deno.test("without --timeout there is no end, however long a registry asks to wait", () => {
  using deadline = createDeadline({ timeout: undefined, signal: never, now: () => 0 });
  deadline.take(wait(86_400_000));
  assertEquals([deadline.signal, deadline.signal.aborted], [never, false]);
});

Deno.test("a wait that ends in time is waited", () => {
  using deadline = createDeadline({ timeout: 60_000, signal: never, now: () => 0 });
  deadline.take(wait(60_000));
  assertEquals(deadline.signal.aborted, false);
});

for (
  const { reason, code, status } of [
    { reason: "429", code: "RATE_LIMITED", status: 429 },
    { reason: "503", code: "UNAVAILABLE", status: 503 },
    { reason: "connection broke", code: "UNREACHABLE", status: undefined },
  ]
) {
  Deno.test(`a wait beyond the end ends it at once: ${reason}`, () => {
    let now = 0;
    using deadline = createDeadline({ timeout: 60_000, signal: never, now: () => now });
    now = 50_000;
    deadline.take(wait(10_001, reason));
    const error = deadline.signal.reason;
    assertInstanceOf(error, OciPushError);
    assertEquals(
      [error.code, error.terminal, error.details.status, error.details.retryAfter, error.message],
      [
        code,
        false,
        status,
        11,
        `cannot wait for prod.example.com (destination): the next try is in 10 s (${reason}), ` +
        "--timeout ends in 10 s",
      ],
    );
  });
}

Deno.test("time that is over is a time-out, worth another try", async () => {
  using deadline = createDeadline({ timeout: 1, signal: never });
  const { promise, resolve } = Promise.withResolvers<void>();
  deadline.signal.addEventListener("abort", () => resolve());
  // The deadline's own timer keeps nothing waiting, a test has to.
  const keepAlive = setInterval(() => {}, 1000);
  await promise;
  clearInterval(keepAlive);
  const error = deadline.signal.reason;
  assert(error instanceof OciPushError && error.code === "TIMEOUT" && !error.terminal);
});

Deno.test("an interruption comes through untouched", () => {
  const stop = new AbortController();
  using deadline = createDeadline({ timeout: 60_000, signal: stop.signal });
  stop.abort("interrupted");
  assertEquals(deadline.signal.reason, "interrupted");
});
