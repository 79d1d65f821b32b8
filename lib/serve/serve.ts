/**
 * The embedded registry on a port.
 *
 * @module
 */

import type { BasicAuth, BearerAuth } from "./auth.ts";
import { createFolderStorage } from "./folder_storage.ts";
import { createRegistryHandler, type RequestEvent } from "./handler.ts";
import { listen } from "./listen.ts";
import { createMemoryStorage } from "./memory_storage.ts";

/** Options of {@linkcode serveRegistry}. */
export interface ServeOptions {
  /** 0 takes any that is free. @default {0} */
  port?: number;
  /** The address to listen on. @default {"127.0.0.1"} */
  hostname?: string;
  /** The folder where content is kept; in memory unless given. */
  dir?: string;
  /** Who may do what; everybody everything unless given. */
  auth?: BasicAuth | BearerAuth;
  /** Certificate chain and private key, as PEM texts. */
  tls?: { cert: string; key: string };
  /** Stops the registry. */
  signal?: AbortSignal;
  /** Told of every request once its answer is decided. */
  onRequest?: (event: RequestEvent) => void;
}

/** A registry that is running. */
export interface EmbeddedRegistry extends AsyncDisposable {
  /** How this machine reaches it, e.g. `http://127.0.0.1:5000/`. */
  url: URL;
  /** Host and port as a reference names them, e.g. `127.0.0.1:5000`. */
  host: string;
  /** Gives what is under way a second to end, then closes the port and every connection. */
  stop(): Promise<void>;
  /** Settles when the registry has stopped. */
  finished: Promise<void>;
}

/**
 * Serves a registry that follows distribution-spec 1.1, for tests and laboratories.
 *
 * @example
 * ```ts ignore
 * await using registry = await serveRegistry({ dir: "./registry" });
 * console.log(`push to ${registry.host}/team/app:v1`);
 * await registry.finished;
 * ```
 * @param options Port, folder and who may do what.
 * @returns The registry, once it listens.
 * @throws {OciPushError} `UNREACHABLE` when the port or address cannot be had, `PERMISSION` when
 * Deno or the system does not allow it, `FILE` when the folder cannot be used, `INVALID_ARGUMENT`
 * for a certificate or key that cannot be read.
 */
export async function serveRegistry(options: ServeOptions = {}): Promise<EmbeddedRegistry> {
  const { port = 0, hostname = "127.0.0.1", dir, auth, tls, signal, onRequest } = options;
  signal?.throwIfAborted();
  const storage = dir === undefined ? createMemoryStorage() : await createFolderStorage(dir);
  const handler = createRegistryHandler({
    storage,
    ...(auth && { auth }),
    ...(onRequest && { onRequest }),
  });
  const server = listen(handler, { port, hostname, tls });
  const { stop } = server;
  signal?.addEventListener("abort", stop, { once: true });
  const finished = server.finished.finally(() => signal?.removeEventListener("abort", stop));

  const host = `${reachable(hostname)}:${server.port}`;
  const url = new URL(`${tls ? "https" : "http"}://${host}/`);
  return { url, host, stop, finished, [Symbol.asyncDispose]: stop };
}

/** An address that stands for all of them is reached by the loopback one. */
function reachable(hostname: string): string {
  if (hostname === "0.0.0.0") return "127.0.0.1";
  if (hostname === "::") return "[::1]";
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}
