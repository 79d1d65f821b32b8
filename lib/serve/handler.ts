/**
 * The embedded registry as a function from request to response.
 *
 * @module
 */
import type { BasicAuth, BearerAuth } from "./auth.ts";
import type { Storage } from "./storage.ts";

/** One answered request. */
export interface RequestEvent {
  /** e.g. `GET`. */
  method: string;
  /** The request's URL. */
  url: string;
  /** The answer's status. */
  status: number;
  /** Time until the answer's head, in milliseconds. */
  ms: number;
  /** What went wrong inside the registry, behind a 500. */
  error?: unknown;
}

/** A function from request to response. */
export type RegistryHandler = (request: Request) => Promise<Response>;

/** Options of {@linkcode createRegistryHandler}. */
export interface RegistryHandlerOptions {
  /** Where content is kept. */
  storage: Storage;
  /** Who may do what; everybody everything unless given. */
  auth?: BasicAuth | BearerAuth;
  /** Told of every request after its answer is decided. */
  onRequest?: (event: RequestEvent) => void;
}

/** Makes a registry's handler. */
export function createRegistryHandler(options: RegistryHandlerOptions): RegistryHandler {
  return () => Promise.resolve(new Response(options.storage.kind, { status: 501 }));
}
