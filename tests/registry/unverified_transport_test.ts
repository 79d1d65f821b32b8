import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { assertEquals } from "../../lib/std/assert.ts";
import { unverifiedTransport } from "../../lib/registry/unverified_transport.ts";

setFlagsFromString("--expose-gc"); // shows in contexts that are made after it
const collectGarbage: () => void = runInNewContext("gc");

Deno.test("a body can wait to be read, when nobody holds its response any more", async () => {
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen: () => {} },
    () => new Response("whole"),
  );
  using transport = unverifiedTransport(undefined);
  const url = new URL(`http://127.0.0.1:${server.addr.port}/`);
  const bodies: ReadableStream<Uint8Array>[] = [];
  for (let i = 0; i < 8; i++) bodies.push((await transport.send(url, {})).body!);
  for (let i = 0; i < 4; i++) {
    collectGarbage();
    await new Promise((resolve) => setTimeout(resolve, 1)); // what is called after it runs
  }
  const read = await Promise.all(bodies.map((body) => new Response(body).text()));
  assertEquals(read, bodies.map(() => "whole"));
});
