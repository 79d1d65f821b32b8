/**
 * The type that everything which speaks HTTP is made of.
 *
 * @module
 */

/** What `fetch` takes, as plain data where it gives a choice: every wrapper adds its part to it. */
export interface TransportInit extends Omit<RequestInit, "headers"> {
  /** By lower-case names. */
  headers?: Readonly<Record<string, string>>;
}

/**
 * Sends one request: the type of `fetch` with its two arguments.
 *
 * The signal ends the waiting for the head of the answer; its body is for whoever has it to read or
 * to cancel. Measured: one signal that ends two fetches, of which one sends the other's body, makes
 * the runtime drop a rejection that nobody can catch.
 *
 * Never a `Request`: measured, `fetch(url, { body: response.body })` keeps its Content-Length and
 * the bytes stay out of JavaScript, while the same body inside `new Request` goes out chunked.
 */
export type Transport = (url: URL, init: TransportInit) => Promise<Response>;

/** Something around a transport that sees only what goes in and what comes out. */
export type Wrapper = (next: Transport) => Transport;

/**
 * Puts wrappers around a transport.
 *
 * @param inner The transport that reaches the network.
 * @param wrappers Innermost first: the last one sees a request first and its answer last.
 * @returns One transport.
 */
export function createTransport(inner: Transport, ...wrappers: Wrapper[]): Transport {
  return wrappers.reduce((transport, wrap) => wrap(transport), inner);
}
