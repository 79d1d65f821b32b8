import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import type { Digest } from "../../lib/oci/digest.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import {
  deleteUpload,
  getUpload,
  patchUpload,
  postUpload,
  putUpload,
  type Upload,
} from "../../lib/registry/uploads.ts";
import { type Answer, scriptedRepository, type Step } from "../support/scripted.ts";

const digest = `sha256:${"a".repeat(64)}` as Digest;
const uploads = "https://registry.test/v2/team/app/blobs/uploads/";
const POST = "POST /v2/team/app/blobs/uploads/";
const MOUNT = `${POST}?mount=sha256%3A${"a".repeat(64)}&from=team%2Fbase`;
const open = { status: 202, headers: { location: "/u/1" } };
const at = (location: string, chunkMinLength = 0): Upload => ({
  location: new URL(location),
  chunkMinLength,
});

const locations: [location: string, resolved: string][] = [
  ["/v2/team/app/blobs/uploads/1", `${uploads}1`],
  [`${uploads}1?state=a%2Fb`, `${uploads}1?state=a%2Fb`],
  ["https://registry.test:443/u/1", "https://registry.test/u/1"],
  ["http://registry.test/u/1", "https://registry.test/u/1"],
  ["https://store.test/u?sig=1", "https://store.test/u?sig=1"],
];

for (const [location, resolved] of locations) {
  Deno.test(`postUpload() reads the Location ${location}`, async () => {
    const { server, repository } = scriptedRepository([
      [POST, { status: 202, headers: { location, "oci-chunk-min-length": "7" } }],
    ]);
    const opened = await postUpload(repository);
    assertEquals(opened, { kind: "open", upload: at(resolved, 7) });
    assertEquals(server.requests[0]!.headers.get("content-length"), "0");
    server.assertSpent();
  });
}

const mounts: { does: string; script: Step[]; kind: string }[] = [
  { does: "mounts", script: [[MOUNT, { status: 201 }]], kind: "mounted" },
  { does: "uploads where it was not mounted", script: [[MOUNT, open]], kind: "open" },
  ...[400, 401, 403, 404, 405].map((status) => ({
    does: `asks plainly where a mount gives ${status}`,
    script: [[MOUNT, { status }], [POST, open]] as Step[],
    kind: "open",
  })),
];

for (const { does, script, kind } of mounts) {
  Deno.test(`postUpload() ${does}`, async () => {
    const { server, repository } = scriptedRepository(script);
    const opened = await postUpload(repository, { mount: digest, from: "team/base" });
    assertEquals(opened.kind, kind);
    server.assertSpent();
  });
}

const closed: { does: string; script: Step[]; code: string; terminal: boolean }[] = [
  {
    does: "a mount during trouble",
    script: [[MOUNT, { status: 503 }]],
    code: "UNAVAILABLE",
    terminal: false,
  },
  {
    does: "a refusal of both",
    script: [[MOUNT, { status: 403 }], [POST, { status: 403 }]],
    code: "DENIED",
    terminal: true,
  },
  {
    does: "an address that is missing",
    script: [[MOUNT, { status: 202 }]],
    code: "REGISTRY_BROKEN",
    terminal: true,
  },
  ...["http://store.test/u", "file:///tmp/u", "https://["].map((location) => ({
    does: `the address ${location}`,
    script: [[MOUNT, { status: 202, headers: { location } }]] as Step[],
    code: "REGISTRY_BROKEN",
    terminal: true,
  })),
  {
    does: "a web page",
    script: [[MOUNT, { status: 200 }], [POST, { status: 200 }]],
    code: "REGISTRY_BROKEN",
    terminal: true,
  },
];

for (const { does, script, code, terminal } of closed) {
  Deno.test(`postUpload() does not go on after ${does}`, async () => {
    const { server, repository } = scriptedRepository(script);
    const error = await assertRejects(
      () => postUpload(repository, { mount: digest, from: "team/base" }),
      OciPushError,
    );
    assertEquals([error.code, error.terminal], [code, terminal]);
    server.assertSpent();
  });
}

