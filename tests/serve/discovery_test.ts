/**
 * Lists of tags and of referrers.
 *
 * @module
 */

import { assertEquals } from "../../lib/std/assert.ts";
import { digestOf } from "../../lib/oci/digest.ts";
import { parseNextLink } from "../../lib/oci/http_range.ts";
import { OCI_EMPTY, OCI_INDEX, OCI_MANIFEST } from "../../lib/oci/media_type.ts";
import { bytesOf, codes, imageManifest, openRegistry, pushManifest } from "./registry.ts";

const TAGS = ["V3", "latest", "v1", "v1.10", "v1.2"];

const pages: { query: string; tags: string[]; next?: string }[] = [
  { query: "", tags: TAGS },
  { query: "?n=2", tags: ["V3", "latest"], next: "?n=2&last=latest" },
  { query: "?n=2&last=latest", tags: ["v1", "v1.10"], next: "?n=2&last=v1.10" },
  { query: "?n=2&last=v1.10", tags: ["v1.2"] },
  { query: "?n=5", tags: TAGS },
  { query: "?n=6", tags: TAGS },
  { query: "?n=0", tags: [] },
  { query: "?last=v1", tags: ["v1.10", "v1.2"] },
  { query: "?last=k", tags: ["latest", "v1", "v1.10", "v1.2"] },
  { query: "?last=zzz", tags: [] },
];

for (const { query, tags, next } of pages) {
  Deno.test(`tags/list${query} says ${tags.join(", ") || "nothing"}`, async () => {
    const ask = openRegistry();
    const { text } = await imageManifest();
    for (const tag of [...TAGS].reverse()) {
      await pushManifest(ask, `/v2/team/app/manifests/${tag}`, text);
    }
    const response = await ask("GET", `/v2/team/app/tags/list${query}`);
    assertEquals(await response.json(), { name: "team/app", tags });
    assertEquals(
      parseNextLink(response.headers.get("link")),
      next === undefined ? undefined : `/v2/team/app/tags/list${next}`,
    );
  });
}

for (const n of ["-1", "x", "1.5", "", "9".repeat(30)]) {
  Deno.test(`tags/list?n=${n} is refused`, async () => {
    assertEquals((await openRegistry()("GET", `/v2/app/tags/list?n=${n}`)).status, 400);
  });
}

Deno.test("tags of a repository that nobody pushed to are refused", async () => {
  const ask = openRegistry();
  const response = await ask("GET", "/v2/team/app/tags/list");
  assertEquals([response.status, await codes(response)], [404, ["NAME_UNKNOWN"]]);
});

Deno.test("referrers are listed with their type and annotations, and by type", async () => {
  const ask = openRegistry();
  const { text: image, digest, size } = await imageManifest();
  const subject = { mediaType: OCI_MANIFEST, digest, size };
  const signature = await imageManifest({
    subject,
    artifactType: "test/signature",
    annotations: { by: "ada" },
  });
  // Without a type of its own, a manifest has its config's.
  const untyped = await imageManifest({ subject });
  const index = JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_INDEX,
    artifactType: "test/sbom",
    manifests: [],
    subject,
  });
  for (const text of [image, signature.text, untyped.text, index]) {
    const at = await digestOf(bytesOf(text));
    const put = await pushManifest(ask, `/v2/app/manifests/${at}`, text);
    assertEquals(put.headers.get("oci-subject"), text === image ? null : digest);
  }
  const entries = [
    {
      mediaType: OCI_MANIFEST,
      digest: signature.digest,
      size: signature.size,
      artifactType: "test/signature",
      annotations: { by: "ada" },
    },
    {
      mediaType: OCI_MANIFEST,
      digest: untyped.digest,
      size: untyped.size,
      artifactType: OCI_EMPTY,
    },
    {
      mediaType: OCI_INDEX,
      digest: await digestOf(bytesOf(index)),
      size: index.length,
      artifactType: "test/sbom",
    },
  ].sort((a, b) => a.digest < b.digest ? -1 : 1);

  for (const type of [undefined, "test/signature", "test/sbom", OCI_EMPTY, "test/none"]) {
    const query = type === undefined ? "" : `?artifactType=${encodeURIComponent(type)}`;
    const response = await ask("GET", `/v2/app/referrers/${digest}${query}`);
    assertEquals(response.headers.get("content-type"), OCI_INDEX);
    const filters = type === undefined ? null : "artifactType";
    assertEquals(response.headers.get("oci-filters-applied"), filters);
    assertEquals(await response.json(), {
      schemaVersion: 2,
      mediaType: OCI_INDEX,
      manifests: entries.filter(({ artifactType }) => type === undefined || artifactType === type),
    });
  }
  await ask("DELETE", `/v2/app/manifests/${signature.digest}`);
  const { manifests } = await (await ask("GET", `/v2/app/referrers/${digest}`)).json();
  assertEquals(manifests, entries.filter((entry) => entry.digest !== signature.digest));
});

Deno.test("referrers of what is not there are none, and of what is no digest refused", async () => {
  const ask = openRegistry();
  const none = await ask("GET", `/v2/app/referrers/${await digestOf(bytesOf("x"))}`);
  assertEquals([none.status, (await none.json()).manifests], [200, []]);
  const refused = await ask("GET", "/v2/app/referrers/v1");
  assertEquals([refused.status, await codes(refused)], [400, ["DIGEST_INVALID"]]);
});
