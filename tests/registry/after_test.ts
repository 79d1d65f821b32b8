import { assertEquals } from "../../lib/std/assert.ts";
import { after } from "../../lib/registry/after.ts";

Deno.test("after() calls in the order of time, each once, whatever was asked for first", async () => {
  const calls: string[] = [];
  const last = new Promise<void>((resolve) => {
    after(30, () => {
      calls.push("c");
      resolve();
    });
  });
  const twice = () => calls.push("a");
  after(1, twice);
  after(1, twice);
  after(10, () => calls.push("b"));
  await last;
  assertEquals(calls, ["a", "a", "b", "c"]);
});

Deno.test("after() does not call what was called off, not even in the same moment", async () => {
  const calls: string[] = [];
  const later: Disposable[] = [];
  {
    using _off = after(1, () => calls.push("off"));
  }
  await new Promise<void>((resolve) => {
    after(1, () => {
      for (const one of later) one[Symbol.dispose]();
      calls.push("first");
    });
    later.push(after(1, () => calls.push("second")));
    after(20, resolve);
  });
  assertEquals(calls, ["first"]);
});
