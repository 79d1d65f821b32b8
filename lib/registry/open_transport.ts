/**
 * Which innermost transport a registry gets.
 *
 * @module
 */

import { type ClosableTransport, fetchTransport } from "./fetch_transport.ts";
import type { Transport } from "./transport.ts";

/** What decides about it. */
export interface OpenTransportOptions {
  /** More certificate authorities, PEM. */
  caCerts?: string[];
  /** A client certificate and its key, PEM. */
  clientCert?: { cert: string; key: string };
  /** Takes any certificate. */
  insecureSkipTLSVerify?: boolean;
}

/**
 * Makes the transport that reaches the network; undici is loaded only where checks are off.
 *
 * @param options Certificates.
 * @returns The transport, to be disposed of.
 */
export function openTransport(options: OpenTransportOptions): ClosableTransport {
  const { caCerts, clientCert, insecureSkipTLSVerify } = options;
  if (!insecureSkipTLSVerify) {
    return fetchTransport({ ...(caCerts && { caCerts }), ...(clientCert && { clientCert }) });
  }
  let opened: Promise<ClosableTransport> | undefined;
  return {
    async send(url, init) {
      opened ??= import("./unverified_transport.ts")
        .then(({ unverifiedTransport }) => unverifiedTransport(clientCert));
      return await (await opened).send(url, init);
    },
    [Symbol.dispose]: () => void opened?.then((transport) => transport[Symbol.dispose]()),
  };
}

/** Transports that are made once for each kind of certificates, and end together. */
export interface SharedTransports extends Disposable {
  /** The transport for these certificates. */
  open(options: OpenTransportOptions): Transport;
}

/**
 * Lets all that are reached alike share a transport: an HTTP client costs a millisecond and a half,
 * and keeps its connections for itself.
 *
 * @returns Transports, to be disposed of; none is made before it is asked for.
 */
export function shareTransports(): SharedTransports {
  const opened = new Map<string, ClosableTransport>();
  return {
    open(options) {
      const { caCerts, clientCert, insecureSkipTLSVerify } = options;
      const key = JSON.stringify([caCerts, clientCert, insecureSkipTLSVerify]);
      const transport = opened.get(key) ?? openTransport(options);
      opened.set(key, transport);
      return transport.send;
    },
    [Symbol.dispose]() {
      for (const transport of opened.values()) transport[Symbol.dispose]();
    },
  };
}
