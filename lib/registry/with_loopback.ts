/**
 * Plain http for hosts on this machine, unless they want TLS.
 *
 * @module
 */

import { speaksPlainHttp, worthAnotherTry } from "./network_error.ts";
import type { TransportInit, Wrapper } from "./transport.ts";
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
    const askByTls = () => next(overTls(url), init);
    if (secure) return await askByTls();
    let response: Response;
    try {
      response = await next(url, init);
    } catch (error) {
      // The first words decide: a connection that breaks later says nothing about TLS.
      if (secure === false || init.signal?.aborted || !hungUp(error) || isStream(init)) throw error;
      try {
        response = await askByTls();
      } catch {
        init.signal?.throwIfAborted();
        throw error; // it was no TLS either: what happened first is what has to be told
      }
      secure = true;
      return response;
    }
    if (response.status !== 400 || secure === false || isStream(init)) {
      secure ??= false;
      return response;
    }
    // The answer to a HEAD has no words: the server is asked in the other way, to see.
    if (init.method === "HEAD") {
      try {
        const second = await askByTls();
        secure = true;
        return second;
      } catch (error) {
        if (!speaksPlainHttp(error)) throw error;
        secure = false;
        return response;
      }
    }
    const text = await readText(response, { signal: init.signal ?? null });
    if (!WANTS_TLS.test(text)) {
      const { status, headers } = response;
      return new Response(text, { status, headers });
    }
    const second = await askByTls();
    secure = true;
    return second;
  };
}

/** Words of Go, nginx and Apache; an https address in an error's text is something else. */
const WANTS_TLS = /to an HTTPS server|to HTTPS port|HTTP to an? (?:SSL|TLS)/i;

function overTls(url: URL): URL {
  const tls = new URL(url);
  tls.protocol = "https:";
  return tls;
}

/** A stream is gone once it was sent. */
function isStream({ body }: TransportInit): boolean {
  return body instanceof ReadableStream;
}

function hungUp(error: unknown): boolean {
  return error instanceof TypeError && worthAnotherTry(error) === "yes";
}
