/**
 * Redirects of reads: registries keep blobs in object stores.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import { followAddress } from "./follow_address.ts";
import type { TransportInit, Wrapper } from "./transport.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MOST = 5;

/**
 * Follows the redirects of GET and HEAD; those of anything else are the caller's, whose body may
 * be gone.
 *
 * What identifies us stays with the host that asked for it, and https never becomes http.
 *
 * @returns The wrapper.
 */
export function withRedirects(): Wrapper {
  return (next) => async (url, init) => {
    const method = init.method ?? "GET";
    let request = init;
    for (let hops = 0;; hops++) {
      const response = await next(url, { ...request, redirect: "manual" });
      const location = response.headers.get("location");
      if (!REDIRECTS.has(response.status) || !location || !/^(GET|HEAD)$/.test(method)) {
        return response;
      }
      await response.body?.cancel();
      const target = followAddress(location, url);
      if (!target || hops === MOST) {
        const problem = target
          ? `sent on more than ${MOST} times`
          : `sent on from ${url.protocol.slice(0, -1)} to ${schemeOf(location)}`;
        throw new OciPushError("REGISTRY_BROKEN", `cannot follow ${url.host}: ${problem}`, {
          terminal: true,
          status: response.status,
        });
      }
      if (target.origin !== url.origin) request = withoutAuthorization(request);
      url = target;
    }
  };
}

function schemeOf(location: string): string {
  return URL.parse(location)?.protocol.slice(0, -1) ?? "what is no address";
}

function withoutAuthorization(init: TransportInit): TransportInit {
  const { authorization: _, ...headers } = init.headers ?? {};
  return { ...init, headers };
}
