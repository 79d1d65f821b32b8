import { assertEquals } from "../../lib/std/assert.ts";
import { InFlight } from "../../lib/transfer/in_flight.ts";

Deno.test("InFlight halves once per round of complaints, never below one", () => {
  let now = 0;
  const inFlight = new InFlight(8, () => now);
  inFlight.busy();
  inFlight.busy(); // of the same round
  assertEquals(inFlight.limit, 4);
  for (now = 2000; now < 20_000; now += 2000) inFlight.busy();
  assertEquals(inFlight.limit, 1);
});

Deno.test("InFlight comes back one by one, and not beyond where it began", () => {
  const inFlight = new InFlight(4, () => 0);
  inFlight.busy();
  const limits = Array.from({ length: 9 }, () => {
    inFlight.well();
    return inFlight.limit;
  });
  assertEquals(limits, [2, 3, 3, 3, 4, 4, 4, 4, 4]);
});

Deno.test("InFlight lets fewer large blobs go at once than small ones, and never more than asked", () => {
  const limits = (most: number) =>
    [0, 512 * 1024 - 1, 512 * 1024, 2 * 1024 ** 2 - 1, 2 * 1024 ** 2, 1e12].map((size) =>
      new InFlight(most).limitFor(size)
    );
  assertEquals(limits(32), [32, 32, 16, 16, 12, 12]);
  assertEquals(limits(4), [4, 4, 4, 4, 4, 4]);
  assertEquals(limits(16), [16, 16, 12, 12, 12, 12]);
  assertEquals(limits(64), [64, 64, 32, 32, 24, 24]); // who asks for more gets more
});
