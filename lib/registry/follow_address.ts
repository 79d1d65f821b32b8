/**
 * Addresses that a registry sends us on to.
 *
 * @module
 */

/**
 * Reads a `Location`, or the target of a `Link`: a stranger wrote it.
 *
 * Only http and https are followed (`fetch` reads `file:` too), and https never becomes http. A
 * registry behind a proxy that ends TLS often names itself by http: that is its https address.
 *
 * @param text Absolute or relative.
 * @param from The address that answered.
 * @returns The address; undefined for one that is not to be followed.
 */
export function followAddress(text: string, from: URL): URL | undefined {
  const url = URL.parse(text, from);
  if (!url) return undefined;
  if (from.protocol === "https:" && url.protocol === "http:" && url.host === from.host) {
    url.protocol = "https:";
  }
  const follows = url.protocol === "https:" ||
    url.protocol === "http:" && from.protocol === "http:";
  return follows ? url : undefined;
}
