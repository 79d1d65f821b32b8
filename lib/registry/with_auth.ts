/**
 * Authorization: sent to the registry itself and to nobody else.
 *
 * @module
 */

import type { Authorizer } from "./authorizer.ts";
import type { TransportInit, Wrapper } from "./transport.ts";

/**
 * Signs requests, and answers one challenge each.
 *
 * A 401 of another host (an object store behind a redirect, an upload's address elsewhere) is not
 * the registry's: it is handed back. A stream is gone once it was sent, so its 401 is handed back
 * too, after the answer was prepared for whoever opens another.
 *
 * @param authorizer Knows what to send.
 * @param isRegistry Tells the registry's own addresses from others.
 * @returns The wrapper.
 */
export function withAuth(authorizer: Authorizer, isRegistry: (url: URL) => boolean): Wrapper {
  return (next) => async (url, init) => {
    if (!isRegistry(url)) return await next(url, init);
    const { signal = null } = init;
    const current = await authorizer.current({ signal });
    const response = await next(url, sign(init, current?.header));
    if (response.status !== 401 || !sentBy(response, url)) return response;
    const challenge = response.headers.get("www-authenticate");
    if (!challenge) return response;
    const better = await authorizer.answer(challenge, current?.header, { signal });
    if (!better || init.body instanceof ReadableStream) return response;
    await response.body?.cancel();
    const second = await next(url, sign(init, better.header));
    const refused = second.status === 401 && sentBy(second, url);
    // Who was refused, and why, is the authorizer's to say: it throws what explains it.
    if (refused) {
      const why = second.headers.get("www-authenticate") ?? challenge;
      await authorizer.answer(why, better.header, { signal });
    }
    return second;
  };
}

function sign(init: TransportInit, authorization: string | undefined): TransportInit {
  return authorization === undefined
    ? init
    : { ...init, headers: { ...init.headers, authorization } };
}

/** A scripted response has no URL; a followed one has that of its last hop, by TLS or without. */
function sentBy(response: Response, url: URL): boolean {
  return response.url === "" || new URL(response.url).host === url.host;
}
