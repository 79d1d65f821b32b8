/**
 * What a connection tells about itself while it works.
 *
 * @module
 */

import type { Side } from "../oci/error.ts";

/** A request was answered. */
export interface RequestEvent {
  /** Tells it from the others. */
  type: "request";
  /** Which end of a copy it was. */
  side?: Side;
  /** Host and port as named in the reference, also where another host was asked. */
  registry: string;
  /** The HTTP method. */
  method: string;
  /** Where it went, without the query: signed URLs keep their secrets there. */
  url: string;
  /** The status of the answer; 0 where there was none. */
  status: number;
  /** How long the head of the answer took, in milliseconds. */
  ms: number;
}

/** A request has to be sent again, later. */
export interface WaitEvent {
  /** Tells it from the others. */
  type: "wait";
  /** Which end of a copy it is. */
  side?: Side;
  /** Host and port as named in the reference. */
  registry: string;
  /** Why: the status of the refusal (`429`), or what happened to the connection. */
  reason: string;
  /** How long, in milliseconds. */
  ms: number;
  /** The attempt that comes after the wait, counted from 1. */
  attempt: number;
  /** How many attempts there will be at most. */
  attempts: number;
}

/** What a connection tells about itself. */
export type RegistryEvent = RequestEvent | WaitEvent;
