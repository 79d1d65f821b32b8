import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { MANIFEST_ACCEPT } from "../../lib/oci/media_type.ts";
import { getManifest, headManifest, putManifest } from "../../lib/registry/manifests.ts";
import { digestOf } from "../support/images.ts";
import { type Answer, scriptedRepository, type Step } from "../support/scripted.ts";

const type = "application/vnd.oci.image.manifest.v1+json";
const text = '{"schemaVersion":2}';
const bytes = new TextEncoder().encode(text);
const sha256 = await digestOf(bytes);
const sha512 = await digestOf(bytes, "sha512");
const other = await digestOf(new Uint8Array(1));
const ok = (headers: Record<string, string> = {}) => ({
  status: 200,
  headers: { "content-type": `${type}; charset=utf-8`, ...headers },
  body: text,
});
const path = (name: string) => `/v2/team/app/manifests/${name}`;

async function failure(run: () => Promise<unknown>) {
  const { code, message, details } = await assertRejects(run, OciPushError);
  return { code, message, details };
}

for (
  const { name, headers, digest } of [
    { name: "v1", headers: { "docker-content-digest": sha256 }, digest: sha256 },
    { name: "v1", headers: {}, digest: sha256 },
    { name: "v1", headers: { "docker-content-digest": "nonsense" }, digest: sha256 },
    { name: "v1", headers: { "docker-content-digest": sha512 }, digest: sha256 },
    { name: sha256, headers: {}, digest: sha256 },
    { name: sha512, headers: { "docker-content-digest": sha256 }, digest: sha512 },
  ] as { name: string; headers: Record<string, string>; digest: string }[]
) {
  const header = headers["docker-content-digest"]?.slice(0, 12) ?? "no digest";
  Deno.test(`getManifest() takes ${name.slice(0, 12)} answered with ${header}`, async () => {
    const { server, repository } = scriptedRepository([[`GET ${path(name)}`, ok(headers)]]);
    const manifest = await getManifest(repository, name);
    assertEquals(manifest, { bytes, mediaType: type, digest } as typeof manifest);
    assertEquals(server.requests[0]!.headers.get("accept"), MANIFEST_ACCEPT);
    server.assertSpent();
  });
}

const endless = () =>
  new Response(
    new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20)) }),
  );
const broken = () =>
  new Response(
    new ReadableStream({ pull: (controller) => controller.error(new TypeError("reset")) }),
  );
const bad: {
  does: string;
  name: string;
  answer: Answer;
  /** What a second request gets; there is none unless given. */
  again?: Answer;
  code: string;
  terminal: boolean;
  says: string;
}[] = [
  {
    does: "other bytes than the digest's",
    name: other,
    answer: ok(),
    code: "DIGEST_MISMATCH",
    terminal: true,
    says: "cannot trust manifest",
  },
  {
    does: "other bytes than its header says",
    name: "v1",
    answer: ok({ "docker-content-digest": other }),
    code: "DIGEST_MISMATCH",
    terminal: true,
    says: "cannot trust manifest registry.test/team/app:v1 (source): got ",
  },
  {
    does: "a document without an end",
    name: "v1",
    answer: endless,
    code: "MANIFEST_INVALID",
    terminal: true,
    says: "cannot read registry.test/team/app:v1 (source): it is longer than 4 MiB",
  },
  {
    does: "a document that says it is too long",
    name: "v1",
    answer: ok({ "content-length": "104857600" }),
    code: "MANIFEST_INVALID",
    terminal: true,
    says: "cannot read registry.test/team/app:v1 (source): it is longer than 4 MiB",
  },
  {
    does: "a web page",
    name: "v1",
    answer: { status: 200, headers: { "content-type": "text/html" }, body: "<html>" },
    code: "REGISTRY_BROKEN",
    terminal: true,
    says: "cannot read from registry.test (source): a web page came back",
  },
  {
    does: "a body that breaks twice",
    name: "v1",
    answer: broken,
    again: broken,
    code: "UNREACHABLE",
    terminal: false,
    says: "cannot read registry.test/team/app:v1 (source): the connection broke (reset)",
  },
  {
    does: "a missing tag",
    name: "v1",
    answer: { status: 404 },
    code: "TAG_NOT_FOUND",
    terminal: true,
    says: "cannot read registry.test/team/app:v1 (source): it is not there (404)",
  },
  {
    does: "a missing digest",
    name: other,
    answer: { status: 404 },
    code: "MANIFEST_NOT_FOUND",
    terminal: true,
    says: `cannot read registry.test/team/app@${other} (source): it is not there (404)`,
  },
];

for (const { does, name, answer, again, code, terminal, says } of bad) {
  Deno.test(`getManifest() refuses ${does}`, async () => {
    const script: Step[] = [[/./, answer], ...(again ? [[/./, again] as Step] : [])];
    const { repository, server } = scriptedRepository(script, { side: "source" });
    const error = await failure(() => getManifest(repository, name));
    server.assertSpent();
    assertEquals([error.code, error.details.terminal], [code, terminal]);
    assertEquals(error.message.slice(0, says.length), says);
  });
}

Deno.test("getManifest() asks again where a body breaks once", async () => {
  const { repository, server } = scriptedRepository([[/./, broken], [/./, ok()]]);
  assertEquals((await getManifest(repository, "v1")).digest, sha256);
  server.assertSpent();
});

