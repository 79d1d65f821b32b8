/**
 * One request of a typed call: where it goes, and what its failure is called.
 *
 * @module
 */

import { type Endpoint, formatEndpoint } from "../oci/endpoint.ts";
import { OciPushError } from "../oci/error.ts";
import { describeNetworkError, isCutBody } from "./network_error.ts";
import type { Repository } from "./repository.ts";
import type { TransportInit } from "./transport.ts";
import { type RequestAction, responseError } from "./response_error.ts";
import { Exhausted } from "./with_retry.ts";

/**
 * The address of an endpoint, behind whatever path the registry is reached under.
 *
 * @param repository The repository and its registry's base.
 * @param endpoint The place in the API.
 * @returns The address.
 */
export function addressOf({ base }: Repository, endpoint: Endpoint): URL {
  const prefix = base.pathname.replace(/\/+$/, "");
  return new URL(`${prefix}${formatEndpoint(endpoint)}`, base);
}

/** What a request needs beside fetch's own options. */
export interface Ask extends RequestAction {
  /** Answers that are not failures. */
  expected: number[];
}

/**
 * Sends one request and hands back an expected answer.
 *
 * @param url Where to.
 * @param init What.
 * @param ask Which answers are expected, and what is being done.
 * @returns The answer, its body untouched.
 * @throws {OciPushError} for a connection that fails and for any other answer. An abort by the
 * caller's signal throws its reason.
 */
export async function ask(url: URL, init: TransportInit, ask: Ask): Promise<Response> {
  const { repository, expected, doing, tagOrDigest } = ask;
  const { registry, name, side } = repository;
  let response: Response;
  try {
    response = await repository.send(url, init);
  } catch (error) {
    init.signal?.throwIfAborted();
    const [cause, attempts] = error instanceof Exhausted
      ? [error.cause, error.attempts]
      : [error, 1];
    if (init.body instanceof ReadableStream && isCutBody(cause)) throw sourceCut(cause, ask);
    const separator = tagOrDigest === undefined ? "" : tagOrDigest.includes(":") ? "@" : ":";
    throw describeNetworkError(cause, {
      action: `cannot ${doing} ${registry}/${name}${separator}${tagOrDigest ?? ""}` +
        `${side ? ` (${side})` : ""}`,
      registry,
      repository: name,
      ...(side && { side }),
      attempts,
    });
  }
  if (expected.includes(response.status)) return response;
  const { signal = null } = init;
  const error = await responseError(response, ask, { signal });
  signal?.throwIfAborted();
  throw error;
}

/** A body that is read from elsewhere while it is sent: what broke is not the way to this host. */
function sourceCut(cause: unknown, { repository, details }: Ask): OciPushError {
  const { registry, side } = repository;
  return new OciPushError(
    "UNREACHABLE",
    `cannot send content to ${registry}${side ? ` (${side})` : ""}: ` +
      "the connection that it is read from was cut",
    { terminal: false, ...details, ...(side === "destination" && { side: "source" }) },
    cause,
  );
}
