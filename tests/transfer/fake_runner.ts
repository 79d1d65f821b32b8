import type { Runner, TransferEnvironment } from "../../lib/transfer/engine.ts";
import type { BlobTask } from "../../lib/transfer/task.ts";

/** A blob by number; `size` decides nothing here. */
export function task(n: number, more: Partial<BlobTask> = {}): BlobTask {
  return { digest: `sha256:${String(n).padStart(64, "0")}`, size: n, ...more };
}

/** An environment whose two sides are never reached, for runners that reach none. */
export function environment(options: Partial<TransferEnvironment> = {}): TransferEnvironment {
  const side = (side: "source" | "destination") => ({
    settings: { registry: `${side}.test`, side },
    repository: side,
  });
  const nowhere = (side: "source" | "destination") => ({
    registry: `${side}.test`,
    name: side,
    side,
    base: new URL(`https://${side}.test/`),
    send: () => Promise.reject(new TypeError("nothing is sent here")),
  });
  const nobody = {
    current: () => Promise.resolve(undefined),
    answer: () => Promise.resolve(undefined),
  };
  return {
    settings: {
      source: side("source"),
      destination: side("destination"),
      verify: "destination",
      retries: 3,
      chunkThreshold: 1e9,
      chunkSize: 1e8,
    },
    sides: { source: nowhere("source"), destination: nowhere("destination") },
    authorizers: { source: nobody, destination: nobody },
    concurrency: 2,
    signal: new AbortController().signal,
    wait: () => Promise.resolve(),
    random: () => 1,
    ...options,
  };
}

/** A runner made of one function; counts how many are under way. */
export class FakeRunner implements Runner {
  readonly started: BlobTask[] = [];
  most = 0;
  disposed = false;
  #running = 0;
  readonly #run: Runner["run"];

  constructor(run: Runner["run"]) {
    this.#run = run;
  }

  async run(...args: Parameters<Runner["run"]>): ReturnType<Runner["run"]> {
    this.started.push(args[0]);
    this.most = Math.max(this.most, ++this.#running);
    try {
      return await this.#run(...args);
    } finally {
      this.#running--;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.disposed = true;
    return Promise.resolve();
  }
}
