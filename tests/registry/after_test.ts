import { assert, assertEquals } from "../../lib/std/assert.ts";
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

Deno.test("what was called off keeps no program from its end", async () => {
  const program = `
    import { after } from "${new URL("../../lib/registry/after.ts", import.meta.url).href}";
    { using _far = after(60_000, () => {}); using _near = after(50_000, () => {}); }
    { using _again = after(60_000, () => {}); }
  `;
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    signal: AbortSignal.timeout(30_000), // killed then, which is no success
    stderr: "null",
  }).output();
  assert(success);
});
