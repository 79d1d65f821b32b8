/**
 * The embedded registry as a function from request to response.
 *
 * @module
 */

import { type Endpoint, parseEndpoint } from "../oci/endpoint.ts";
import { OciPushError } from "../oci/error.ts";
import { answerJson, refuse, refuseMethod } from "./answers.ts";
import type { Action, BasicAuth, BearerAuth } from "./auth.ts";
import { answerBlob } from "./blobs.ts";
import type { Call } from "./call.ts";
import { createExclusive } from "./exclusive.ts";
import { createGate } from "./gate.ts";
import { answerManifest } from "./manifests.ts";
import { answerReferrers } from "./referrers.ts";
import type { Wanted } from "./scheme.ts";
import type { Storage } from "./storage.ts";
import { answerTags } from "./tags.ts";
import { createUploadReceiver } from "./upload_receiver.ts";
import { answerOneUpload, answerUploads } from "./uploads.ts";

/** One answered request. */
export interface RequestEvent {
  /** e.g. `GET`. */
  method: string;
  /** The request's URL. */
  url: string;
  /** The answer's status. */
  status: number;
  /** Time until the answer's head, in milliseconds. */
  ms: number;
  /** What went wrong inside the registry, behind a status of 500. */
  error?: unknown;
}

/** A function from request to response. */
export type RegistryHandler = (request: Request) => Promise<Response>;

/** Options of {@linkcode createRegistryHandler}. */
export interface RegistryHandlerOptions {
  /** Where content is kept. */
  storage: Storage;
  /** Who may do what; everybody everything unless given. */
  auth?: BasicAuth | BearerAuth;
  /** Told of every request once its answer is decided. */
  onRequest?: (event: RequestEvent) => void;
}

/**
 * Makes a registry that follows distribution-spec 1.1, without a socket.
 *
 * @example A registry that a test asks directly
 * ```ts
 * import { createMemoryStorage } from "./memory_storage.ts";
 *
 * const handler = createRegistryHandler({ storage: createMemoryStorage() });
 * const response = await handler(new Request("http://registry.test/v2/"));
 * console.assert(response.status === 200);
 * ```
 * @param options Where content is kept, and who may do what.
 * @returns The handler; it answers every request, its own faults with a 500.
 */
export function createRegistryHandler(options: RegistryHandlerOptions): RegistryHandler {
  const { auth, onRequest } = options;
  const answer = createAnswer(options.storage, auth);
  return async (request) => {
    const started = performance.now();
    let response: Response;
    let failure: { error?: unknown } = {};
    try {
      response = await answer(request);
    } catch (error) {
      response = refuseFailed(error);
      if (response.status === 500) failure = { error };
    }
    const { method, url } = request;
    const ms = performance.now() - started;
    onRequest?.({ method, url, status: response.status, ms, ...failure });
    return request.method === "HEAD" ? withoutBody(response) : response;
  };
}

function createAnswer(storage: Storage, auth?: BasicAuth | BearerAuth): RegistryHandler {
  const gate = createGate(auth);
  const exclusive = createExclusive();
  const uploads = createUploadReceiver();
  return async (request) => {
    const url = new URL(request.url);
    const token = gate.answer(request, url);
    if (token) return await token;
    const endpoint = parseEndpoint(url);
    if (!endpoint) {
      return refuse(404, { code: "NAME_INVALID", message: "the registry has no such place" });
    }
    const visitor = gate.admit(request, wantedBy(request.method, endpoint));
    if (visitor instanceof Response) return visitor;
    if (endpoint.kind === "version") return answerVersion(request);
    const { name } = endpoint;
    const repository = storage.repository(name);
    const call = { request, url, name, repository, visitor, uploads, exclusive };
    return await dispatch(call, endpoint);
  };
}

function dispatch(
  call: Call,
  endpoint: Exclude<Endpoint, { kind: "version" }>,
): Promise<Response> {
  switch (endpoint.kind) {
    case "blob":
      return answerBlob(call, endpoint.digest);
    case "manifest":
      return answerManifest(call, endpoint.tagOrDigest);
    case "uploads":
      return answerUploads(call, endpoint);
    case "upload":
      return answerOneUpload(call, endpoint);
    case "tags":
      return answerTags(call, endpoint);
    case "referrers":
      return answerReferrers(call, endpoint);
  }
}

function wantedBy(method: string, endpoint: Endpoint): Wanted {
  if (endpoint.kind === "version") return { needs: [], wishes: [] };
  const { name } = endpoint;
  const mountsFrom = endpoint.kind === "uploads" && endpoint.mount ? endpoint.from : undefined;
  return {
    needs: [{ name, actions: actionsOf(method, endpoint) }],
    wishes: mountsFrom && mountsFrom !== name ? [{ name: mountsFrom, actions: ["pull"] }] : [],
  };
}

function actionsOf(method: string, { kind }: Endpoint): Action[] {
  // Clients that push ask for both anyway, and a push reads what is there.
  if (kind === "uploads" || kind === "upload") return ["pull", "push"];
  if (method === "DELETE") return ["delete"];
  return method === "GET" || method === "HEAD" ? ["pull"] : ["pull", "push"];
}

function answerVersion({ method }: Request): Response {
  return method === "GET" || method === "HEAD"
    ? answerJson({}, { "docker-distribution-api-version": "registry/2.0" })
    : refuseMethod(["GET", "HEAD"]);
}

function refuseFailed(error: unknown): Response {
  return error instanceof OciPushError && error.code === "UNREACHABLE"
    ? refuse(400, { code: "BLOB_UPLOAD_INVALID", message: "the body ended early" })
    : refuse(500, { code: "UNKNOWN", message: "the registry could not do this" });
}

function withoutBody(response: Response): Response {
  if (!response.body) return response;
  const { status, headers } = response;
  return new Response(null, { status, headers });
}
