/**
 * What only a socket shows: lengths, paths, TLS.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "../../lib/std/assert.ts";
import type { Digest } from "../../lib/oci/digest.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { getBlob } from "../../lib/registry/blobs.ts";
import { connect, type RegistrySettings } from "../../lib/registry/connect.ts";
import { listTags } from "../../lib/registry/tags.ts";
import { postUpload, putUpload } from "../../lib/registry/uploads.ts";
import { type CertificatePair, createCertificates } from "../support/certificates.ts";

const digest = `sha256:${"a".repeat(64)}` as Digest;

interface Served extends AsyncDisposable {
  host: string;
  /** `METHOD path`, with the lengths that came. */
  requests: string[];
}

/** A server on loopback; with a pair it speaks TLS. */
function serve(
  answer: (request: Request) => Response | Promise<Response>,
  pair?: CertificatePair,
): Served {
  const requests: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {}, ...pair },
    (request) => {
      const { pathname, search } = new URL(request.url);
      const { headers, method } = request;
      const framing = headers.get("transfer-encoding") ?? headers.get("content-length") ?? "-";
      requests.push(`${method} ${pathname}${search} ${framing}`);
      return answer(request);
    },
  );
  return {
    host: `127.0.0.1:${server.addr.port}`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** `size` bytes that are made while they are read, and how many there are so far. */
function flow(size: number): { body: ReadableStream<Uint8Array<ArrayBuffer>>; made(): number } {
  let made = 0;
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (made === size) return controller.close();
      const piece = new Uint8Array(Math.min(65_536, size - made));
      made += piece.length;
      controller.enqueue(piece);
    },
  }, { highWaterMark: 0 });
  return { body, made: () => made };
}

interface BlobServer extends Served {
  /** Bytes sent and received so far. */
  count: { sent(): number; received: number };
}

/** A registry with one blob, which takes any upload; `onPiece` is waited for. */
function blobServer(
  size: number,
  options: { pair?: CertificatePair; onPiece?: () => Promise<void> } = {},
): BlobServer {
  const { pair, onPiece } = options;
  const { body, made } = flow(size);
  const count = { sent: made, received: 0 };
  const served = serve(async (request) => {
    if (request.method === "GET") {
      return new Response(body, { headers: { "content-length": String(size) } });
    }
    for await (const piece of request.body ?? []) {
      count.received += piece.length;
      await onPiece?.();
    }
    return request.method === "POST"
      ? new Response(null, { status: 202, headers: { location: "/u/1?s=1" } })
      : new Response(null, { status: 201 });
  }, pair);
  return { ...served, count };
}

async function relay(source: RegistrySettings, destination: RegistrySettings, size: number) {
  using from = connect(source);
  using to = connect(destination);
  const repository = to.repository("app");
  const opened = await postUpload(repository);
  assert(opened.kind === "open");
  const { body } = await getBlob(from.repository("app"), digest);
  await putUpload(repository, opened.upload, { digest, body, size });
}

Deno.test("a relayed body keeps its length, and goes to where the registry said", async () => {
  const size = 1_000_003;
  await using source = blobServer(size);
  await using destination = blobServer(size);
  await relay({ registry: source.host }, { registry: destination.host }, size);
  assertEquals(destination.requests, [
    "POST /v2/app/blobs/uploads/ 0",
    `PUT /u/1?s=1&digest=sha256%3A${"a".repeat(64)} ${size}`,
  ]);
  assertEquals(destination.count.received, size);
});

for (const path of ["/mirror", "/mirror/"]) {
  Deno.test(`an endpoint may have a path: ${path}`, async () => {
    await using server = serve((request) =>
      request.url.includes("last")
        ? Response.json({ tags: ["b"] })
        : Response.json({ tags: ["a"] }, { headers: { link: "<list?last=a>; rel=next" } })
    );
    using connection = connect({
      registry: "registry.test",
      endpoint: `http://${server.host}${path}`,
    });
    assertEquals(await Array.fromAsync(listTags(connection.repository("app"))), ["a", "b"]);
    assertEquals(server.requests, [
      "GET /mirror/v2/app/tags/list?n=1000 -",
      "GET /mirror/v2/app/tags/list?last=a -",
    ]);
  });
}

Deno.test("headers of every request name the program and refuse to be packed", async () => {
  const seen: (string | null)[] = [];
  await using server = serve(({ headers }) => {
    seen.push(headers.get("accept-encoding"), headers.get("user-agent"));
    return Response.json({ tags: [] });
  });
  using connection = connect({ registry: server.host });
  await Array.fromAsync(listTags(connection.repository("app")));
  assertEquals(seen[0], "identity");
  assertStringIncludes(seen[1]!, "oci-push/");
});

