/**
 * The innermost transport: the runtime's own fetch.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import { cleanText } from "../oci/text.ts";
import type { Transport } from "./transport.ts";

/** What decides about the HTTP client. */
export interface FetchTransportOptions {
  /** More certificate authorities, PEM. */
  caCerts?: string[];
  /** A client certificate and its key, PEM. */
  clientCert?: { cert: string; key: string };
}

/** Connections kept for the next request: as many as blobs may be on their way. */
const IDLE_CONNECTIONS = 64;

/** A transport, with its connections to be given back. */
export interface ClosableTransport extends Disposable {
  /** Sends a request. */
  send: Transport;
}

/**
 * Makes a transport over `fetch`, with an HTTP client of its own that is made at the first request.
 *
 * HTTP/1.1 alone: measured, blobs are slower by HTTP/2.
 *
 * @param options Certificates.
 * @returns The transport.
 */
export function fetchTransport(options: FetchTransportOptions): ClosableTransport {
  const { caCerts, clientCert } = options;
  let client: Deno.HttpClient | undefined;
  const open = () => {
    try {
      return Deno.createHttpClient({
        http2: false,
        poolMaxIdlePerHost: IDLE_CONNECTIONS,
        ...(caCerts && { caCerts }),
        ...clientCert,
      });
    } catch (cause) {
      throw unusable(cause);
    }
  };
  return {
    send: async (url, init) => await fetch(url, { ...init, client: client ??= open() }),
    [Symbol.dispose]: () => client?.close(),
  };
}

/** Wrong files, not a wrong connection: another try would read the same. */
function unusable(cause: unknown): OciPushError {
  const words = cleanText(cause instanceof Error ? cause.message : String(cause));
  return new OciPushError("TLS", `cannot use the certificates that were given: ${words}`, {
    terminal: true,
    hint: "authorities, client certificate and key are PEM texts (-----BEGIN …)",
  }, cause);
}
