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