Deno.test("putUpload() keeps the address's query and says how long the body is", async () => {
  const { server, repository } = scriptedRepository([[/^PUT/, { status: 201 }]]);
  const upload = at("https://store.test/u?sig=a%2bb%20~c&x=");
  const result = await putUpload(repository, upload, { digest, body: "hello", size: 5 });
  assertEquals(result, { kind: "done" });
  const [{ url, headers, body }] = server.requests as [(typeof server.requests)[0]];
  assertEquals(url.origin + url.pathname, "https://store.test/u");
  assertEquals(url.search, `?sig=a%2bb%20~c&x=&digest=sha256%3A${"a".repeat(64)}`);
  assertEquals([headers.get("content-length"), body], ["5", "hello"]);
  assertEquals(headers.get("content-type"), "application/octet-stream");
  assertEquals(upload.location.searchParams.has("digest"), false);
});

const lost: Answer[] = [
  { status: 502 },
  { status: 504 },
  { status: 404, body: '{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}' },
];
for (const answer of lost) {
  const { status } = answer as { status: number };
  Deno.test(`putUpload() looks whether a blob was kept whose answer was lost (${status})`, async () => {
    for (const [found, code] of [[200, undefined], [404, "UNAVAILABLE"], [403, "UNAVAILABLE"]]) {
      const { server, repository } = scriptedRepository([
        [/^PUT/, answer],
        [`HEAD /v2/team/app/blobs/${digest}`, { status: found as number }],
      ]);
      const put = putUpload(repository, at(`${uploads}1`), { digest, size: 0 });
      if (code === undefined) assertEquals(await put, { kind: "done" });
      else assertEquals((await assertRejects(() => put, OciPushError)).code, code);
      server.assertSpent();
    }
  });
}

Deno.test("putUpload() does not name the digest twice after it was sent on", async () => {
  const { server, repository } = scriptedRepository([
    ["PUT https://store.test/u?digest=x", { status: 201 }],
  ]);
  await putUpload(repository, at("https://store.test/u?digest=x"), { digest, size: 0 });
  server.assertSpent();
});

const sha512 = `sha512:${"b".repeat(128)}`;
const puts: { does: string; answer: Answer; result: unknown }[] = [
  {
    does: "is done with a 201 and the digest",
    answer: { status: 201, headers: { "docker-content-digest": digest } },
    result: { kind: "done" },
  },
  {
    does: "cannot compare a digest of another algorithm",
    answer: { status: 201, headers: { "docker-content-digest": sha512 } },
    result: { kind: "done" },
  },
  { does: "takes a 204", answer: { status: 204 }, result: { kind: "done" } },
  ...[307, 308].map((status) => ({
    does: `reports where a ${status} leads`,
    answer: { status, headers: { location: "/elsewhere?x=1" } },
    result: { kind: "redirected", location: new URL("https://registry.test/elsewhere?x=1") },
  })),
];

for (const { does, answer, result } of puts) {
  Deno.test(`putUpload() ${does}`, async () => {
    const { server, repository } = scriptedRepository([[/^PUT/, answer]]);
    const got = await putUpload(repository, at(`${uploads}1`), { digest, size: 0 });
    assertEquals(got, result as typeof got);
    server.assertSpent();
  });
}

