import { assert, assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { startDockerRegistry } from "./docker_registry.ts";
import { type Fault, startFaultyProxy } from "./faulty_proxy.ts";
import {
  ContentBuilder,
  createImageIndex,
  DOCKER_LIST,
  MANIFEST,
  pushContent,
  readGraph,
} from "./images.ts";
import { succeed, withTools } from "./tools.ts";

withTools(["tar"], "a layer is a gzip'd tar that other programs can read", async () => {
  const builder = new ContentBuilder();
  const { digest, size } = await builder.layer("etc/größe", "twelve bytes");
  const zipped = builder.build().blobs.get(digest)!;
  assertEquals(zipped.length, size);
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/layer.tar.gz`, zipped);
    await succeed("tar", ["xzf", "layer.tar.gz"], { cwd: folder });
    assertEquals(await Deno.readTextFile(`${folder}/etc/größe`), "twelve bytes");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("documents come children first, and a shared layer once", async () => {
  const content = await createImageIndex();
  const seen = new Set<string>();
  for (const { digest, bytes } of content.manifests) {
    const { manifests = [], config, layers = [] } = JSON.parse(new TextDecoder().decode(bytes));
    for (const child of manifests) assert(seen.has(child.digest));
    for (const blob of config ? [config, ...layers] : []) assert(content.blobs.has(blob.digest));
    seen.add(digest);
  }
  assertEquals([content.manifests.length, content.blobs.size], [3, 5]);
  assertEquals(content.root, content.manifests.at(-1)?.digest);
});

withTools(
  ["docker-registry", "crane"],
  "crane finds images, lists and foreign layers valid",
  async () => {
    const builder = new ContentBuilder();
    const image = await builder.image({ docker: true, layers: ["one", "two"] });
    await builder.document({
      schemaVersion: 2,
      mediaType: DOCKER_LIST,
      manifests: [{ ...image, platform: { os: "linux", architecture: "amd64" } }],
    });
    await using registry = await startDockerRegistry();
    for (
      const [tag, content] of [["index", await createImageIndex()], [
        "list",
        builder.build(),
      ]] as const
    ) {
      await pushContent(registry.url, "app", content, { tag });
      await succeed("crane", ["validate", "--remote", `${registry.host}/app:${tag}`]);
    }
  },
);

withTools(["docker-registry"], "readGraph() leaves foreign layers where they are", async () => {
  const config = { validation: { manifests: { urls: { allow: ["^https://layers.test/"] } } } };
  await using registry = await startDockerRegistry({ config });
  const builder = new ContentBuilder();
  const own = await builder.blob("{}", "application/vnd.oci.empty.v1+json");
  const foreign = {
    mediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
    digest: `sha256:${"5".repeat(64)}`,
    size: 7,
    urls: ["https://layers.test/5"],
  };
  await builder.document({ schemaVersion: 2, mediaType: MANIFEST, config: own, layers: [foreign] });
  const content = builder.build();
  await pushContent(registry.url, "app", content, { tag: "v1" });
  const graph = await readGraph(registry.url, "app", "v1");
  assertEquals([graph.root, [...graph.blobs]], [content.root, [own.digest]]);
});

const broken: { what: string; path: RegExp; fault: Fault; message: string }[] = [
  {
    what: "a blob",
    path: /\/blobs\//,
    fault: { kind: "corrupt", at: 12 },
    message: "blob sha256:",
  },
  {
    what: "a child",
    path: /\/manifests\/sha256:/,
    fault: { kind: "corrupt", at: 12 },
    message: "has digest",
  },
  {
    what: "a blob that is not there",
    path: /\/blobs\//,
    fault: { kind: "answer", status: 404 },
    message: "404",
  },
];

for (const { what, path, fault, message } of broken) {
  withTools(["docker-registry"], `readGraph() finds what is wrong with ${what}`, async () => {
    await using registry = await startDockerRegistry();
    const content = await createImageIndex();
    await pushContent(registry.url, "app", content, { tag: "v1" });
    await using proxy = startFaultyProxy(registry.url, [{ path, nth: 2, fault }]);
    await assertRejects(() => readGraph(proxy.url, "app", "v1"), Error, message);
    proxy.assertSpent();
    const graph = await readGraph(proxy.url, "app", "v1");
    assertEquals([graph.root, graph.documents.size], [content.root, 3]);
    assertEquals(graph.blobs, new Set(content.blobs.keys()));
  });
}
