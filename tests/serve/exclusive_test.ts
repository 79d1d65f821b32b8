/**
 * Queues per key.
 *
 * @module
 */

import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { createExclusive } from "../../lib/serve/exclusive.ts";

Deno.test("tasks of one key follow each other, those of another do not wait", async () => {
  const exclusive = createExclusive();
  const log: string[] = [];
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  const first = exclusive("a", async () => {
    log.push("a1 begins");
    await gate;
    log.push("a1 ends");
  });
  const second = exclusive("a", () => Promise.resolve(void log.push("a2")));
  await exclusive("b", () => Promise.resolve(void log.push("b")));
  open();
  await Promise.all([first, second]);
  assertEquals(log, ["a1 begins", "b", "a1 ends", "a2"]);
});

Deno.test("a task that fails tells its caller and lets the next one in", async () => {
  const exclusive = createExclusive();
  const failed = exclusive("a", () => Promise.reject(new Error("lost")));
  const next = exclusive("a", () => Promise.resolve("done"));
  await assertRejects(() => failed, Error, "lost");
  assertEquals(await next, "done");
  assertEquals(await exclusive("a", () => Promise.resolve("again")), "again");
});
