/**
 * Pushing, pulling and deleting manifests, request by request.
 *
 * @module
 */

import { assertEquals } from "../../lib/std/assert.ts";
import { digestOf } from "../../lib/oci/digest.ts";
import { MAX_MANIFEST_SIZE } from "../../lib/oci/manifest.ts";
import { DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from "../../lib/oci/media_type.ts";
import {
  bytesOf,
  codes,
  imageIndex,
  imageManifest,
  openRegistry,
  pushBlob,
  pushManifest,
  seen,
} from "./registry.ts";

const MANIFESTS = "/v2/team/app/manifests";

Deno.test("a manifest comes back byte by byte, by tag and by digest", async () => {
  const ask = openRegistry();
  const { text: plain } = await imageManifest();
  const text = plain.replace("{", '{\n  "x-name":\t"Zoë \\u0041",');
  const digest = await digestOf(bytesOf(text));
  const put = await pushManifest(ask, `${MANIFESTS}/v1`, text);
  assertEquals(await seen(put, "location", "docker-content-digest", "oci-subject"), {
    status: 201,
    body: "",
    location: `${MANIFESTS}/${digest}`,
    "docker-content-digest": digest,
    "oci-subject": null,
  });
  for (const name of ["v1", digest]) {
    for (const [method, body] of [["GET", text], ["HEAD", ""]] as const) {
      const response = await ask(method, `${MANIFESTS}/${name}`);
      assertEquals(
        await seen(response, "content-length", "content-type", "docker-content-digest"),
        {
          status: 200,
          body,
          "content-length": String(bytesOf(text).length),
          "content-type": OCI_MANIFEST,
          "docker-content-digest": digest,
        },
      );
    }
  }
});

Deno.test("a manifest comes back with the Content-Type it was sent with", async () => {
  const ask = openRegistry();
  const { text: oci } = await imageManifest();
  const text = oci.replace(OCI_MANIFEST, DOCKER_MANIFEST);
  await pushBlob(ask, "team/app", "{}");
  const sent = `${DOCKER_MANIFEST}; charset=utf-8`;
  for (const [headers, got] of [[{ "content-type": sent }, sent], [{}, DOCKER_MANIFEST]] as const) {
    // A body of bytes has no Content-Type of its own.
    await ask("PUT", `${MANIFESTS}/v1`, { headers, body: bytesOf(text) });
    assertEquals((await ask("GET", `${MANIFESTS}/v1`)).headers.get("content-type"), got);
  }
});

Deno.test("a manifest is pushed by sha256 and by sha512, with tags as parameters", async () => {
  const ask = openRegistry();
  const { text, digest } = await imageManifest();
  const digest512 = await digestOf(bytesOf(text), "sha512");
  const put = await pushManifest(ask, `${MANIFESTS}/${digest512}?tag=v1&tag=v2`, text);
  assertEquals([put.status, put.headers.get("oci-tag")], [201, "v1, v2"]);
  assertEquals((await ask("GET", `${MANIFESTS}/${digest}`)).status, 404);
  const pulled = await ask("GET", `${MANIFESTS}/v2`);
  assertEquals(pulled.headers.get("docker-content-digest"), digest512);
  assertEquals((await pushManifest(ask, `${MANIFESTS}/${digest}`, text)).status, 201);
});

Deno.test("a tag moves, and what it named stays", async () => {
  const ask = openRegistry();
  const [one, two] = [await imageManifest(), await imageManifest({ annotations: { n: "2" } })];
  await pushManifest(ask, `${MANIFESTS}/v1`, one.text);
  await pushManifest(ask, `${MANIFESTS}/v1`, two.text);
  const named = (await ask("HEAD", `${MANIFESTS}/v1`)).headers.get("docker-content-digest");
  assertEquals(named, two.digest);
  assertEquals((await ask("HEAD", `${MANIFESTS}/${one.digest}`)).status, 200);
});

const nowhere = { digest: await digestOf(bytesOf("nowhere")), size: 7 };
const { text: plain, digest: plainDigest } = await imageManifest();
const layer = { mediaType: "application/vnd.oci.image.layer.v1.tar", ...nowhere };
const foreign = {
  ...layer,
  mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar",
  urls: ["https://elsewhere.test/layer"],
};
const subject = { mediaType: OCI_MANIFEST, ...nowhere };
const { text: missingLayer } = await imageManifest({ layers: [layer] });
const { text: missingChild } = await imageIndex([nowhere]);
const { text: foreignLayer } = await imageManifest({ layers: [foreign] });
const { text: missingSubject } = await imageManifest({ subject });

const pushes: { does: string; name?: string; text: string; status: number; code?: string }[] = [
  { does: "takes one whose foreign layer is elsewhere", text: foreignLayer, status: 201 },
  { does: "takes one whose subject is not there yet", text: missingSubject, status: 201 },
  { does: "takes an index of nothing", text: (await imageIndex([])).text, status: 201 },
  {
    does: "refuses one that names a layer it lacks",
    text: missingLayer,
    status: 400,
    code: "MANIFEST_BLOB_UNKNOWN",
  },
  {
    does: "refuses an index that names a child it lacks",
    text: missingChild,
    status: 400,
    code: "MANIFEST_BLOB_UNKNOWN",
  },
  {
    does: "refuses one that is not what its digest says",
    name: nowhere.digest,
    text: plain,
    status: 400,
    code: "DIGEST_INVALID",
  },
  {
    does: "refuses one under a digest that is none",
    name: "sha256:bad",
    text: plain,
    status: 400,
    code: "DIGEST_INVALID",
  },
  {
    does: "refuses one under a tag that is none",
    name: "-v1",
    text: plain,
    status: 400,
    code: "MANIFEST_INVALID",
  },
  {
    does: "refuses one with a tag parameter that is none",
    name: `${plainDigest}?tag=-v1`,
    text: plain,
    status: 400,
    code: "MANIFEST_INVALID",
  },
  {
    does: "refuses one of a type that it does not know",
    text: plain.replaceAll(OCI_MANIFEST, "text/html"),
    status: 400,
    code: "MANIFEST_INVALID",
  },
  {
    does: "refuses one with a size below zero",
    text: plain.replace('"size":2', '"size":-2'),
    status: 400,
    code: "MANIFEST_INVALID",
  },
];

for (const { does, name = "v1", text, status, code } of pushes) {
  Deno.test(`pushing a manifest, the registry ${does}`, async () => {
    const ask = openRegistry();
    const response = await pushManifest(ask, `${MANIFESTS}/${name}`, text);
    assertEquals(response.status, status);
    if (code !== undefined) assertEquals(await codes(response), [code]);
    // What was refused left nothing behind.
    const tags = await ask("GET", "/v2/team/app/tags/list");
    assertEquals(tags.status, code === undefined ? 200 : 404);
  });
}

Deno.test("a manifest that names several things that are missing is told all of them", async () => {
  const ask = openRegistry();
  const { text } = await imageManifest({ layers: [layer, layer] });
  const response = await ask("PUT", `${MANIFESTS}/v1`, {
    headers: { "content-type": OCI_MANIFEST },
    body: text,
  });
  const { errors } = await response.json() as { errors: { detail: { digest: string } }[] };
  const config = await digestOf(bytesOf("{}"));
  assertEquals(errors.map(({ detail }) => detail.digest), [config, nowhere.digest]);
});

Deno.test("a manifest may be as long as the specification says, and no longer", async () => {
  const ask = openRegistry();
  const { text } = await imageManifest();
  const longest = text + " ".repeat(MAX_MANIFEST_SIZE - text.length);
  assertEquals((await pushManifest(ask, `${MANIFESTS}/v1`, longest)).status, 201);
  const refused = await pushManifest(ask, `${MANIFESTS}/v1`, `${longest} `);
  assertEquals([refused.status, await codes(refused)], [413, ["SIZE_INVALID"]]);
});

Deno.test("a manifest that is no JSON is refused, whatever its type says", async () => {
  const ask = openRegistry();
  for (const type of [OCI_MANIFEST, OCI_INDEX, "application/json"]) {
    const response = await ask("PUT", `${MANIFESTS}/v1`, {
      headers: { "content-type": type },
      body: "<html>",
    });
    assertEquals([response.status, await codes(response)], [400, ["MANIFEST_INVALID"]]);
  }
});

Deno.test("deleting a tag leaves the manifest; deleting the manifest takes its tags", async () => {
  const ask = openRegistry();
  const { text, digest } = await imageManifest();
  for (const tag of ["v1", "v2", "v3"]) await pushManifest(ask, `${MANIFESTS}/${tag}`, text);
  assertEquals((await ask("DELETE", `${MANIFESTS}/v1`)).status, 202);
  assertEquals((await ask("HEAD", `${MANIFESTS}/v1`)).status, 404);
  assertEquals((await ask("HEAD", `${MANIFESTS}/${digest}`)).status, 200);
  assertEquals((await ask("DELETE", `${MANIFESTS}/${digest}`)).status, 202);
  assertEquals((await ask("HEAD", `${MANIFESTS}/v2`)).status, 404);
  const tags = await (await ask("GET", "/v2/team/app/tags/list")).json();
  assertEquals(tags, { name: "team/app", tags: [] });
  for (const name of ["v2", digest]) {
    const gone = await ask("DELETE", `${MANIFESTS}/${name}`);
    assertEquals([gone.status, await codes(gone)], [404, ["MANIFEST_UNKNOWN"]]);
  }
});
