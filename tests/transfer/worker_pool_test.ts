import { assert, assertEquals } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import type { Authorizer } from "../../lib/registry/authorizer.ts";
import type { TransferEvent } from "../../lib/transfer/event.ts";
import { createWorkerPool } from "../../lib/transfer/worker_pool.ts";
import { environment, task } from "./fake_runner.ts";

/** A worker whose script is given as text: what a real one would do, without a registry. */
function scripted(script: string): Worker {
  const url = `data:text/javascript,${encodeURIComponent(script)}`;
  return new Worker(url, { type: "module" });
}

const DONE =
  `postMessage({ type: "done", id: data.id, result: { outcome: "transferred", sent: 1 } })`;

async function collect(events: AsyncIterable<TransferEvent>): Promise<TransferEvent[]> {
  const all: TransferEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

Deno.test("blobs are handed out to the worker that has fewest", async () => {
  const created: number[] = [];
  const pool = createWorkerPool({
    workers: 2,
    createWorker() {
      const name = created.push(0);
      return scripted(`onmessage = ({ data }) => {
        if (data.type !== "task") return;
        postMessage({ type: "event", event: { type: "blob-retry", digest: data.task.digest, attempt: ${name}, reason: "" } });
        ${DONE};
      }`);
    },
  });
  const tasks = [1, 2, 3, 4].map((n) => task(n));
  const events = await collect(pool.run(tasks, environment({ concurrency: 4 })));
  const byWorker = events.flatMap((e) => e.type === "blob-retry" ? [e.attempt] : []).sort();
  assertEquals(byWorker, [1, 1, 2, 2]);
});

Deno.test("a broken worker's blobs go to another", async () => {
  let created = 0;
  const pool = createWorkerPool({
    workers: 2,
    createWorker: () =>
      scripted(
        created++ === 0
          ? `onmessage = ({ data }) => { if (data.type === "task") throw new Error("out of order"); }`
          : `onmessage = ({ data }) => { if (data.type === "task") ${DONE}; }`,
      ),
  });
  const tasks = [1, 2, 3, 4].map((n) => task(n));
  const events = await collect(pool.run(tasks, environment({ concurrency: 2 })));
  assertEquals(events.filter(({ type }) => type === "blob-done").length, 4);
  const lost = events.filter((event) => event.type === "worker-lost");
  assertEquals(lost.length, 1);
  assert(lost[0]!.reason.includes("out of order"));
});

Deno.test("without permission for workers the caller's thread does it", async () => {
  const pool = createWorkerPool({
    workers: 2,
    createWorker() {
      throw new Deno.errors.NotCapable("no workers here");
    },
  });
  const { settings, ...rest } = environment();
  const failing = pool.run([task(1)], { ...rest, settings: { ...settings, retries: 0 } });
  let failure: unknown;
  try {
    await collect(failing);
  } catch (error) {
    failure = error;
  }
  // The environment's registries send nothing: that this is what fails shows who tried.
  assert(String(failure).includes("nothing is sent here"), String(failure));
});

Deno.test("all workers' questions about tokens are answered by the pool's one authorizer", async () => {
  const asked: string[] = [];
  const authorizer = (side: string): Authorizer => ({
    current() {
      asked.push(`${side} current`);
      return Promise.resolve({ header: `Bearer ${side}`, expiresAt: Infinity });
    },
    answer(challenge, rejected) {
      asked.push(`${side} answer ${challenge} ${rejected}`);
      return Promise.reject(new OciPushError("UNAUTHORIZED", "no", { terminal: true }));
    },
  });
  const pool = createWorkerPool({
    workers: 1,
    createWorker: () =>
      scripted(`let id; onmessage = ({ data }) => {
        if (data.type === "task") {
          id = data.id;
          postMessage({ type: "authorize", id: 1, side: "source" });
        } else if (data.type === "authorization" && data.id === 1) {
          postMessage({ type: "authorize", id: 2, side: "destination", challenge: "Bearer", rejected: data.authorization.header });
        } else if (data.type === "authorization") {
          postMessage({ type: "failed", id, error: data.error });
        }
      }`),
  });
  const authorizers = { source: authorizer("source"), destination: authorizer("destination") };
  let failure: unknown;
  try {
    await collect(pool.run([task(1)], environment({ authorizers })));
  } catch (error) {
    failure = error;
  }
  assertEquals(asked, ["source current", "destination answer Bearer Bearer source"]);
  assert(failure instanceof OciPushError && failure.code === "UNAUTHORIZED");
});

Deno.test("an abort tells workers to stop, waits for them, and ends", async () => {
  const abort = new AbortController();
  const pool = createWorkerPool({
    workers: 1,
    createWorker: () =>
      scripted(`let id; onmessage = ({ data }) => {
        if (data.type === "task") id = data.id;
        if (data.type === "stop") {
          postMessage({ type: "failed", id, error: { code: "WORKER", message: "stopped", terminal: false } });
        }
      }`),
  });
  const running = collect(pool.run([task(1)], environment({ signal: abort.signal })));
  const reason = new Error("enough");
  abort.abort(reason);
  let failure: unknown;
  try {
    await running;
  } catch (error) {
    failure = error;
  }
  assertEquals(failure, reason);
});

Deno.test("a worker that does not stop in time is ended", async () => {
  const abort = new AbortController();
  const pool = createWorkerPool({
    workers: 1,
    stopTimeout: 1,
    createWorker: () => scripted(`onmessage = () => {}`),
  });
  const events = pool.run([task(1)], environment({ signal: abort.signal }));
  let failure: unknown;
  try {
    for await (const { type } of events) if (type === "blob-started") abort.abort("enough");
  } catch (error) {
    failure = error;
  }
  assertEquals(failure, "enough");
});
