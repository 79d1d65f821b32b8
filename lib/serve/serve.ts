/**
 * The embedded registry on a port.
 *
 * @module
 */
import type { BasicAuth, BearerAuth } from "./auth.ts";
import { createRegistryHandler, type RequestEvent } from "./handler.ts";
import { createMemoryStorage } from "./memory_storage.ts";

/** Options of {@linkcode serveRegistry}. */
export interface ServeOptions {
  /** 0 takes any free one. @default {0} */
  port?: number;
  /** @default {"127.0.0.1"} */
  hostname?: string;
  /** Where content is kept; in memory unless given. */
  dir?: string;
  /** Who may do what; everybody everything unless given. */
  auth?: BasicAuth | BearerAuth;
  /** Certificate chain and private key, as PEM texts. */
  tls?: { cert: string; key: string };
  /** Stops the registry. */
  signal?: AbortSignal;
  /** Told of every request after its answer is decided. */
  onRequest?: (event: RequestEvent) => void;
}

/** A registry that is running. */
export interface EmbeddedRegistry extends AsyncDisposable {
  /** e.g. `http://127.0.0.1:5000/`. */
  url: URL;
  /** Host and port as a reference names them, e.g. `127.0.0.1:5000`. */
  host: string;
  /** Takes no more requests, ends those under way, and closes the port. */
  stop(): Promise<void>;
  /** Settles when the registry has stopped. */
  finished: Promise<void>;
}

/** Serves a registry. */
export function serveRegistry(options: ServeOptions = {}): Promise<EmbeddedRegistry> {
  const handler = createRegistryHandler({ storage: createMemoryStorage() });
  const server = Deno.serve({
    port: options.port ?? 0,
    hostname: options.hostname ?? "127.0.0.1",
    onListen: () => {},
  }, handler);
  const host = `127.0.0.1:${server.addr.port}`;
  const stop = () => server.shutdown();
  return Promise.resolve({
    url: new URL(`http://${host}/`),
    host,
    stop,
    finished: server.finished,
    [Symbol.asyncDispose]: stop,
  });
}
