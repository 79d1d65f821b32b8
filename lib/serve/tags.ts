/**
 * Listing tags.
 *
 * @module
 */

import { type Endpoint, formatEndpoint } from "../oci/endpoint.ts";
import { formatNextLink } from "../oci/http_range.ts";
import { answerJson, refuse, refuseMethod } from "./answers.ts";
import type { Call } from "./call.ts";

/**
 * Lists the tags of a repository. Follows distribution-spec 1.1, end-8a and end-8b.
 *
 * @param call The request.
 * @param endpoint Which part of the list.
 * @returns The answer.
 */
export async function answerTags(
  { request, repository, name }: Call,
  endpoint: Extract<Endpoint, { kind: "tags" }>,
): Promise<Response> {
  const { n, last } = endpoint;
  if (request.method !== "GET" && request.method !== "HEAD") return refuseMethod(["GET", "HEAD"]);
  if (n !== undefined && !/^\d{1,9}$/.test(n)) {
    return refuse(400, { code: "UNSUPPORTED", message: `n is no number of tags: ${n}` });
  }
  const all = await repository.listTags();
  if (!all) return refuse(404, { code: "NAME_UNKNOWN", message: "there is no such repository" });
  const rest = last === undefined ? all : all.filter((tag) => tag > last);
  const tags = n === undefined ? rest : rest.slice(0, Number(n));
  const end = tags.at(-1);
  if (n === undefined || end === undefined || tags.length === rest.length) {
    return answerJson({ name, tags });
  }
  const next = formatEndpoint({ kind: "tags", name, n, last: end });
  return answerJson({ name, tags }, { link: formatNextLink(next) });
}