const refused: { does: string; answer: Answer; code: string; terminal: boolean }[] = [
  {
    does: "another digest",
    answer: { status: 201, headers: { "docker-content-digest": `sha256:${"b".repeat(64)}` } },
    code: "DIGEST_MISMATCH",
    terminal: false,
  },
  {
    does: "DIGEST_INVALID",
    answer: { status: 400, body: '{"errors":[{"code":"DIGEST_INVALID"}]}' },
    code: "DIGEST_MISMATCH",
    terminal: false,
  },
  { does: "413", answer: { status: 413 }, code: "TOO_LARGE", terminal: true },
  { does: "507", answer: { status: 507 }, code: "QUOTA", terminal: true },
  {
    does: "a way into the file system",
    answer: { status: 307, headers: { location: "file:///tmp/u" } },
    code: "REGISTRY_BROKEN",
    terminal: true,
  },
  { does: "a 307 to nowhere", answer: { status: 307 }, code: "REGISTRY_BROKEN", terminal: true },
  { does: "a web page", answer: { status: 200 }, code: "REGISTRY_BROKEN", terminal: true },
];

for (const { does, answer, code, terminal } of refused) {
  Deno.test(`putUpload() does not take ${does} for success`, async () => {
    const { server, repository } = scriptedRepository([[/^PUT/, answer]]);
    const error = await assertRejects(
      () => putUpload(repository, at(`${uploads}1`), { digest, size: 0 }),
      OciPushError,
    );
    assertEquals([error.code, error.terminal, error.details.digest ?? digest], [
      code,
      terminal,
      digest,
    ]);
    server.assertSpent();
  });
}

Deno.test("putUpload() does not blame the destination for a source that was cut", async () => {
  const cut = new TypeError("fetch failed", {
    cause: new Error("error reading a body from connection"),
  });
  const { repository } = scriptedRepository([[/^PUT/, cut]], { side: "destination" });
  const error = await assertRejects(
    () => putUpload(repository, at(`${uploads}1`), { digest, body: new ReadableStream(), size: 5 }),
    OciPushError,
    "cannot send content to registry.test (destination): " +
      "the connection that it is read from was cut",
  );
  assertEquals([error.code, error.details.side, error.terminal], ["UNREACHABLE", "source", false]);
});

const chunks: { answer: Record<string, string>; location: string; end: number | undefined }[] = [
  { answer: { location: "/u/2", range: "0-9" }, location: "https://registry.test/u/2", end: 9 },
  { answer: { range: "bytes=0-4" }, location: `${uploads}1?s=1`, end: 4 },
  { answer: { location: "2?s=2" }, location: `${uploads}2?s=2`, end: undefined },
];

for (const { answer, location, end } of chunks) {
  Deno.test(`patchUpload() goes on at ${location}`, async () => {
    const { server, repository } = scriptedRepository([
      [`PATCH ${uploads}1?s=1`, { status: 202, headers: answer }],
    ]);
    const got = await patchUpload(repository, at(`${uploads}1?s=1`, 3), {
      body: "hello",
      start: 5,
      size: 5,
    });
    assertEquals(got, { upload: at(location, 3), end });
    const { headers } = server.requests[0]!;
    assertEquals([headers.get("content-range"), headers.get("content-length")], ["5-9", "5"]);
    server.assertSpent();
  });
}

const states: { answer: Answer; received: number | undefined }[] = [
  { answer: { status: 204, headers: { range: "0-99" } }, received: 100 },
  { answer: { status: 200, headers: { range: "0-99" } }, received: 100 },
  { answer: { status: 204, headers: { range: "0-0" } }, received: 0 },
  { answer: { status: 204 }, received: 0 },
  { answer: { status: 404 }, received: undefined },
];

for (const { answer, received } of states) {
  Deno.test(`getUpload() reads ${JSON.stringify(answer)} as ${received}`, async () => {
    const { server, repository } = scriptedRepository([[`GET ${uploads}1`, answer]]);
    assertEquals((await getUpload(repository, at(`${uploads}1`)))?.received, received);
    server.assertSpent();
  });
}

for (const status of [200, 202, 204, 400, 404, 405]) {
  Deno.test(`deleteUpload() is content with ${status}`, async () => {
    const { server, repository } = scriptedRepository([[`DELETE ${uploads}1`, { status }]]);
    await deleteUpload(repository, at(`${uploads}1`));
    server.assertSpent();
  });
}