const HEAD = `HEAD ${path("v1")}`;
const GET = `GET ${path("v1")}`;
const stated = { "docker-content-digest": sha256, "content-type": type };
const heads: { does: string; script: Step[]; head: unknown }[] = [
  {
    does: "believes what HEAD says",
    script: [[HEAD, { status: 200, headers: { ...stated, "content-length": "19" } }]],
    head: { digest: sha256, mediaType: type, size: 19 },
  },
  {
    does: "does without a length",
    script: [[HEAD, { status: 200, headers: stated }]],
    head: { digest: sha256, mediaType: type },
  },
  {
    does: "finds out the digest where HEAD keeps it",
    script: [[HEAD, { status: 200 }], [GET, ok()]],
    head: { digest: sha256, mediaType: type, size: bytes.length },
  },
  ...[405, 501].map((status) => ({
    does: `asks by GET where HEAD gives ${status}`,
    script: [[HEAD, { status }], [GET, ok()]] as Step[],
    head: { digest: sha256, mediaType: type, size: bytes.length },
  })),
  { does: "takes 404 for an answer", script: [[HEAD, { status: 404 }]], head: undefined },
  {
    does: "takes 404 for an answer, by GET too",
    script: [[HEAD, { status: 405 }], [GET, { status: 404 }]],
    head: undefined,
  },
];

for (const { does, script, head } of heads) {
  Deno.test(`headManifest() ${does}`, async () => {
    const { server, repository } = scriptedRepository(script);
    assertEquals(await headManifest(repository, "v1"), head as undefined);
    server.assertSpent();
  });
}

const content = { bytes, mediaType: type };
const PUT = `PUT ${path("v1")}`;
const puts: { does: string; script: Step[]; result: unknown }[] = [
  {
    does: "is done with a 201 and the right digest",
    script: [[PUT, { status: 201, headers: { "docker-content-digest": sha256 } }]],
    result: { digest: sha256 },
  },
  {
    does: "reports that the registry lists referrers itself",
    script: [[PUT, {
      status: 201,
      headers: { "docker-content-digest": sha256, "oci-subject": other },
    }]],
    result: { digest: sha256, subject: other },
  },
  {
    does: "looks where the answer names no digest",
    script: [[PUT, { status: 201 }], [HEAD, { status: 200, headers: stated }]],
    result: { digest: sha256 },
  },
  {
    does: "takes a digest of another algorithm, if it is right",
    script: [[PUT, { status: 201, headers: { "docker-content-digest": sha512 } }]],
    result: { digest: sha512 },
  },
];

for (const { does, script, result } of puts) {
  Deno.test(`putManifest() ${does}`, async () => {
    const { server, repository } = scriptedRepository(script);
    const got = await putManifest(repository, "v1", content);
    assertEquals(got, result as typeof got);
    assertEquals(server.requests[0]!.body, text);
    assertEquals(server.requests[0]!.headers.get("content-type"), type);
    server.assertSpent();
  });
}

const refusedPuts: {
  does: string;
  name?: string;
  script: Step[];
  code: string;
  terminal: boolean;
}[] = [
  { does: "a 200", script: [[PUT, { status: 200 }]], code: "REGISTRY_BROKEN", terminal: true },
  { does: "a 202", script: [[PUT, { status: 202 }]], code: "REGISTRY_BROKEN", terminal: true },
  {
    does: "another digest",
    script: [[PUT, { status: 201, headers: { "docker-content-digest": other } }]],
    code: "DIGEST_MISMATCH",
    terminal: true,
  },
  {
    does: "a 201 for what is not there then",
    script: [[PUT, { status: 201 }], [HEAD, { status: 404 }]],
    code: "REGISTRY_BROKEN",
    terminal: true,
  },
  ...["MANIFEST_BLOB_UNKNOWN", "BLOB_UNKNOWN", "MANIFEST_UNKNOWN"].map((code) => ({
    does: `${code} for content that got lost`,
    script: [[PUT, { status: 404, body: JSON.stringify({ errors: [{ code }] }) }]] as Step[],
    code: "CONTENT_MISSING",
    terminal: false,
  })),
  {
    does: "a sha512 digest that the registry does not know",
    name: sha512,
    script: [[`PUT ${path(sha512)}`, { status: 400 }]],
    code: "UNSUPPORTED",
    terminal: true,
  },
  {
    does: "a sha512 digest in a hurry",
    name: sha512,
    script: [[`PUT ${path(sha512)}`, { status: 429 }]],
    code: "RATE_LIMITED",
    terminal: false,
  },
  {
    does: "a sha512 digest of somebody without the right",
    name: sha512,
    script: [[`PUT ${path(sha512)}`, { status: 403 }]],
    code: "DENIED",
    terminal: true,
  },
  {
    does: "a repository that may not be made",
    script: [[PUT, { status: 404, body: '{"errors":[{"code":"NAME_UNKNOWN"}]}' }]],
    code: "REPOSITORY_NOT_FOUND",
    terminal: true,
  },
];

for (const { does, name = "v1", script, code, terminal } of refusedPuts) {
  Deno.test(`putManifest() does not take ${does} for success`, async () => {
    const { server, repository } = scriptedRepository(script, { side: "destination" });
    const error = await failure(() => putManifest(repository, name, content));
    assertEquals([error.code, error.details.terminal, error.details.side], [
      code,
      terminal,
      "destination",
    ]);
    server.assertSpent();
  });
}
