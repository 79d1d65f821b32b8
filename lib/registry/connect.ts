/**
 * A connection to one registry: the one place that knows the order of the wrappers.
 *
 * @module
 */

import { OciPushError, type Side } from "../oci/error.ts";
import type { Authorizer } from "./authorizer.ts";
import type { RegistryEvent } from "./event.ts";
import type { Repository } from "./repository.ts";
import type { Transport } from "./transport.ts";

/** How a registry is reached. Plain data: it goes to a worker by postMessage. */
export interface RegistrySettings {
  /** Host and port as named; `docker.io` is reached at registry-1.docker.io. */
  registry: string;
  /** Which end of a copy this is, for messages. */
  side?: Side;
  /** The URL where the host is really reached; may have a path in front of `/v2/`. */
  endpoint?: string;
  /** More certificate authorities, PEM. */
  caCerts?: string[];
  /** A client certificate and its key, PEM. */
  clientCert?: { cert: string; key: string };
  /** Takes any certificate. */
  insecureSkipTLSVerify?: boolean;
  /** Tries after the first. @default {5} */
  retries?: number;
  /**
   * The longest wait for the head of an answer, in milliseconds. A request that carries
   * `content-length` gets more: the time its body needs at a low rate.
   *
   * @default {60_000}
   */
  stallTimeout?: number;
}

/** Options of {@linkcode connect}: what is no plain data. */
export interface ConnectOptions {
  /** Who signs requests; none: anonymous, and a 401 is handed back. */
  authorizer?: Authorizer;
  /** Reaches the network, for tests. */
  fetch?: Transport;
  /** Waits before another try; rejects with the signal's reason. */
  wait?: (ms: number, signal?: AbortSignal | null) => Promise<void>;
  /** 0 to 1, for jitter. */
  random?: () => number;
  /** Epoch milliseconds. */
  now?: () => number;
  /** Told of requests and waits. */
  onEvent?: (event: RegistryEvent) => void;
}

/** A registry that can be talked to. */
export interface RegistryConnection extends Disposable {
  /** Host and port as named. */
  registry: string;
  /** Where requests go. */
  base: URL;
  /** Sends a request with everything that this registry needs around it. */
  send: Transport;
  /** A repository of this registry, for the typed calls. */
  repository(name: string): Repository;
  /** Closes the HTTP client. */
  [Symbol.dispose](): void;
}

/**
 * Makes a connection; nothing is sent before the first request.
 *
 * @param settings How the registry is reached.
 * @param options Who signs, who listens, and what tests replace.
 * @returns The connection, to be disposed of.
 */
export function connect(
  settings: RegistrySettings,
  options: ConnectOptions = {},
): RegistryConnection {
  throw new OciPushError("INTERNAL", `not yet: ${settings.registry}, ${options.now}`, {
    terminal: true,
  });
}
