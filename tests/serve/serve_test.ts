/**
 * What only a socket shows: lengths, ports, certificates, and the end of a server.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { digestOf } from "../../lib/oci/digest.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { type ServeOptions, serveRegistry } from "../../lib/serve/serve.ts";
import { succeed, withTools } from "../support/tools.ts";
import { type Ask, bytesOf, pushBlob } from "./registry.ts";

function askAt(url: URL): Ask {
  return (method, path, options = {}) => fetch(new URL(path, url), { method, ...options });
}

/** One request as it is, and the answer's head and body as they are. */
async function raw(port: number, request: string): Promise<{ head: string; body: string }> {
  using connection = await Deno.connect({ port, hostname: "127.0.0.1" });
  const lines = [request, "Host: registry.test", "Connection: close", "", ""].join("\r\n");
  const writer = connection.writable.getWriter();
  await writer.write(bytesOf(lines));
  writer.releaseLock();
  const answer = await new Response(connection.readable).text();
  const [head = "", ...body] = answer.split("\r\n\r\n");
  return { head: head.toLowerCase(), body: body.join("\r\n\r\n") };
}

const digest = await digestOf(bytesOf("0123456789"));

const lengths: { does: string; request: string; status: number; length: number; body: string }[] = [
  { does: "a blob", request: "GET", status: 200, length: 10, body: "0123456789" },
  { does: "a blob's head", request: "HEAD", status: 200, length: 10, body: "" },
  { does: "a part", request: "GET 2-4", status: 206, length: 3, body: "234" },
  { does: "the end", request: "GET 7-", status: 206, length: 3, body: "789" },
  { does: "a part's head", request: "HEAD 2-4", status: 206, length: 3, body: "" },
];

for (const kept of ["in memory", "in a folder"]) {
  for (const { does, request, status, length, body } of lengths) {
    Deno.test(`${does} kept ${kept} goes out with its length, not in chunks`, async () => {
      const dir = await Deno.makeTempDir();
      try {
        await using registry = await serveRegistry(kept === "in a folder" ? { dir } : {});
        await pushBlob(askAt(registry.url), "app", "0123456789");
        const [method = "", range] = request.split(" ");
        const line = `${method} /v2/app/blobs/${digest} HTTP/1.1`;
        const answer = await raw(
          Number(registry.url.port),
          range === undefined ? line : `${line}\r\nRange: bytes=${range}`,
        );
        assertStringIncludes(answer.head, `http/1.1 ${status} `);
        assertStringIncludes(answer.head, `\r\ncontent-length: ${length}\r\n`);
        assert(!answer.head.includes("transfer-encoding"), answer.head);
        assertEquals(answer.body, body);
      } finally {
        await Deno.remove(dir, { recursive: true });
      }
    });
  }
}

Deno.test("a registry says where it is", async () => {
  await using registry = await serveRegistry({ hostname: "localhost" });
  const { url, host } = registry;
  assertEquals(url.href, `http://${host}/`);
  assertEquals(host, `localhost:${url.port}`);
  assertEquals((await askAt(url)("HEAD", "/v2/")).status, 200);
});

async function assertIsFree(port: number): Promise<void> {
  const { finished, stop } = await serveRegistry({ port });
  await stop();
  await finished;
}

Deno.test("a registry that is stopped gives its port back, however often it is stopped", async () => {
  const registry = await serveRegistry();
  await Promise.all([registry.stop(), registry.stop()]);
  await registry.stop();
  await registry.finished;
  await assertIsFree(Number(registry.url.port));
});

Deno.test("a registry ends with its signal", async () => {
  const controller = new AbortController();
  const registry = await serveRegistry({ signal: controller.signal });
  controller.abort();
  await registry.finished;
  await assertIsFree(Number(registry.url.port));
});

Deno.test("a registry does not begin after its signal", async () => {
  const reason = new Error("not now");
  const thrown = await serveRegistry({ signal: AbortSignal.abort(reason) }).catch((e) => e);
  assertEquals(thrown, reason);
});

/** An upload of nine bytes of which five have arrived. */
async function openUpload(url: URL): Promise<Deno.TcpConn> {
  const ask = askAt(url);
  const opened = await ask("POST", "/v2/app/blobs/uploads/");
  await opened.body?.cancel();
  const location = opened.headers.get("location")!;
  const connection = await Deno.connect({ port: Number(url.port), hostname: "127.0.0.1" });
  const head = `PATCH ${location} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n`;
  await connection.write(bytesOf(`${head}hello`));
  while ((await ask("HEAD", location)).headers.get("range") !== "0-4");
  return connection;
}

Deno.test("a registry that is stopped answers what is under way first", async () => {
  const registry = await serveRegistry();
  const connection = await openUpload(registry.url);
  const stopped = registry.stop();
  await connection.write(bytesOf("worl"));
  const answer = await new Response(connection.readable).text();
  assertStringIncludes(answer, "HTTP/1.1 202 Accepted");
  await stopped;
});

