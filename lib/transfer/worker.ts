/**
 * A Web Worker of the pool: moves blobs in a thread of its own.
 *
 * @module
 */

import { OciPushError, type Side } from "../oci/error.ts";
import { connect } from "../registry/connect.ts";
import type { Authorization, Authorizer } from "../registry/authorizer.ts";
import { shareTransports } from "../registry/open_transport.ts";
import type { TransferEvent } from "./event.ts";
import type { ErrorData, FromWorker, ToWorker } from "./message.ts";
import type { BlobTask, TransferSettings } from "./task.ts";
import type { Sides } from "./sides.ts";
import { transferBlob } from "./transfer_blob.ts";

/** The part of a worker's global scope that is used; Deno's types know the window's only. */
interface WorkerScope {
  onmessage: (message: MessageEvent<ToWorker>) => void;
  postMessage(message: FromWorker): void;
}

const scope = globalThis as unknown as WorkerScope;
const stop = new AbortController();
const questions = new Map<number, PromiseWithResolvers<Authorization | undefined>>();
let lastQuestion = 0;
let work: { settings: TransferSettings; sides: Sides } | undefined;

scope.onmessage = ({ data }) => {
  switch (data.type) {
    case "start":
      work = { settings: data.settings, sides: connectSides(data.settings) };
      return;
    case "task":
      return void move(data.id, data.task);
    case "stop":
      return stop.abort();
    case "authorization": {
      const question = questions.get(data.id);
      questions.delete(data.id);
      return data.error
        ? question?.reject(OciPushError.fromJSON(data.error))
        : question?.resolve(data.authorization);
    }
  }
};

function connectSides({ source, destination }: TransferSettings): Sides {
  const onEvent = (event: TransferEvent) => scope.postMessage({ type: "event", event });
  const transports = shareTransports();
  const side = (side: Side, { settings, repository }: TransferSettings["source"]) =>
    connect(settings, { fetch: transports.open(settings), authorizer: askPool(side), onEvent })
      .repository(repository);
  return { source: side("source", source), destination: side("destination", destination) };
}

async function move(id: number, task: BlobTask): Promise<void> {
  const { digest } = task;
  const emit = (event: TransferEvent) => scope.postMessage({ type: "event", id, event });
  try {
    if (!work) throw new TypeError("a task came before the settings");
    const { settings: { verify, chunkThreshold, chunkSize, pieceSize }, sides } = work;
    const result = await transferBlob(task, sides, {
      verify,
      chunkThreshold,
      chunkSize,
      ...(pieceSize !== undefined && { pieceSize }),
      signal: stop.signal,
      onOpened: () => emit({ type: "blob-opened", digest }),
      onProgress: (accepted) => emit({ type: "blob-progress", digest, accepted }),
    });
    scope.postMessage({ type: "done", id, result });
  } catch (error) {
    scope.postMessage({ type: "failed", id, error: toData(error) });
  }
}

/** The authorizer of a side, which is in the pool's thread: one token for all workers. */
function askPool(side: Side): Authorizer {
  const ask = (more: { challenge?: string; rejected?: string }) => {
    const id = ++lastQuestion;
    const question = Promise.withResolvers<Authorization | undefined>();
    questions.set(id, question);
    scope.postMessage({ type: "authorize", id, side, ...more });
    return question.promise;
  };
  return {
    current: () => ask({}),
    answer: (challenge, rejected) =>
      ask({ challenge, ...(rejected !== undefined && { rejected }) }),
  };
}

function toData(error: unknown): ErrorData {
  if (error instanceof OciPushError) return error.toJSON();
  const message = error instanceof Error ? error.message : String(error);
  // Whatever this is, it is not a verdict about the blob: another worker may fare better.
  return { code: "WORKER", message: `cannot move a blob: ${message}`, terminal: false };
}
