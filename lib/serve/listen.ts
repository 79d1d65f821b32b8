/**
 * A server that can be ended without cutting anybody short, and without waiting for ever.
 *
 * @module
 */

import { listenError } from "./listen_error.ts";

/** Options of {@linkcode listen}. */
export interface ListenOptions {
  /** 0 takes any that is free. */
  port: number;
  /** The address to listen on. */
  hostname: string;
  /** Certificate chain and private key, as PEM texts. */
  tls?: { cert: string; key: string } | undefined;
}

/** A server that listens. */
export interface Listener {
  /** The port that it got. */
  port: number;
  /** Ends the server; the port is free once this has settled. */
  stop(): Promise<void>;
  /** Settles when the server has ended. */
  finished: Promise<void>;
}

/** How long what is under way may go on, in milliseconds. */
const GRACE = 1000;

/**
 * Listens on a port.
 *
 * @param handler Answers the requests.
 * @param options Where to listen.
 * @returns The server, which listens already.
 * @throws {OciPushError} `UNREACHABLE`, `PERMISSION` or `INVALID_ARGUMENT`, as the port, the
 * permission or the certificate is the problem.
 */
export function listen(
  handler: (request: Request) => Promise<Response>,
  options: ListenOptions,
): Listener {
  const ending = new AbortController();
  const underWay = new Set<Promise<void>>();
  const handle: Deno.ServeHandler = (request, { completed }) => {
    const done = completed.catch(() => {}).finally(() => underWay.delete(done));
    underWay.add(done);
    return handler(request);
  };
  const server = open(handle, { ...options, signal: ending.signal });

  async function end(): Promise<void> {
    // While an upload is under way, `shutdown()` breaks its body and waits for the rest of it.
    if (await endWithin(GRACE, underWay)) server.shutdown();
    else ending.abort();
    // A client that was refused may still owe the rest of its body; the port is free all the same.
    await endWithin(GRACE, [server.finished]);
  }

  let ended: Promise<void> | undefined;
  const { promise: finished, resolve, reject } = Promise.withResolvers<void>();
  server.finished.then(resolve, reject);
  const stop = () => {
    ended ??= end();
    ended.then(resolve, reject);
    return ended;
  };
  return { port: server.addr.port, stop, finished };
}

function open(
  handler: Deno.ServeHandler,
  options: ListenOptions & { signal: AbortSignal },
): Deno.HttpServer<Deno.NetAddr> {
  const { port, hostname, tls, signal } = options;
  try {
    // Without onListen, Deno prints where it listens.
    return Deno.serve({ port, hostname, ...tls, signal, onListen: () => {} }, handler);
  } catch (cause) {
    throw listenError(`${hostname}:${port}`, cause);
  }
}

/** Tells whether promises that do not reject have settled in time. */
async function endWithin(ms: number, promises: Iterable<Promise<void>>): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), ms);
  const inTime = await Promise.race([Promise.all(promises).then(() => true), late]);
  clearTimeout(timer);
  return inTime;
}
