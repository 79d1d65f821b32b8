/**
 * The HTTP grammar of the distribution API: built by the client and parsed by the embedded
 * registry from one type.
 *
 * @module
 */

import { isRepositoryPath } from "./reference.ts";

/**
 * A place in the API; the numbers are those of distribution-spec 1.1, "Endpoints".
 *
 * `name` is a repository's path, `digest` and `tagOrDigest` are as received, unchecked.
 */
export type Endpoint =
  /** end-1 */
  | { kind: "version" }
  /** end-2, end-10 */
  | { kind: "blob"; name: string; digest: string }
  /** end-3, end-7, end-9 */
  | { kind: "manifest"; name: string; tagOrDigest: string }
  /** end-4a, end-4b (with a digest), end-11 (with a mount) */
  | { kind: "uploads"; name: string; digest?: string; mount?: string; from?: string }
  /** end-5, end-6 (with a digest), end-13, end-14 */
  | { kind: "upload"; name: string; id: string; digest?: string }
  /** end-8a, end-8b */
  | { kind: "tags"; name: string; n?: string; last?: string }
  /** end-12a, end-12b */
  | { kind: "referrers"; name: string; digest: string; artifactType?: string };

/**
 * Writes the path and query of an endpoint.
 *
 * @example
 * ```ts
 * const path = formatEndpoint({ kind: "tags", name: "team/app", n: "10" });
 * console.assert(path === "/v2/team/app/tags/list?n=10");
 * ```
 * @param endpoint The place.
 * @returns What follows the host, beginning with `/v2/`.
 */
export function formatEndpoint(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case "version":
      return "/v2/";
    case "blob":
      return `/v2/${endpoint.name}/blobs/${endpoint.digest}`;
    case "manifest":
      return `/v2/${endpoint.name}/manifests/${endpoint.tagOrDigest}`;
    case "uploads":
      return `/v2/${endpoint.name}/blobs/uploads/${query(endpoint, ["digest", "mount", "from"])}`;
    case "upload":
      return `/v2/${endpoint.name}/blobs/uploads/${endpoint.id}${query(endpoint, ["digest"])}`;
    case "tags":
      return `/v2/${endpoint.name}/tags/list${query(endpoint, ["n", "last"])}`;
    case "referrers":
      return `/v2/${endpoint.name}/referrers/${endpoint.digest}${
        query(endpoint, ["artifactType"])
      }`;
  }
}

/**
 * Reads the path and query of a request; the inverse of {@linkcode formatEndpoint}.
 *
 * @param url The request's URL.
 * @returns The place, or undefined for a path that is none or names no valid repository.
 */
export function parseEndpoint(url: URL): Endpoint | undefined {
  const { pathname, searchParams } = url;
  if (pathname === "/v2/" || pathname === "/v2") return { kind: "version" };
  const endpoint = match(pathname, searchParams);
  return endpoint && "name" in endpoint && isRepositoryPath(endpoint.name) ? endpoint : undefined;
}

function match(pathname: string, search: URLSearchParams): Endpoint | undefined {
  // Greedy names: a repository may itself be called "blobs" or "manifests".
  let [, name = "", rest = ""] = /^\/v2\/(.+)\/blobs\/uploads(?:\/([^/]*))?$/.exec(pathname) ?? [];
  if (name !== "") {
    return rest === ""
      ? { kind: "uploads", name, ...pick(search, ["digest", "mount", "from"]) }
      : { kind: "upload", name, id: rest, ...pick(search, ["digest"]) };
  }
  if (/^\/v2\/.+\/tags\/list$/.test(pathname)) {
    name = pathname.slice("/v2/".length, -"/tags/list".length);
    return { kind: "tags", name, ...pick(search, ["n", "last"]) };
  }
  const last = /^\/v2\/(.+)\/(blobs|manifests|referrers)\/([^/]+)$/.exec(pathname);
  if (!last) return undefined;
  [, name = "", , rest = ""] = last;
  const value = decodeURIComponentSafe(rest);
  switch (last[2]) {
    case "blobs":
      return { kind: "blob", name, digest: value };
    case "manifests":
      return { kind: "manifest", name, tagOrDigest: value };
    default:
      return { kind: "referrers", name, digest: value, ...pick(search, ["artifactType"]) };
  }
}

function query<K extends string>(values: Partial<Record<K, string>>, keys: K[]): string {
  const search = new URLSearchParams();
  for (const key of keys) {
    const value = values[key];
    if (value !== undefined) search.set(key, value);
  }
  return search.size === 0 ? "" : `?${search}`;
}

function pick<K extends string>(search: URLSearchParams, keys: K[]): Partial<Record<K, string>> {
  const picked: Partial<Record<K, string>> = {};
  for (const key of keys) {
    const value = search.get(key);
    if (value !== null) picked[key] = value;
  }
  return picked;
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray % is no encoding; whoever checks the digest or tag refuses it
  }
}
