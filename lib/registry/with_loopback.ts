/**
 * Plain http for hosts on this machine, unless they want TLS.
 *
 * @module
 */

import { worthAnotherTry } from "./network_error.ts";
import type { Wrapper } from "./transport.ts";
import { readText } from "./read_at_most.ts";

/**
 * Speaks plain http first, and https from then on where the server answers that it wants TLS.
 *
 * Servers say so in a 400 whose text names HTTPS; those that just hang up are asked once by https.
 * The other way round, from https to http, nobody is ever taken.
 *
 * @param host The host and port this is about; others pass untouched.
 * @returns The wrapper.
 */
export function withLoopback(host: string): Wrapper {
  let secure: boolean | undefined;
  return (next) => async (url, init) => {
    if (url.host !== host || url.protocol !== "http:") return await next(url, init);
    const tls = new URL(url);
    tls.protocol = "https:";
    if (secure) return await next(tls, init);
    let response: Response;
    try {
      response = await next(url, init);
    } catch (error) {
      // The first words decide: a connection that breaks later says nothing about TLS.
      if (secure === false || init.signal?.aborted || !hungUp(error)) throw error;
      response = await next(tls, init);
      secure = true;
      return response;
    }
    if (response.status !== 400 || secure === false) {
      secure ??= false;
      return response;
    }
    const text = await readText(response);
    if (!/https/i.test(text)) {
      const { status, headers } = response;
      return new Response(text, { status, headers });
    }
    secure = true;
    return await next(tls, init);
  };
}

function hungUp(error: unknown): boolean {
  return error instanceof TypeError && worthAnotherTry(error) === "yes";
}
