/**
 * A reverse proxy that breaks what it is told to break, and nothing else.
 *
 * @module
 */

import { AssertionError } from "../../lib/std/assert.ts";

/** What goes wrong. */
export type Fault =
  /** The connection ends without an answer; where it is not its first, `fetch` asks once more. */
  | { kind: "close" }
  /** The answer ends after so many bytes of its body, which its length says are more. */
  | { kind: "truncate"; after: number }
  /** Nothing comes until the client gives up. */
  | { kind: "stall" }
  /** This comes instead. */
  | {
    kind: "answer";
    status: number;
    headers?: Record<string, string>;
    body?: BodyInit | (() => BodyInit);
  }
  /** One byte of the body is another. */
  | { kind: "corrupt"; at: number }
  /** The answer has these headers instead of its own, such as a wrong `docker-content-digest`. */
  | { kind: "headers"; headers: Record<string, string> };

/** When something goes wrong. */
export interface Rule {
  /** The method; absent: any. */
  method?: string;
  /** What path and query look like; a text has to be in them. */
  path: RegExp | string;
  /** Which of the requests that fit, counted from 1; absent: all. */
  nth?: number;
  fault: Fault;
}

/** A proxy that runs. */
export interface FaultyProxy extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  host: string;
  url: URL;
  /** `METHOD PATH?QUERY STATUS`, in the order of the answers; 0 where there was none. */
  requests: string[];
  /** What each of them came with; of credentials only the scheme is kept. */
  headers: Headers[];
  /** Fails where a rule was not needed. */
  assertSpent(): void;
}

/** Starts a proxy before a registry that speaks plain http. */
export function startFaultyProxy(upstream: URL, rules: Rule[]): FaultyProxy {
  const counted = rules.map((rule) => ({ rule, fits: 0, used: 0 }));
  const requests: string[] = [];
  const headers: Headers[] = [];
  const end = new AbortController();
  const client = Deno.createHttpClient({ http2: false });

  async function answer(request: Request, info: Deno.ServeHandlerInfo): Promise<Response> {
    const { method } = request;
    const { pathname, search } = new URL(request.url);
    const path = `${pathname}${search}`;
    const fault = faultFor(method, path);
    const received = withoutSecrets(request.headers);
    if (fault?.kind === "close") {
      door.hangUp((info.remoteAddr as Deno.NetAddr).port);
      log(`${method} ${path} 0`, received);
      return new Response(null, { status: 502 });
    }
    const response = await (fault ? broken(fault, request) : forward(request));
    log(`${method} ${path} ${response.status}`, received);
    return response;
  }

  function log(request: string, received: Headers): void {
    requests.push(request);
    headers.push(received);
  }

  function faultFor(method: string, path: string): Fault | undefined {
    let fault: Fault | undefined;
    for (const count of counted) {
      const { rule } = count;
      const fits = (rule.method ?? method) === method &&
        (typeof rule.path === "string" ? path.includes(rule.path) : rule.path.test(path));
      if (!fits) continue;
      count.fits++;
      if (fault || rule.nth !== undefined && rule.nth !== count.fits) continue;
      count.used++;
      fault = rule.fault;
    }
    return fault;
  }

  async function broken(
    fault: Exclude<Fault, { kind: "close" }>,
    request: Request,
  ): Promise<Response> {
    switch (fault.kind) {
      case "answer": {
        await request.body?.cancel();
        const { status, headers = {}, body = null } = fault;
        const content = typeof body === "function" ? body() : body;
        return new Response(request.method === "HEAD" ? null : content, { status, headers });
      }
      case "stall":
        await new Promise<void>((resolve) => {
          request.signal.addEventListener("abort", () => resolve());
          end.signal.addEventListener("abort", () => resolve());
        });
        return new Response(null, { status: 500 });
      case "truncate":
        return cut(await forward(request), fault.after);
      case "corrupt":
        return changed(await forward(request), (bytes, at) => {
          const copy = bytes.slice();
          const i = fault.at - at;
          if (i in copy) copy[i]! ^= 1;
          return copy;
        });
      case "headers": {
        const { body, status, headers } = await forward(request);
        const changed = new Headers(headers);
        for (const [name, value] of Object.entries(fault.headers)) changed.set(name, value);
        return new Response(body, { status, headers: changed });
      }
    }
  }

  async function forward(request: Request): Promise<Response> {
    const { pathname, search, host } = new URL(request.url);
    const headers = new Headers(request.headers);
    headers.set("x-forwarded-host", host); // so that its Locations lead here
    headers.delete("host");
    const response = await fetch(new URL(`${pathname}${search}`, upstream), {
      method: request.method,
      headers,
      body: request.body,
      redirect: "manual",
      client,
    });
    const { status } = response;
    return new Response(response.body, { status, headers: response.headers });
  }

  const server = Deno.serve(
    {
      hostname: "127.0.0.1",
      port: 0,
      signal: end.signal,
      onListen() {},
      onError: () => new Response(null, { status: 502 }),
    },
    answer,
  );
  const door = openDoor(server.addr.port);
  const host = `127.0.0.1:${door.port}`;
  return {
    host,
    url: new URL(`http://${host}/`),
    requests,
    headers,
    assertSpent() {
      const spare = counted.filter(({ used }) => used === 0);
      if (spare.length === 0) return;
      const names = spare.map(({ rule: { method = "any", path } }) => `${method} ${path}`);
      throw new AssertionError(`nothing came that had to break: ${names.join(", ")}`);
    },
    async [Symbol.asyncDispose]() {
      end.abort();
      door.close();
      await server.finished;
      client.close();
    },
  };
}

