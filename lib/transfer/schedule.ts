/**
 * The scheduler: which blob is next, how many at once, and what a failure means.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import type { Runner, TransferEnvironment } from "./engine.ts";
import type { TransferEvent } from "./event.ts";
import { Experience } from "./experience.ts";
import { InFlight } from "./in_flight.ts";
import type { BlobTask, TransferSettings } from "./task.ts";
import type { BlobResult } from "./transfer_blob.ts";

/** The first wait before a blob is tried again, in milliseconds; doubled for every further one. */
const FIRST_WAIT = 500;

/**
 * Moves blobs by a runner, in the given order, as many at once as the registries bear.
 *
 * A failure that may pass is tried again, with a new body: whoever opened a stream is the one who
 * can open another. The first final failure stops the others; it is thrown once they have stopped.
 *
 * @param tasks The blobs, largest first.
 * @param createRunner Makes what moves one; it is given back at the end.
 * @param environment How many at once, when to stop.
 * @returns Events as they happen; leaving the loop stops the work.
 */
export function schedule(
  tasks: BlobTask[],
  createRunner: (environment: TransferEnvironment) => Runner,
  environment: TransferEnvironment,
): AsyncIterable<TransferEvent> {
  const stop = new AbortController();
  const signal = AbortSignal.any([environment.signal, stop.signal]);
  let emit: (event: TransferEvent) => void = () => {};
  // A stream is the platform's queue between one who writes and one who reads at his own pace.
  return new ReadableStream<TransferEvent>({
    start(controller) {
      emit = (event) => controller.enqueue(event);
      runAll(tasks, {
        environment: { ...environment, signal },
        createRunner,
        emit: (event) => emit(event),
        stop: (error) => stop.abort(error),
      }).then(() => controller.close(), (error) => controller.error(error))
        .catch(() => {}); // cancelled meanwhile: nobody listens
    },
    cancel() {
      emit = () => {};
      stop.abort(new DOMException("nobody waits for this copy any more", "AbortError"));
    },
  });
}

interface RunAllOptions {
  environment: TransferEnvironment;
  createRunner: (environment: TransferEnvironment) => Runner;
  emit: (event: TransferEvent) => void;
  stop: (error: unknown) => void;
}

async function runAll(tasks: BlobTask[], options: RunAllOptions): Promise<void> {
  const { environment, stop } = options;
  const { concurrency, settings } = environment;
  await using runner = options.createRunner(environment);
  const experience = new Experience(settings.destination.repository);
  const inFlight = new InFlight(concurrency);
  const emit = (event: TransferEvent): void => {
    if (event.type === "blob-opened") experience.missing();
    if (event.type === "request" && (event.status === 429 || event.status === 503)) inFlight.busy();
    options.emit(event);
  };
  const running = new Set<Promise<void>>();
  let failure: { error: unknown } | undefined;
  let next = 0;
  while (!failure && (next < tasks.length || running.size > 0)) {
    while (next < tasks.length && running.size < inFlight.limitFor(tasks[next]!.size)) {
      const journey = runOne(tasks[next++]!, { environment, runner, experience, emit })
        .then(() => inFlight.well(), (error) => {
          failure ??= { error };
          stop(error);
        })
        .finally(() => running.delete(journey));
      running.add(journey);
    }
    await Promise.race(running);
  }
  await Promise.all(running);
  if (failure) throw failure.error;
}

interface RunOneOptions {
  environment: TransferEnvironment;
  runner: Runner;
  experience: Experience;
  emit: (event: TransferEvent) => void;
}

async function runOne(task: BlobTask, options: RunOneOptions): Promise<void> {
  const { runner, emit, experience } = options;
  const { signal, settings, wait, random } = options.environment;
  const { digest, size } = task;
  emit({ type: "blob-started", digest, size });
  for (let attempt = 1;; attempt++) {
    signal.throwIfAborted();
    const advised = experience.advise(task);
    try {
      const result: BlobResult = await runner.run(advised, { emit, signal, ...experience.hooks })
        .finally(() => advised.probe && experience.hooks.onProbed(true)); // others wait for it
      if (result.outcome === "existing") experience.found(advised);
      return emit({ type: "blob-done", digest, size, ...result });
    } catch (error) {
      signal.throwIfAborted();
      if (!isWorthAnotherTry(error) || attempt > settings.retries) throw error;
      const ms = waitBefore(attempt, { error, random });
      emit({ type: "blob-retry", digest, attempt: attempt + 1, reason: error.message });
      emit(waitEvent(error, { ms, attempt: attempt + 1, settings }));
      await wait(ms, signal);
    }
  }
}

/**
 * Whether the blob should start over. A request that was tried several times already has had its
 * chances; what is left are bodies, which can be sent only once by whoever sends them.
 */
function isWorthAnotherTry(error: unknown): error is OciPushError {
  return error instanceof OciPushError && !error.terminal && (error.details.attempts ?? 1) <= 1;
}

/** A registry may ask a body to wait, as it may any request: whoever listens hears of both alike. */
function waitEvent(
  { code, details }: OciPushError,
  { ms, attempt, settings }: { ms: number; attempt: number; settings: TransferSettings },
): TransferEvent {
  const { side = "destination", status } = details;
  return {
    type: "wait",
    side,
    registry: details.registry ?? settings[side].settings.registry,
    reason: status === undefined ? code : String(status),
    ms,
    attempt,
    attempts: settings.retries + 1,
  };
}

function waitBefore(
  attempt: number,
  { error, random }: { error: OciPushError; random: () => number },
): number {
  const { retryAfter } = error.details;
  const jitter = 0.5 + random() / 2;
  return (retryAfter === undefined ? 0 : retryAfter * 1000) +
    FIRST_WAIT * 2 ** (attempt - 1) * jitter;
}