Deno.test("a registry stops although a client is silent in the middle of a body", async () => {
  const registry = await serveRegistry();
  using connection = await openUpload(registry.url);
  await registry.stop();
  await registry.finished;
  assertEquals(await connection.read(new Uint8Array(1)), null);
  await assertIsFree(Number(registry.url.port));
});

Deno.test("a registry stops although a client that was refused goes on sending", async () => {
  const registry = await serveRegistry();
  using connection = await Deno.connect({
    port: Number(registry.url.port),
    hostname: "127.0.0.1",
  });
  const head = "PUT /v2/app/manifests/-v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n";
  await connection.write(bytesOf(`${head}hello`));
  const read = await connection.read(new Uint8Array(12));
  assertEquals(read, 12);
  await registry.stop();
  await registry.finished;
  await assertIsFree(Number(registry.url.port));
});

const refusals: { does: string; options: ServeOptions; code: string; says: string }[] = [
  {
    does: "a certificate that is none",
    options: { tls: { cert: "cert", key: "key" } },
    code: "INVALID_ARGUMENT",
    says: "certificate",
  },
  {
    does: "an address of another machine",
    options: { hostname: "192.0.2.1" },
    code: "UNREACHABLE",
    says: "192.0.2.1:0",
  },
];

for (const { does, options, code, says } of refusals) {
  Deno.test(`a registry is not served with ${does}`, async () => {
    const error = await assertRejects(() => serveRegistry(options), OciPushError, says);
    assertEquals([error.code, error.terminal], [code, true]);
    assert(error.hint);
  });
}

Deno.test("a port that is taken is said to be, with advice", async () => {
  await using registry = await serveRegistry();
  const port = Number(registry.url.port);
  const error = await assertRejects(() => serveRegistry({ port }), OciPushError);
  assertEquals([error.code, error.message, error.hint], [
    "UNREACHABLE",
    `cannot serve a registry on 127.0.0.1:${port}: something else listens there`,
    "choose another port, or 0 for any that is free",
  ]);
});

const permissions: { lacks: string; flags: string[]; hint: string }[] = [
  {
    lacks: "the network",
    flags: ["--allow-read", "--allow-write"],
    hint: "--allow-net=127.0.0.1:0",
  },
  { lacks: "its folder", flags: ["--allow-net"], hint: "--allow-write=some/folder" },
];

for (const { lacks, flags, hint } of permissions) {
  Deno.test(`a registry that lacks the permission for ${lacks} names the flag`, async () => {
    const program = `
      import { serveRegistry } from ${
      JSON.stringify(import.meta.resolve("../../lib/serve/serve.ts"))
    };
      try {
        await (await serveRegistry({ dir: "some/folder" })).stop();
      } catch (error) {
        console.log(JSON.stringify(error));
      }`;
    const cwd = await Deno.makeTempDir();
    await Deno.writeTextFile(`${cwd}/program.ts`, program);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--quiet", ...flags, "program.ts"],
      cwd,
    }).output();
    await Deno.remove(cwd, { recursive: true });
    const error = JSON.parse(new TextDecoder().decode(stdout));
    assertEquals(error.code, "PERMISSION");
    assertStringIncludes(error.hint, hint);
  });
}

withTools(["openssl"], "a registry with a certificate speaks https", async () => {
  const dir = await Deno.makeTempDir();
  try {
    const { ca, ...tls } = await makeCertificate(dir);
    await using registry = await serveRegistry({ tls, dir: `${dir}/registry` });
    using client = Deno.createHttpClient({ caCerts: [ca] });
    assertEquals(registry.url.href, `https://${registry.host}/`);
    const ask: Ask = (method, path, options = {}) =>
      fetch(new URL(path, registry.url), { method, client, ...options });
    await pushBlob(ask, "app", "0123456789");
    for (const [range, body] of [["bytes=0-", "0123456789"], ["bytes=2-4", "234"]] as const) {
      const response = await ask("GET", `/v2/app/blobs/${digest}`, { headers: { range } });
      assertEquals(response.headers.get("content-length"), String(body.length));
      assertEquals(await response.text(), body);
    }
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

/** One that signs and one that is signed: Deno refuses a certificate that does both. */
async function makeCertificate(dir: string): Promise<{ ca: string; cert: string; key: string }> {
  const openssl = (...args: string[]) => succeed("openssl", args, { cwd: dir });
  const fresh = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const signer = ["-addext", "basicConstraints=critical,CA:TRUE", "-subj", "/CN=ca"];
  await openssl("req", "-x509", ...fresh, ...signer, "-keyout", "ca.key", "-out", "ca.pem");
  await openssl("req", ...fresh, "-subj", "/CN=leaf", "-keyout", "leaf.key", "-out", "leaf.csr");
  await Deno.writeTextFile(`${dir}/leaf.ext`, "subjectAltName=IP:127.0.0.1");
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-extfile", "leaf.ext"];
  await openssl("x509", "-req", "-in", "leaf.csr", ...signing, "-out", "leaf.pem");
  const [ca, cert, key] = await Promise.all(
    ["ca.pem", "leaf.pem", "leaf.key"].map((name) => Deno.readTextFile(`${dir}/${name}`)),
  ) as [string, string, string];
  return { ca, cert, key };
}
