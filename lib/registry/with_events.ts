/**
 * Requests as events.
 *
 * @module
 */

import type { Side } from "../oci/error.ts";
import type { RegistryEvent } from "./event.ts";
import type { Wrapper } from "./transport.ts";

/**
 * Tells of every request once its answer begins, or once it is clear that none will.
 *
 * @param about Whose requests these are.
 * @param onEvent Takes the events.
 * @returns The wrapper.
 */
export function withEvents(
  about: { registry: string; side?: Side },
  onEvent: (event: RegistryEvent) => void,
): Wrapper {
  return (next) => async (url, init) => {
    const started = performance.now();
    const tell = (status: number) =>
      onEvent({
        type: "request",
        ...about,
        method: init.method ?? "GET",
        url: `${url.origin}${url.pathname}`, // a query may be signed
        status,
        ms: Math.round(performance.now() - started),
      });
    try {
      const response = await next(url, init);
      tell(response.status);
      return response;
    } catch (error) {
      tell(0);
      throw error;
    }
  };
}
