import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import type { Digest } from "../../lib/oci/digest.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { listReferrers, type ListReferrersOptions } from "../../lib/registry/referrers.ts";
import { type Answer, scriptedRepository, type Step } from "../support/scripted.ts";

const INDEX = "application/vnd.oci.image.index.v1+json";
const digest = `sha256:${"a".repeat(64)}` as Digest;
const API = `GET https://registry.test/v2/team/app/referrers/${digest}`;
const TAG = `GET /v2/team/app/manifests/sha256-${"a".repeat(64)}`;
const referrer = (letter: string, artifactType: string) => ({
  mediaType: "application/vnd.oci.image.manifest.v1+json",
  digest: `sha256:${letter.repeat(64)}`,
  size: 1,
  artifactType,
});
const [signature, sbom] = [referrer("b", "signature"), referrer("c", "sbom")];
const list = (manifests: unknown, headers: Record<string, string> = {}): Answer => ({
  status: 200,
  headers: { "content-type": INDEX, ...headers },
  body: JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests }),
});
const filter = { artifactType: "sbom" };

const cases: { does: string; script: Step[]; options?: ListReferrersOptions; found: unknown[] }[] =
  [
    { does: "asks the API", script: [[API, list([signature, sbom])]], found: [signature, sbom] },
    {
      does: "follows pages",
      script: [
        [API, list([signature], { link: '</page2>; rel="next"' })],
        ["GET /page2", list([sbom])],
      ],
      found: [signature, sbom],
    },
    {
      does: "does not follow a page to itself",
      script: [[API, list([sbom], { link: `<?>; rel="next", <${digest}>; rel="next"` })], [
        `${API}?`,
        list([], { link: '<?>; rel="next"' }),
      ]],
      found: [sbom],
    },
    {
      does: "believes a filter that was applied",
      script: [[
        `${API}?artifactType=sbom`,
        list([sbom], { "oci-filters-applied": "artifactType" }),
      ]],
      options: filter,
      found: [sbom],
    },
    {
      does: "filters where the registry does not",
      script: [[`${API}?artifactType=sbom`, list([signature, sbom])]],
      options: filter,
      found: [sbom],
    },
    { does: "takes an empty list for an answer", script: [[API, list([])]], found: [] },
    { does: "takes a list that is none for an empty one", script: [[API, list(null)]], found: [] },
    ...[400, 404, 405, 406, 501].map((status) => ({
      does: `looks at the tag where the API gives ${status}`,
      script: [[`${API}?artifactType=sbom`, { status }], [TAG, list([signature, sbom])]] as Step[],
      options: filter,
      found: [sbom],
    })),
    {
      does: "looks at the tag where the API gives another type",
      script: [
        [API, { status: 200, headers: { "content-type": "application/json" }, body: "{}" }],
        [TAG, list([sbom])],
      ],
      found: [sbom],
    },
    {
      does: "finds nothing where there is neither",
      script: [[API, { status: 404 }], [TAG, { status: 404 }]],
      found: [],
    },
  ];

for (const { does, script, options = {}, found } of cases) {
  Deno.test(`listReferrers() ${does}`, async () => {
    const { server, repository } = scriptedRepository(script);
    const got = await Array.fromAsync(listReferrers(repository, digest, options));
    assertEquals(got, found as typeof got);
    server.assertSpent();
  });
}

Deno.test("listReferrers() does not take a refusal for an empty list", async () => {
  for (
    const script of [
      [[API, { status: 403 }]],
      [[API, { status: 404 }], [TAG, { status: 403 }]],
    ] as Step[][]
  ) {
    const { server, repository } = scriptedRepository(script);
    const error = await assertRejects(
      () => Array.fromAsync(listReferrers(repository, digest)),
      OciPushError,
    );
    assertEquals(error.code, "DENIED");
    server.assertSpent();
  }
});

Deno.test("listReferrers() cuts the tag of a sha512 digest as the specification does", async () => {
  const { server, repository } = scriptedRepository([
    [/^GET .*\/referrers\//, { status: 404 }],
    [`GET /v2/team/app/manifests/sha512-${"d".repeat(64)}`, list([sbom])],
  ]);
  const subject = `sha512:${"d".repeat(128)}` as Digest;
  assertEquals((await Array.fromAsync(listReferrers(repository, subject))).length, 1);
  server.assertSpent();
});

Deno.test("listReferrers() names an entry that is no descriptor", async () => {
  const { repository } = scriptedRepository([[API, list([sbom, { digest: "nonsense" }])]]);
  const error = await assertRejects(
    () => Array.fromAsync(listReferrers(repository, digest)),
    OciPushError,
    "cannot list referrers in registry.test/team/app: manifests[1].mediaType is missing",
  );
  assertEquals(error.code, "REGISTRY_BROKEN");
});
