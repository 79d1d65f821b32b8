import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { withTimeout } from "../../lib/registry/with_timeout.ts";
import { scripted, silent } from "../support/scripted.ts";

const url = new URL("https://registry.test/v2/");

Deno.test("withTimeout() ends a request that gets no answer", async () => {
  const server = scripted([[/./, silent]]);
  const error = await assertRejects(() => withTimeout(1)(server.send)(url, {}), DOMException);
  assertEquals([error.name, error.message], ["TimeoutError", "no answer for 1 ms"]);
});

Deno.test("withTimeout() gives a body the time that its bytes need", async () => {
  const server = scripted([[/./, silent]]);
  const headers = { "content-length": "1024" };
  const error = await assertRejects(
    () => withTimeout(1)(server.send)(url, { method: "PUT", headers }),
    DOMException,
  );
  assertEquals(error.message, "no answer for 16.625 ms");
});

Deno.test("withTimeout() ends with the caller's reason, and with nothing else", async () => {
  const stop = new Error("stop");
  const controller = new AbortController();
  const server = scripted([[/./, (request) => {
    controller.abort(stop);
    return silent(request);
  }]]);
  const sent = () => withTimeout(60_000)(server.send)(url, { signal: controller.signal });
  assertEquals(await assertRejects(sent), stop);
});

Deno.test("withTimeout() lets a body take its time once the answer has begun", async () => {
  const server = scripted([[/./, { status: 200, body: "text" }]]);
  const response = await withTimeout(0)(server.send)(url, {});
  const { signal } = server.requests[0]!;
  await new Promise((resolve) => setTimeout(resolve, 0)); // what was set before would have rung
  assertEquals([signal!.aborted, await response.text()], [false, "text"]);
});

Deno.test("withTimeout() lets go of the caller's signal once the answer has begun", async () => {
  const controller = new AbortController();
  const server = scripted([[/./, { status: 200, body: "text" }]]);
  const response = await withTimeout(60_000)(server.send)(url, { signal: controller.signal });
  controller.abort();
  assertEquals([server.requests[0]!.signal!.aborted, await response.text()], [false, "text"]);
});
