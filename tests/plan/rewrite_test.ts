import { assert, assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { parseAnnotations } from "../../lib/oci/annotation.ts";
import { decodeBase64, encodeBase64 } from "../../lib/std/encoding.ts";
import { digestOf } from "../../lib/oci/digest.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { DOCKER_MANIFEST } from "../../lib/oci/media_type.ts";
import { type Graph, readGraph } from "../../lib/plan/graph.ts";
import { rewriteGraph, type RewrittenGraph } from "../../lib/plan/rewrite.ts";
import { blob, FakeStore, image, index } from "./fake_store.ts";

async function rewrite(
  store: FakeStore,
  annotations: Record<string, string>,
): Promise<RewrittenGraph & { before: Graph; text: (digest?: string) => string }> {
  const before = await readGraph(await store.getManifest("v1"), {
    name: "v1",
    concurrency: 4,
    fetch: (digest) => store.getManifest(digest),
  });
  const after = await rewriteGraph(before, parseAnnotations(annotations));
  for (const { digest, bytes } of after.graph.nodes.values()) {
    assertEquals(await digestOf(bytes), digest);
  }
  const text = (digest: string = after.graph.root) =>
    new TextDecoder().decode(
      [...after.graph.nodes.values()].find((n) => n.digest === digest)!.bytes,
    );
  return { ...after, before, text };
}

const texts: { does: string; document: string; add: Record<string, string>; becomes: string }[] = [
  {
    does: "keeps key order, unknown fields, numbers and white space",
    document:
      '{"z": 1.0, "10": 12345678901234567890,\n "mediaType": "M", "config": C, "layers": [],' +
      ' "annotations": {"b": "\\u0041" },\t"a": {"x":[ ]}}',
    add: { c: "é\n" },
    becomes:
      '{"z": 1.0, "10": 12345678901234567890,\n "mediaType": "M", "config": C, "layers": [],' +
      ' "annotations": {"b": "\\u0041","c": "é\\n" },\t"a": {"x":[ ]}}',
  },
  {
    does: "overwrites in place",
    document: '{"mediaType":"M","annotations":{"a":"1","b":"2"},"config":C,"layers":[]}',
    add: { a: "=3=" },
    becomes: '{"mediaType":"M","annotations":{"a":"=3=","b":"2"},"config":C,"layers":[]}',
  },
  {
    does: "adds the object where there is none",
    document: '{"mediaType":"M","config":C,"layers":[]}',
    add: { a: "1", b: "2" },
    becomes: '{"mediaType":"M","config":C,"layers":[],"annotations": {"a":"1","b":"2"}}',
  },
  {
    does: "takes null for none",
    document: '{"mediaType":"M","annotations":null,"config":C,"layers":[]}',
    add: { a: "1" },
    becomes: '{"mediaType":"M","annotations":{"a":"1"},"config":C,"layers":[]}',
  },
  {
    does: "leaves the bytes alone where nothing changes",
    document: '{"mediaType":"M","annotations": {"a":"1"},"config":C,"layers":[]}\n',
    add: { a: "1", "manifest:a": "1", "index:x": "y" },
    becomes: '{"mediaType":"M","annotations": {"a":"1"},"config":C,"layers":[]}\n',
  },
];
for (const { does, document, add, becomes } of texts) {
  Deno.test(`rewriteGraph() ${does}`, async () => {
    const store = new FakeStore();
    const config = JSON.stringify(blob("a"));
    const fill = (text: string) =>
      text.replace('"M"', '"application/vnd.oci.image.manifest.v1+json"').replace("C", config);
    await store.add(fill(document), "v1");
    assertEquals((await rewrite(store, add)).text(), fill(becomes));
  });
}

Deno.test("annotations of an index: each scope where it belongs, digests followed", async () => {
  const store = new FakeStore();
  const amd64 = await store.add(image("a", [blob("b")]));
  const nested = await store.add(index([await store.add(image("c", [], { extra: true }))]));
  await store.add(
    index([amd64, nested], [
      { platform: { os: "linux", architecture: "amd64" }, annotations: { own: "kept" }, x: 1 },
    ], { annotations: { old: "kept" } }),
    "v1",
  );
  const { text, graph, warnings } = await rewrite(store, { a: "m", "index:b": "i" });
  const root = JSON.parse(text());
  assertEquals(root.annotations, { old: "kept", b: "i" });
  assertEquals(root.manifests[0].annotations, { own: "kept" });
  assertEquals([root.manifests[0].x, root.manifests[0].platform.os], [1, "linux"]);
  const first = JSON.parse(text(root.manifests[0].digest));
  assertEquals(first.annotations, { a: "m" });
  assertEquals(root.manifests[0].size, text(root.manifests[0].digest).length);
  const inner = JSON.parse(text(root.manifests[1].digest));
  assertEquals(inner.annotations, undefined); // index: means the root alone
  assertEquals(JSON.parse(text(inner.manifests[0].digest)).annotations, { a: "m" });
  assertEquals(graph.nodes.size, 4);
  assertEquals(warnings, []);
});

Deno.test("attestations are not annotated, but follow the image that they are about", async () => {
  const store = new FakeStore();
  const app = await store.add(image("a", [blob("b")]));
  const attestation = await store.add(image("c", [blob("d")], {
    subject: { mediaType: app.mediaType, digest: app.digest, size: app.bytes.length },
  }));
  await store.add(
    index([attestation, app], [{
      annotations: {
        "vnd.docker.reference.type": "attestation-manifest",
        "vnd.docker.reference.digest": app.digest,
      },
    }]),
    "v1",
  );
  const { text } = await rewrite(store, { a: "m" });
  const { manifests } = JSON.parse(text());
  const about = JSON.parse(text(manifests[0].digest));
  assertEquals(manifests[0].annotations["vnd.docker.reference.digest"], manifests[1].digest);
  assertEquals(about.subject.digest, manifests[1].digest);
  assertEquals(about.subject.size, text(manifests[1].digest).length);
  assertEquals(about.annotations, undefined);
  assertEquals(JSON.parse(text(manifests[1].digest)).annotations, { a: "m" });
});

Deno.test("embedded data follows the document that it holds", async () => {
  const store = new FakeStore();
  const child = await store.add(image("a", []));
  await store.add(index([child], [{ data: encodeBase64(child.bytes) }]), "v1");
  const { text } = await rewrite(store, { a: "m" });
  const { manifests: [entry] } = JSON.parse(text());
  assertEquals(new TextDecoder().decode(decodeBase64(entry.data)), text(entry.digest));
});

Deno.test("an annotation that is there already changes no byte of the graph", async () => {
  const store = new FakeStore();
  const child = await store.add(image("a", [], { annotations: { a: "m" } }));
  await store.add(index([child], [], { annotations: { b: "i" } }), "v1");
  const { graph, before } = await rewrite(store, { a: "m", "index:b": "i" });
  assertEquals(graph.root, before.root);
  assert([...graph.nodes.values()].every(({ sourceDigest }) => sourceDigest === undefined));
});

Deno.test("index: keys on a single manifest are said, Docker's format is too", async () => {
  const store = new FakeStore();
  await store.add(image("a", [], { mediaType: DOCKER_MANIFEST }), "v1");
  const { warnings } = await rewrite(store, { "index:x": "1", y: "2" });
  assertEquals(warnings.map(({ code }) => code), [
    "INDEX_ANNOTATIONS_UNUSED",
    "DOCKER_ANNOTATIONS",
  ]);
  assertStringIncludes(warnings[0]!.message, "index:x");
});

Deno.test("a key that stands twice is refused, not half changed", async () => {
  const store = new FakeStore();
  const config = JSON.stringify(blob("a"));
  await store.add(
    '{"mediaType":"application/vnd.oci.image.manifest.v1+json","annotations":{"a":"1","a":"2"},' +
      `"config":${config},"layers":[]}`,
    "v1",
  );
  const error = await assertRejects(() => rewrite(store, { a: "3" }), OciPushError);
  assertEquals(error.code, "MANIFEST_INVALID");
  assertStringIncludes(error.message, "twice");
});
