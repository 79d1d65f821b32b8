/**
 * What every typed call takes: a repository, and the transport that reaches it.
 *
 * @module
 */

import type { Side } from "../oci/error.ts";
import type { Transport } from "./transport.ts";

/** A repository of a registry that is connected. */
export interface Repository {
  /** Host and port as named in the reference, for messages. */
  registry: string;
  /** The path under the registry. */
  name: string;
  /** Which end of a copy this is, for messages. */
  side?: Side;
  /** Where requests go, e.g. `https://registry.example.com/`. */
  base: URL;
  /** Sends a request with everything that this registry needs around it. */
  send: Transport;
  /** The longest silence within a body that is read here, in milliseconds. @default {60_000} */
  stallTimeout?: number;
}
