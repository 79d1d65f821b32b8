/**
 * Pages of JSON, bounded.
 *
 * @module
 */

import { OciPushError } from "../oci/error.ts";
import { readAtMost } from "./read_at_most.ts";
import type { Repository } from "./repository.ts";

/** The longest page that is read, in bytes. */
const MAX_PAGE = 4 * 1024 * 1024;

/**
 * Reads a page of a list.
 *
 * @param response The answer; its body is used up or cancelled.
 * @param repository Whose it is, for messages.
 * @returns The JSON value.
 * @throws {OciPushError} `REGISTRY_BROKEN` for what is too long or no JSON.
 */
export async function readPage(response: Response, repository: Repository): Promise<unknown> {
  const { registry, name, side } = repository;
  const broken = (problem: string, cause?: unknown) =>
    new OciPushError(
      "REGISTRY_BROKEN",
      `cannot list ${registry}/${name}${side ? ` (${side})` : ""}: ${problem}`,
      { terminal: true, registry, repository: name, ...(side && { side }) },
      cause,
    );
  const bytes = await readAtMost(response, MAX_PAGE);
  if (!bytes) throw broken("a page is longer than 4 MiB");
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw broken("the answer is not JSON", cause);
  }
}
