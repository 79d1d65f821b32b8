/**
 * A registry that is a script: expected requests, each with its answer, used once.
 *
 * @module
 */

import { AssertionError } from "../../lib/std/assert.ts";
import type { Side } from "../../lib/oci/error.ts";
import type { Repository } from "../../lib/registry/repository.ts";
import type { Transport } from "../../lib/registry/transport.ts";

/** What a request looked like when it was sent. */
export interface SentRequest {
  method: string;
  url: URL;
  headers: Headers;
  /** Texts and bytes as text; a stream is not read. */
  body: string;
  signal: AbortSignal | null;
}

/** What comes back: an answer, a failure that is thrown, or something that looks at the request. */
export type Answer =
  | { status: number; headers?: Record<string, string>; body?: BodyInit }
  | Error
  | ((request: SentRequest) => Response | Promise<Response>);

/** `METHOD URL` or `METHOD /path?query`, or a pattern for the former; and the answer to it. */
export type Step = [request: string | RegExp, answer: Answer];

/** A transport that follows a script. */
export interface Scripted {
  send: Transport;
  /** In the order in which they came. */
  requests: SentRequest[];
  /** `METHOD URL` of each. */
  lines(): string[];
  /** Fails where something scripted was not asked for, or something else was. */
  assertSpent(): void;
}

/** Makes a transport of a script; a request takes the first step left that fits it. */
export function scripted(script: Step[]): Scripted {
  const left = [...script];
  const unexpected: string[] = [];
  const requests: SentRequest[] = [];
  return {
    requests,
    lines: () => requests.map(({ method, url }) => `${method} ${url}`),
    async send(url, init) {
      const request = describe(url, init);
      requests.push(request);
      const at = left.findIndex(([pattern]) => fits(request, pattern));
      if (at < 0) {
        unexpected.push(`${request.method} ${url}`);
        throw new AssertionError(`not in the script: ${request.method} ${url}`);
      }
      const [[, answer]] = left.splice(at, 1) as [Step];
      if (answer instanceof Error) throw answer;
      if (typeof answer === "function") return await answer(request);
      const { status, headers = {}, body = null } = answer;
      return new Response(body, { status, headers });
    },
    assertSpent() {
      if (unexpected.length > 0) throw new AssertionError(`not in the script: ${unexpected}`);
      const names = left.map(([pattern]) => String(pattern));
      if (left.length > 0) throw new AssertionError(`nobody asked for ${names.join(", ")}`);
    },
  };
}

/** A repository of `registry.test` whose requests follow a script. */
export function scriptedRepository(
  script: Step[],
  options: { name?: string; side?: Side; base?: string } = {},
): { server: Scripted; repository: Repository } {
  const { name = "team/app", side, base = "https://registry.test/" } = options;
  const server = scripted(script);
  const repository = {
    registry: "registry.test",
    name,
    base: new URL(base),
    send: server.send,
    ...(side && { side }),
  };
  return { server, repository };
}

/** A wait that takes no time, and how long it would have been. */
export function fakeWait(): {
  waited: number[];
  wait: (ms: number, signal?: AbortSignal | null) => Promise<void>;
} {
  const waited: number[] = [];
  return {
    waited,
    async wait(ms, signal) {
      waited.push(ms);
      await Promise.resolve();
      signal?.throwIfAborted();
    },
  };
}

/** An answer that never comes: the request ends with its signal's reason. */
export function silent({ signal }: SentRequest): Promise<Response> {
  return new Promise((_, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
}

function describe(url: URL, init: RequestInit): SentRequest {
  const { body = null } = init;
  return {
    method: init.method ?? "GET",
    url: new URL(url),
    headers: new Headers(init.headers),
    body: body instanceof ReadableStream
      ? ""
      : body instanceof Uint8Array
      ? new TextDecoder().decode(body)
      : String(body ?? ""),
    signal: init.signal ?? null,
  };
}

function fits({ method, url }: SentRequest, pattern: string | RegExp): boolean {
  if (pattern instanceof RegExp) return pattern.test(`${method} ${url}`);
  return pattern === `${method} ${url}` || pattern === `${method} ${url.pathname}${url.search}`;
}
