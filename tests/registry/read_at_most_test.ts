import { assert, assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { readAtMost, readText } from "../../lib/registry/read_at_most.ts";

/** A body of pieces, which ends, breaks or falls silent behind them. */
function answer(pieces: string[], then: "end" | "break" | "silence" = "end") {
  const seen = { cancelled: false };
  const left = pieces.map((piece) => new TextEncoder().encode(piece));
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      const piece = left.shift();
      if (piece) return controller.enqueue(piece);
      if (then === "end") return controller.close();
      if (then === "break") return controller.error(new TypeError("reset"));
      return new Promise(() => {});
    },
    cancel: () => void (seen.cancelled = true),
  }, { highWaterMark: 0 });
  return { seen, response: new Response(body) };
}

Deno.test("readAtMost() takes what is within the bound", async () => {
  const { response } = answer(["ab", "cd"]);
  assertEquals(await readAtMost(response, 4), new TextEncoder().encode("abcd"));
  assertEquals(await readAtMost(new Response(), 4), new Uint8Array());
});

Deno.test("readAtMost() stops at the first byte beyond it", async () => {
  const { response, seen } = answer(["ab", "cd", "ef"], "silence");
  assertEquals(await readAtMost(response, 3), undefined);
  assert(seen.cancelled);
});

Deno.test("readAtMost() does not wait for what is announced as too much", async () => {
  const { response, seen } = answer([], "silence");
  const announced = new Response(response.body, { headers: { "content-length": "5" } });
  assertEquals(await readAtMost(announced, 4), undefined);
  assert(seen.cancelled);
});

Deno.test("readAtMost() ends in silence, and lets go of the connection", async () => {
  const { response, seen } = answer(["ab"], "silence");
  const error = await assertRejects(
    () => readAtMost(response, 4, { stallTimeout: 1 }),
    DOMException,
  );
  assertEquals([error.name, error.message], ["TimeoutError", "nothing came for 1 ms"]);
  assert(seen.cancelled);
});

Deno.test("readAtMost() ends with its signal's reason, and lets go of the connection", async () => {
  const { response, seen } = answer(["ab"], "silence");
  const stop = new AbortController();
  const reading = readAtMost(response, 4, { signal: stop.signal });
  stop.abort(new RangeError("enough"));
  await assertRejects(() => reading, RangeError, "enough");
  assert(seen.cancelled);
});

Deno.test("readAtMost() throws what breaks", async () => {
  await assertRejects(() => readAtMost(answer(["ab"], "break").response, 4), TypeError, "reset");
});

for (const then of ["end", "break", "silence"] as const) {
  Deno.test(`readText() has what came before the ${then}`, async () => {
    const { response } = answer(["hell", "o"], then);
    assertEquals(await readText(response, { limit: 8, stallTimeout: 1 }), "hello");
  });
}

Deno.test("readText() keeps no more than it was told to", async () => {
  const { response, seen } = answer(["hello", "world"], "silence");
  assertEquals(await readText(response, { limit: 3 }), "hel");
  assert(seen.cancelled);
});
