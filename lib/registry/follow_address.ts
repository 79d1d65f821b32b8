/**
 * Addresses that a registry sends us on to.
 *
 * @module
 */

import type { Repository } from "./repository.ts";

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

/**
 * Reads an address within the registry itself: the next page of a list, the next place of an upload.
 *
 * Registries write their public name there (distribution with `http.host` set). Where an endpoint
 * stands for that name, it may lead elsewhere or nowhere, and what identifies us is sent to the
 * endpoint alone: the address is taken there.
 *
 * @param text Absolute or relative.
 * @param from The address that answered.
 * @param repository Whose registry it is.
 * @returns The address; undefined for one that is not to be followed.
 */
export function followOwnAddress(
  text: string,
  from: URL,
  { registry, base }: Pick<Repository, "registry" | "base">,
): URL | undefined {
  const url = URL.parse(text, from);
  const isNamed = url !== null && /^https?:$/.test(url.protocol) &&
    url.host === URL.parse(`${url.protocol}//${registry}`)?.host; // 443 and 80 go without saying
  if (!isNamed || url.host === base.host) return followAddress(text, from);
  const prefix = base.pathname.replace(/\/+$/, "");
  const path = url.pathname.startsWith(`${prefix}/`) ? url.pathname : prefix + url.pathname;
  const target = new URL(base);
  target.pathname = path;
  target.search = url.search;
  return target;
}
