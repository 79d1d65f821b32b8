/**
 * The tags of a repository.
 *
 * @module
 */

import { isRecord } from "../oci/descriptor.ts";
import { parseNextLink } from "../oci/http_range.ts";
import { followOwnAddress } from "./follow_address.ts";
import { readPage } from "./read_page.ts";
import type { Repository } from "./repository.ts";
import { addressOf, ask } from "./request.ts";

/** Options of {@linkcode listTags}. */
export interface ListTagsOptions {
  /** Names asked for per page; a registry may send fewer. @default {1000} */
  pageSize?: number;
  /** Ends the listing: the loop then throws `signal.reason`. */
  signal?: AbortSignal | null;
}

/**
 * Lists the tags of a repository, fetching a page only when the loop gets there.
 *
 * Follows distribution-spec 1.1, "Listing Tags" (end-8b), and its `Link` header.
 *
 * @example The first match ends the loop, and the requests with it
 * ```ts ignore
 * for await (const tag of listTags(repository)) if (tag.startsWith("v2.")) break;
 * ```
 * @param repository Where to look, with the transport that reaches it.
 * @param options How many per page, and when to stop.
 * @returns Tag names, in the registry's order.
 * @throws {OciPushError} `REPOSITORY_NOT_FOUND` if the registry does not know the repository.
 */
export async function* listTags(
  repository: Repository,
  options: ListTagsOptions = {},
): AsyncGenerator<string> {
  const { pageSize = 1000, signal = null } = options;
  const { name } = repository;
  let page: URL | undefined = addressOf(repository, { kind: "tags", name, n: String(pageSize) });
  while (page) {
    const response: Response = await ask(page, { signal }, {
      repository,
      doing: "list tags of",
      expected: [200],
      missing: "REPOSITORY_NOT_FOUND",
    });
    const next = parseNextLink(response.headers.get("link"));
    const body = await readPage(response, repository, { signal });
    const tags: unknown[] = isRecord(body) && Array.isArray(body.tags) ? body.tags : [];
    for (const tag of tags) if (typeof tag === "string") yield tag;
    const following: URL | undefined = next === undefined
      ? undefined
      : followOwnAddress(next, page, repository);
    page = following?.href === page.href ? undefined : following; // a page never follows itself
  }
}
