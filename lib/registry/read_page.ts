/**
 * Pages of JSON, bounded.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import { describeNetworkError } from "./network_error.ts";
import { readAtMost } from "./read_at_most.ts";
import type { Repository } from "./repository.ts";

/** The longest page that is read, in bytes. */
const MAX_PAGE = 4 * 1024 * 1024;

/** Options of {@linkcode readPage}. */
export interface ReadPageOptions {
  /** The request's own signal. */
  signal?: AbortSignal | null;
}

/**
 * Reads a page of a list.
 *
 * @param response The answer; its body is used up or cancelled.
 * @param repository Whose it is, for messages.
 * @param options What ends the reading.
 * @returns The JSON value.
 * @throws {OciPushError} `REGISTRY_BROKEN` for what is too long or no JSON, and for a connection
 * that breaks. An abort by the caller's signal throws its reason.
 */
export async function readPage(
  response: Response,
  repository: Repository,
  options: ReadPageOptions = {},
): Promise<unknown> {
  const { registry, name, side, stallTimeout } = repository;
  const { signal = null } = options;
  const where = { registry, repository: name, ...(side && { side }) };
  const action = `cannot list ${registry}/${name}${side ? ` (${side})` : ""}`;
  const broken = (problem: string, cause?: unknown) =>
    new OciPushError(
      "REGISTRY_BROKEN",
      `${action}: ${problem}`,
      { terminal: true, ...where },
      cause,
    );
  let bytes: Uint8Array | undefined;
  try {
    bytes = await readAtMost(response, MAX_PAGE, { stallTimeout, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw describeNetworkError(error, { action, ...where });
  }
  if (!bytes) throw broken("a page is longer than 4 MiB");
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw broken("the answer is not JSON", cause);
  }
}
