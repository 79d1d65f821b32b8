import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import type { Digest } from "../../lib/oci/digest.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { getBlob, headBlob } from "../../lib/registry/blobs.ts";
import { scriptedRepository } from "../support/scripted.ts";

const digest = `sha256:${"a".repeat(64)}` as Digest;
const path = `/v2/team/app/blobs/${digest}`;

Deno.test("getBlob() hands on the body, and says how long it is", async () => {
  const { server, repository } = scriptedRepository([
    [`GET ${path}`, { status: 200, headers: { "content-length": "5" }, body: "hello" }],
  ]);
  const { body, size, ranged } = await getBlob(repository, digest);
  assertEquals([await new Response(body).text(), size, ranged], ["hello", 5, false]);
  assertEquals(server.requests[0]!.headers.has("range"), false);
  server.assertSpent();
});

for (const [status, ranged] of [[206, true], [200, false]] as const) {
  Deno.test(`getBlob() tells a part from the whole by ${status}`, async () => {
    const { server, repository } = scriptedRepository([[`GET ${path}`, { status, body: "ell" }]]);
    const blob = await getBlob(repository, digest, { range: { start: 1, end: 3 } });
    assertEquals([blob.ranged, blob.size], [ranged, undefined]);
    assertEquals(server.requests[0]!.headers.get("range"), "bytes=1-3");
    await blob.body.cancel();
    server.assertSpent();
  });
}

const bad = [
  {
    answer: { status: 404 },
    code: "BLOB_NOT_FOUND",
    says: `cannot read blob registry.test/team/app@${digest} (source): it is not there (404)`,
  },
  {
    answer: {
      status: 200,
      headers: { "content-type": "text/html; charset=utf-8" },
      body: "<html>",
    },
    code: "REGISTRY_BROKEN",
    says:
      "cannot read blob sha256:aaaaaaaaaaaa of registry.test/team/app (source): a web page came back",
  },
  {
    answer: { status: 200 },
    code: "REGISTRY_BROKEN",
    says:
      "cannot read blob sha256:aaaaaaaaaaaa of registry.test/team/app (source): nothing came back",
  },
];

for (const { answer, code, says } of bad) {
  Deno.test(`getBlob() explains: ${says.slice(-30)}`, async () => {
    const { repository } = scriptedRepository([[/./, answer]], { side: "source" });
    const error = await assertRejects(() => getBlob(repository, digest), OciPushError);
    assertEquals([error.code, error.terminal, error.details.digest], [code, true, digest]);
    assertEquals(error.message, says);
  });
}

for (
  const { answer, found } of [
    { answer: { status: 200, headers: { "content-length": "7" } }, found: { size: 7 } },
    { answer: { status: 200 }, found: { size: undefined } },
    { answer: { status: 404 }, found: undefined },
  ]
) {
  Deno.test(`headBlob() reads ${JSON.stringify(answer)}`, async () => {
    const { server, repository } = scriptedRepository([[`HEAD ${path}`, answer]]);
    assertEquals(await headBlob(repository, digest), found);
    server.assertSpent();
  });
}

Deno.test("headBlob() does not take a refusal for an absence", async () => {
  const { repository } = scriptedRepository([[/./, { status: 403 }]]);
  const error = await assertRejects(() => headBlob(repository, digest), OciPushError);
  assertEquals(error.code, "DENIED");
});
