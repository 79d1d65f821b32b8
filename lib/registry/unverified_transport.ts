/**
 * The innermost transport where certificates are not checked.
 *
 * @module
 */

import { Agent, fetch as undiciFetch } from "npm:undici@7.16.0";
import type { ClosableTransport } from "./fetch_transport.ts";

/**
 * Makes a transport that takes any certificate. The runtime's own fetch cannot: this is undici's,
 * through which bytes pass in JavaScript, streamed.
 *
 * Measured: what is sent waits for whoever receives it, but Deno's TLS sockets for node cannot be
 * paused, so what a source sends over TLS is read ahead of a slower destination.
 *
 * @param clientCert A client certificate and its key, PEM.
 * @returns The transport.
 */
export function unverifiedTransport(
  clientCert: { cert: string; key: string } | undefined,
): ClosableTransport {
  const agent = new Agent({
    connect: { rejectUnauthorized: false, ...clientCert },
    // Its clocks run while a body is sent: measured, an upload longer than the default of 300 s
    // fails at its very end. Silence is bounded by the timeouts around this.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const answers = new WeakMap<object, unknown>();
  return {
    async send(url, init) {
      const { body = null, ...rest } = init;
      const response = await undiciFetch(url, {
        ...rest as Record<string, unknown>,
        body: body as never,
        dispatcher: agent,
        ...(body instanceof ReadableStream && { duplex: "half" as const }),
      });
      // A response that nobody holds is collected, and undici then cancels a body that was not read
      // yet: whoever reads it finds its end too early, and no error.
      if (response.body) answers.set(response.body, response);
      return response as unknown as Response;
    },
    [Symbol.dispose]: () => void agent.close(),
  };
}
