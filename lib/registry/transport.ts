/**
 * The type that everything which speaks HTTP is made of.
 *
 * @module
 */

/**
 * Sends one request: the type of `fetch` with its two arguments.
 *
 * Never a `Request`: measured, `fetch(url, { body: response.body })` keeps its Content-Length and
 * the bytes stay out of JavaScript, while the same body inside `new Request` goes out chunked.
 */
export type Transport = (url: URL, init: RequestInit) => Promise<Response>;

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
