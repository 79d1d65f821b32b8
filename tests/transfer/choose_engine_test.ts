import { assertEquals } from "../../lib/std/assert.ts";
import { BYTES_PER_WORKER, chooseWorkers } from "../../lib/transfer/choose_engine.ts";
import { task } from "./fake_runner.ts";

const big = { size: BYTES_PER_WORKER };
const cases: { does: string; sizes: number[]; workers?: number; cores: number; get: number }[] = [
  { does: "little to move runs inline", sizes: [1, 2, 3], cores: 8, get: 0 },
  { does: "nothing to move runs inline", sizes: [], cores: 8, get: 0 },
  { does: "workers follow bytes", sizes: [big.size, big.size], cores: 8, get: 2 },
  { does: "workers follow cores", sizes: [big.size, big.size, big.size], cores: 4, get: 2 },
  { does: "few cores do without", sizes: [big.size, big.size, big.size], cores: 2, get: 0 },
  { does: "one blob is worth one worker", sizes: [big.size * 9], cores: 8, get: 1 },
  { does: "never a crowd", sizes: Array(20).fill(big.size), cores: 64, get: 4 },
  { does: "0 means inline", sizes: [big.size, big.size], workers: 0, cores: 8, get: 0 },
  { does: "the user's word counts", sizes: [1, 2, 3], workers: 3, cores: 1, get: 3 },
  { does: "but not beyond the blobs", sizes: [1], workers: 3, cores: 8, get: 1 },
];
for (const { does, sizes, workers, cores, get } of cases) {
  Deno.test(`chooseWorkers(): ${does}`, () => {
    const tasks = sizes.map((size, n) => task(n, { size }));
    assertEquals(chooseWorkers({ tasks, cores, ...(workers !== undefined && { workers }) }), get);
  });
}