/** The way in, one connection behind the other: a server cannot hang up on whom it serves. */
interface Door {
  port: number;
  /** Ends the client's connection that arrives at the server from this port. */
  hangUp(port: number): void;
  close(): void;
}

function openDoor(to: number): Door {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const clients = new Map<number, Deno.TcpConn>();
  const pass = async (client: Deno.TcpConn) => {
    const server = await Deno.connect({ hostname: "127.0.0.1", port: to });
    const { port } = server.localAddr as Deno.NetAddr;
    clients.set(port, client);
    // A side that hangs up ends its stream with an error, or has closed both already.
    const one = client.readable.pipeTo(server.writable).catch(() => {});
    const other = server.readable.pipeTo(client.writable).catch(() => {});
    await Promise.all([one, other]);
    clients.delete(port);
  };
  (async () => {
    for await (const client of listener) pass(client).catch(() => hangUp(client));
  })();
  return {
    port: (listener.addr as Deno.NetAddr).port,
    hangUp(port) {
      hangUp(clients.get(port));
    },
    close() {
      listener.close();
      for (const client of clients.values()) hangUp(client);
    },
  };
}

function hangUp(client?: Deno.TcpConn): void {
  try {
    client?.close();
  } catch {
    // its streams have ended and closed it
  }
}

function withoutSecrets(headers: Headers): Headers {
  const kept = new Headers(headers);
  const scheme = kept.get("authorization")?.split(" ")[0];
  if (scheme) kept.set("authorization", scheme);
  return kept;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** The same answer with another body. */
function changed(response: Response, change: (bytes: Bytes, at: number) => Bytes): Response {
  let at = 0;
  const body = response.body?.pipeThrough(
    new TransformStream<Bytes, Bytes>({
      transform(bytes, controller) {
        controller.enqueue(change(bytes, at));
        at += bytes.length;
      },
    }),
  );
  const { status, headers } = response;
  return new Response(body ?? null, { status, headers });
}

/** The same answer, whose connection breaks after so many bytes. */
function cut({ body, status, headers }: Response, after: number): Response {
  const reader = body!.getReader();
  let left = after;
  const rest = new ReadableStream<Bytes>({
    async pull(controller) {
      const { value } = await reader.read();
      const bytes = value?.subarray(0, left) ?? new Uint8Array();
      left -= bytes.length;
      if (bytes.length > 0) controller.enqueue(bytes);
      if (left > 0 && value) return;
      await reader.cancel();
      controller.error(new TypeError("cut"));
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(rest, { status, headers });
}
