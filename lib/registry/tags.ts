/**
 * The tags of a repository.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import type { Repository } from "./repository.ts";

/** Options of {@linkcode listTags}. */
export interface ListTagsOptions {
  /** Names asked for per page; a registry may send fewer. @default {1000} */
  pageSize?: number;
  /** Ends the listing: the loop then throws `signal.reason`. */
  signal?: AbortSignal | null;
}

/** Lists the tags of a repository, fetching a page only when the loop gets there. */
export async function* listTags(
  repository: Repository,
  options: ListTagsOptions = {},
): AsyncGenerator<string> {
  await Promise.resolve(options);
  yield repository.name;
  throw new OciPushError("INTERNAL", "not yet", { terminal: true });
}
