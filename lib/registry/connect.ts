/**
 * A connection to one registry: the one place that knows the order of the wrappers.
 *
 * @module
 */

import type { Side } from "../oci/error.ts";
import { VERSION } from "../version.ts";
import type { Authorizer } from "./authorizer.ts";
import type { RegistryEvent } from "./event.ts";
import { isLoopback } from "./loopback.ts";
import { openTransport } from "./open_transport.ts";
import type { Repository } from "./repository.ts";
import { createTransport, type Transport, type Wrapper } from "./transport.ts";
import { waitFor } from "./wait_for.ts";
import { withAuth } from "./with_auth.ts";
import { withEvents } from "./with_events.ts";
import { withLoopback } from "./with_loopback.ts";
import { withRedirects } from "./with_redirects.ts";
import { withRetry } from "./with_retry.ts";
import { withTimeout } from "./with_timeout.ts";

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

/** Options of {@linkcode connect}. */
export interface ConnectOptions {
  /** Signs requests; absent: a 401 is handed back. */
  authorizer?: Authorizer;
  /** Replaces the network. */
  fetch?: Transport;
  /** Waits; ends with the signal's reason. */
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
  const { registry, side, retries = 5, stallTimeout = 60_000 } = settings;
  const { authorizer, onEvent, wait = waitFor, random = Math.random, now = Date.now } = options;
  const base = baseOf(settings);
  const about = { registry, ...(side && { side }) };
  const inner = options.fetch
    ? { send: options.fetch, [Symbol.dispose]: () => {} }
    : openTransport(settings);
  const wrappers: Wrapper[] = [
    ...(onEvent ? [withEvents(about, onEvent)] : []), // every hop is a request
    withTimeout(stallTimeout), // each try has its own time
    ...(base.protocol === "http:" && isLoopback(base.host) ? [withLoopback(base.host)] : []),
    withRedirects(),
    ...(authorizer ? [withAuth(authorizer, (url) => isAt(base, url))] : []),
    withRetry({ about, retries, wait, random, now, ...(onEvent && { onEvent }) }), // signs anew
    withFixedHeaders,
  ];
  const send = createTransport(inner.send, ...wrappers);
  return {
    registry,
    base,
    send,
    repository: (name) => ({ registry, name, base, send, stallTimeout, ...(side && { side }) }),
    [Symbol.dispose]: () => inner[Symbol.dispose](),
  };
}

function baseOf({ registry, endpoint }: RegistrySettings): URL {
  if (endpoint !== undefined) return new URL(endpoint);
  if (registry === "docker.io") return new URL("https://registry-1.docker.io/");
  return new URL(`${isLoopback(registry) ? "http" : "https"}://${registry}/`);
}

/** Whether an address is the registry itself, reached at least as safely as asked for. */
function isAt(base: URL, { host, protocol }: URL): boolean {
  return host === base.host && (protocol === base.protocol || protocol === "https:");
}

/** Manifests and blobs are asked for as they are: fetch would unpack them without a word. */
const withFixedHeaders: Wrapper = (next) => (url, init) =>
  next(url, { ...init, headers: { ...init.headers, ...FIXED_HEADERS } });

const FIXED_HEADERS = { "accept-encoding": "identity", "user-agent": `oci-push/${VERSION}` };