Deno.test("what is wrong with a certificate is said, and what helps", async (t) => {
  await using certificates = await createCertificates();
  const trust = { caCerts: [certificates.ca] };
  const cases: {
    does: string;
    pair?: CertificatePair;
    settings?: Partial<RegistrySettings>;
    says?: string;
    hint?: string;
  }[] = [
    {
      does: "an authority that nobody knows",
      pair: await certificates.issue(),
      says: "its certificate is signed by nobody that this machine trusts",
      hint: "--ca-file FILE",
    },
    {
      does: "signed by itself",
      pair: await certificates.issue({ selfSigned: true }),
      settings: trust,
      says: "its certificate is signed by nobody that this machine trusts",
      hint: "--ca-file FILE",
    },
    {
      does: "expired",
      pair: await certificates.issue({ from: -5 }),
      settings: trust,
      says: "its certificate has expired",
      hint: "--ca-file FILE",
    },
    {
      does: "not valid yet",
      pair: await certificates.issue({ from: 2 }),
      settings: trust,
      says: "its certificate is not valid yet",
      hint: "--ca-file FILE",
    },
    {
      does: "another name",
      pair: await certificates.issue({ names: "DNS:other.test" }),
      settings: trust,
      says: "its certificate is for another name",
      hint: "--ca-file FILE",
    },
    {
      does: "no TLS at all",
      says: "it speaks plain http on this port",
      hint: "--endpoint registry.test=http://",
    },
    { does: "the given authority", pair: await certificates.issue(), settings: trust },
    {
      does: "no checks: an authority that nobody knows",
      pair: await certificates.issue(),
      settings: { insecureSkipTLSVerify: true },
    },
    {
      does: "no checks: expired, another name, signed by itself",
      pair: await certificates.issue({ from: -5, names: "DNS:other.test", selfSigned: true }),
      settings: { insecureSkipTLSVerify: true },
    },
    {
      does: "no checks, no TLS",
      settings: { insecureSkipTLSVerify: true },
      says: "it speaks plain http on this port",
      hint: "--endpoint registry.test=http://",
    },
  ];
  for (const { does, pair, settings, says, hint = "" } of cases) {
    await t.step(does, async () => {
      await using server = serve(() => Response.json({ tags: ["v1"] }), pair);
      using connection = connect({
        registry: "registry.test",
        side: "source",
        endpoint: `https://${server.host}`,
        ...settings,
      }, { wait: () => Promise.reject(new Error("nothing here is worth another try")) });
      const tags = () => Array.fromAsync(listTags(connection.repository("app")));
      if (!says) return assertEquals(await tags(), ["v1"]);
      const error = await assertRejects(tags, OciPushError);
      assertEquals([error.code, error.terminal, error.details.attempts], ["TLS", true, 1]);
      assertEquals(
        error.message,
        `cannot list tags of registry.test/app (source): ${says}`,
      );
      assertEquals(error.hint!.slice(0, hint.length), hint);
    });
  }
});

for (
  const settings of [
    { clientCert: { cert: "nonsense", key: "nonsense" } },
    { caCerts: ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] },
  ]
) {
  const [what] = Object.keys(settings);
  Deno.test(`${what} that cannot be read are said to be, at once`, async () => {
    const wait = () => Promise.reject(new Error("nothing here is worth another try"));
    using connection = connect({ registry: "registry.test", ...settings }, { wait });
    const error = await assertRejects(
      () => Array.fromAsync(listTags(connection.repository("app"))),
      OciPushError,
      "cannot use the certificates that were given: ",
    );
    assertEquals([error.code, error.terminal], ["TLS", true]);
  });
}

Deno.test("a client certificate opens what is closed without", async (t) => {
  await using certificates = await createCertificates();
  const clientCert = await certificates.issue({ names: "DNS:client" });
  await using server = await serveMutualTls(certificates);
  const base = {
    registry: "registry.test",
    endpoint: `https://${server.host}`,
    caCerts: [certificates.ca],
  };
  for (const insecureSkipTLSVerify of [false, true]) {
    await t.step(`with it, checks ${insecureSkipTLSVerify ? "off" : "on"}`, async () => {
      using connection = connect({ ...base, clientCert, insecureSkipTLSVerify });
      assertEquals(await Array.fromAsync(listTags(connection.repository("app"))), ["v1"]);
    });
  }
  await t.step("without it", async () => {
    using connection = connect(base, { wait: () => Promise.resolve() });
    const error = await assertRejects(
      () => Array.fromAsync(listTags(connection.repository("app"))),
      OciPushError,
    );
    assertEquals([error.code, error.message], [
      "TLS",
      "cannot list tags of registry.test/app: it wants a client certificate",
    ]);
  });
});

Deno.test("without checks of certificates a body keeps its length, and waits to be received", async () => {
  await using certificates = await createCertificates();
  const pair = await certificates.issue({ selfSigned: true });
  const size = 64 * 1024 * 1024;
  let ahead = 0;
  await using source = blobServer(size);
  await using destination = blobServer(size, {
    pair,
    async onPiece() {
      ahead = Math.max(ahead, source.count.sent() - destination.count.received);
      const early = destination.count.received < size / 16;
      if (early) await new Promise((resolve) => setTimeout(resolve, 0)); // slower than the source
    },
  });
  const settings = (protocol: string, { host }: Served): RegistrySettings => ({
    registry: host,
    endpoint: `${protocol}://${host}`,
    insecureSkipTLSVerify: true,
  });
  await relay(settings("http", source), settings("https", destination), size);
  assertEquals(destination.count.received, size);
  assertStringIncludes(destination.requests[1]!, ` ${size}`);
  assertLess(ahead, size / 4);
});

/** A server that wants a certificate: Deno's own has no word for that, node's has. */
async function serveMutualTls(
  certificates: Awaited<ReturnType<typeof createCertificates>>,
): Promise<{ host: string } & AsyncDisposable> {
  const { createServer } = await import("node:https");
  const { server: { certificate, key }, ca } = certificates;
  const server = createServer({
    cert: await Deno.readTextFile(certificate),
    key: await Deno.readTextFile(key),
    ca,
    requestCert: true,
    rejectUnauthorized: true,
  }, (_, response) => response.end('{"tags":["v1"]}'));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as { port: number };
  return {
    host: `127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
