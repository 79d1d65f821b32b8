/**
 * What the pool and its workers say to each other; all of it plain data.
 *
 * @module
 */

import type { OciPushError, Side } from "../oci/error.ts";
import type { Authorization } from "../registry/authorizer.ts";
import type { TransferEvent } from "./event.ts";
import type { BlobTask, TransferSettings } from "./task.ts";
import type { BlobResult } from "./transfer_blob.ts";

/** An error on its way between threads, where an Error would lose its fields. */
export type ErrorData = ReturnType<OciPushError["toJSON"]>;

/** From the pool to a worker. */
export type ToWorker =
  /** The first message: how blobs are moved. */
  | { type: "start"; settings: TransferSettings }
  /** Move a blob. */
  | { type: "task"; id: number; task: BlobTask }
  /** Stop what is under way; uploads that are open are cancelled. */
  | { type: "stop" }
  /** The answer to `authorize`. */
  | { type: "authorization"; id: number; authorization?: Authorization; error?: ErrorData };

/** From a worker to the pool. */
export type FromWorker =
  /** A blob is there. */
  | { type: "done"; id: number; result: BlobResult }
  /** A blob is not there. */
  | { type: "failed"; id: number; error: ErrorData }
  /** Something happened to a blob or a request. */
  | { type: "event"; id?: number; event: TransferEvent }
  /** What shall be sent as `Authorization`? The pool asks once for all workers. */
  | { type: "authorize"; id: number; side: Side; challenge?: string; rejected?: string };
