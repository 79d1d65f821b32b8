/**
 * Copies between real registries, looked at with a client that is not ours.
 *
 * @module
 */

import { assert, assertEquals } from "../../lib/std/assert.ts";
import { ociPush, planCopy } from "../../lib/copy.ts";
import type { CopyOptions, CopyRequest } from "../../lib/copy_request.ts";
import { serveRegistry } from "../../lib/serve/serve.ts";
import { startCraneRegistry } from "../support/crane_registry.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker_registry.ts";
import { ContentBuilder, createImageIndex, pushContent, readGraph } from "../support/images.ts";
import { succeed, withTools } from "../support/tools.ts";
import { ARTIFACTS } from "./artifacts.ts";

const anonymous: CopyOptions = {
  credentials: () => Promise.resolve(undefined),
  certificates: () => Promise.resolve({}),
};

function copy(srcRef: string, destRef: string, more: Partial<CopyRequest> & CopyOptions = {}) {
  const { annotations, ...options } = more;
  return ociPush({ srcRef, destRef, ...(annotations && { annotations }) }, {
    ...anonymous,
    ...options,
  });
}

/** Requests since the last call, as `METHOD STATUS` with their count. */
async function tally(registry: DockerRegistry, from: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const line of (await registry.requests()).slice(from)) {
    const [method, path, status] = line.split(" ") as [string, string, string];
    const what = path.includes("/manifests/")
      ? "manifest"
      : path.includes("/tags/")
      ? "tags"
      : "blob";
    const key = `${method} ${what} ${status}`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

for (const version of ["2.8", "3"] as const) {
  const tool = version === "3" ? "registry" : "docker-registry";

  withTools(
    [tool, "crane"],
    `distribution ${version} keeps every kind of artifact whole`,
    async () => {
      await using source = await startDockerRegistry({ version });
      await using destination = await startDockerRegistry({ version });
      for (const [i, { name, create }] of ARTIFACTS.entries()) {
        const content = await create();
        await pushContent(source.url, `kind/${i}`, content, { tag: "v1" });
        for (const workers of [0, 2]) {
          const to = `${destination.host}/copy/${i}-${workers}:v1`;
          const result = await copy(`${source.host}/kind/${i}:v1`, to, { workers });
          assertEquals([result.image, result.tag, result.digest], [to, "v1", content.root], name);
          assertEquals(
            await readGraph(destination.url, `copy/${i}-${workers}`, "v1"),
            await readGraph(source.url, `kind/${i}`, "v1"),
            name,
          );
          if (!/attestation|subject|sha512|unknown fields|chart/i.test(name)) {
            await succeed("crane", ["validate", "--remote", to]);
          }
        }
        const digestRef = `${source.host}/kind/${i}@${content.root}`;
        const byDigest = await copy(digestRef, `${destination.host}/by-digest/${i}:x`);
        assertEquals(byDigest.digest, content.root, name);
      }
    },
  );
}

withTools(["docker-registry"], "requests are the fewest possible", async () => {
  await using source = await startDockerRegistry();
  await using destination = await startDockerRegistry();
  const builder = new ContentBuilder();
  await builder.image({ layers: ["a", "b", "c"] });
  const content = builder.build();
  const blobs = content.blobs.size;
  await pushContent(source.url, "app", content, { tag: "v1" });
  const from = `${source.host}/app:v1`;

  const step = async (to: string, options: CopyOptions = {}) => {
    const marks = await Promise.all([source, destination].map((r) => r.requests()));
    const result = await copy(from, to, options);
    return {
      result,
      source: await tally(source, marks[0]!.length),
      destination: await tally(destination, marks[1]!.length),
    };
  };

  const fresh = await step(`${destination.host}/app:v1`);
  assertEquals(fresh.source, { "GET manifest 200": 1, "GET blob 200": blobs });
  assertEquals(fresh.destination, {
    "HEAD manifest 404": 1,
    "HEAD blob 404": 1, // whether a mount that is not answered tells anything
    "POST blob 202": blobs,
    "PUT blob 201": blobs,
    "PUT manifest 201": 1,
  });
  assertEquals(fresh.result.requests, 3 * blobs + 4);

  const again = await step(`${destination.host}/app:v1`);
  assertEquals(again.result.status, "unchanged");
  assertEquals([again.source, again.destination], [
    { "GET manifest 200": 1 },
    { "HEAD manifest 200": 1 },
  ]);

  const newTag = await step(`${destination.host}/app:v2`);
  assertEquals(newTag.result.requests, 4);
  assertEquals(newTag.destination, {
    "HEAD manifest 404": 1,
    "HEAD manifest 200": 1,
    "PUT manifest 201": 1,
  });

  // By digest the destination is asked for that digest at once, whatever it is called there.
  const digest = `${source.host}/app@${content.root}`;
  const before = (await destination.requests()).length;
  await copy(digest, `${destination.host}/app:by-digest`);
  assertEquals(await tally(destination, before), newTag.destination);

  const retag = await step(`${source.host}/app:v2`);
  assertEquals([retag.result.status, retag.source], [
    "retagged",
    { "GET manifest 200": 1, "PUT manifest 201": 1 },
  ]);

  const mounted = await step(`${source.host}/other/app:v1`);
  assertEquals(mounted.result.blobs, { transferred: 0, mounted: blobs, existing: 0 });
  assertEquals(mounted.source, {
    "GET manifest 200": 1,
    "HEAD manifest 404": 1,
    "POST blob 201": blobs,
    "PUT manifest 201": 1,
  });

  // One layer of another version is new: the others are found by the request that opens an upload.
  const update = new ContentBuilder();
  await update.image({ layers: ["a", "b", "new"] });
  await pushContent(source.url, "app", update.build(), { tag: "v1" });
  const updated = await step(`${destination.host}/app:v3`);
  assertEquals(updated.result.blobs, { transferred: 2, mounted: 0, existing: blobs - 2 });
  assertEquals(updated.source, { "GET manifest 200": 1, "GET blob 200": 2 });
});

withTools(
  ["crane"],
  "a registry that never answers a mount gets what it lacks, no more",
  async () => {
    await using registry = await startCraneRegistry();
    await using source = await serveRegistry();
    const layers = Array.from({ length: 12 }, (_, i) => `layer ${i}`);
    for (const [tag, top] of [["v1", "old"], ["v2", "new"]] as const) {
      const builder = new ContentBuilder();
      await builder.image({ layers: [...layers, top] });
      await pushContent(source.url, "app", builder.build(), { tag });
    }
    await copy(`${source.host}/app:v1`, `${registry.host}/app:v1`, { workers: 0 });
    const { blobs } = await copy(`${source.host}/app:v2`, `${registry.host}/app:v2`, {
      workers: 0,
    });
    assertEquals(blobs, { transferred: 2, mounted: 0, existing: 12 });
  },
);

withTools(
  ["docker-registry"],
  "an index into a new repository: two look-ups, no more",
  async () => {
    await using source = await startDockerRegistry();
    await using destination = await startDockerRegistry();
    const content = await createImageIndex();
    const [blobs, manifests] = [content.blobs.size, content.manifests.length];
    await pushContent(source.url, "app", content, { tag: "v1" });
    const result = await copy(`${source.host}/app:v1`, `${destination.host}/app:v1`);
    assertEquals(result.requests, 3 * blobs + 2 * manifests + 2);
    assertEquals(result.platforms, ["linux/amd64", "linux/arm64"]);
  },
);

withTools(["docker-registry"], "a plan writes nothing and says what a copy does", async () => {
  await using source = await startDockerRegistry();
  await using destination = await startDockerRegistry();
  await pushContent(source.url, "app", await createImageIndex(), { tag: "v1" });
  const request = { srcRef: `${source.host}/app:v1`, destRef: `${destination.host}/app:v1` };
  const plan = await planCopy(request, anonymous);
  const writes = (await destination.requests()).filter((line) => !/^(GET|HEAD) /.test(line));
  assertEquals(writes, []);
  const result = await ociPush(request, anonymous);
  assertEquals(result.bytes, plan.size.transfer);
  assertEquals(result.digest, plan.root);
  assertEquals((await planCopy(request, anonymous)).mode, "unchanged");
});

withTools(
  ["docker-registry", "crane"],
  "annotating inside a repository writes manifests alone, and every digest is right",
  async () => {
    await using registry = await startDockerRegistry();
    await pushContent(registry.url, "app", await createImageIndex(), { tag: "v1" });
    const before = (await registry.requests()).length;
    const result = await copy(`${registry.host}/app:v1`, `${registry.host}/app:v2`, {
      annotations: { "index:where": "index", what: "=é\n", "manifest:more": "1" },
    });
    const done = await tally(registry, before);
    assertEquals(done["PUT manifest 201"], 3);
    assertEquals(Object.keys(done).filter((key) => /(POST|PUT|PATCH) blob/.test(key)), []);
    const graph = await readGraph(registry.url, "app", "v2");
    assertEquals(graph.root, result.digest);
    const index = JSON.parse(graph.documents.get(graph.root)!);
    assertEquals(index.annotations, { where: "index" });
    assertEquals(
      index.manifests.map((m: { platform: { architecture: string } }) => m.platform.architecture),
      ["amd64", "arm64"],
    );
    for (const { digest } of index.manifests) {
      const { annotations } = JSON.parse(graph.documents.get(digest)!);
      assertEquals(annotations, { what: "=é\n", more: "1" });
    }
    await succeed("crane", ["validate", "--remote", `${registry.host}/app:v2`]);
  },
);

withTools(["docker-registry"], "annotations across registries move each blob once", async () => {
  await using source = await startDockerRegistry();
  await using destination = await startDockerRegistry();
  const artifact = ARTIFACTS.find(({ name }) => name === "BuildKit attestations")!;
  const content = await artifact.create();
  await pushContent(source.url, "app", content, { tag: "v1" });
  const result = await copy(`${source.host}/app:v1`, `${destination.host}/app:v1`, {
    annotations: { a: "b" },
  });
  assertEquals(result.blobs.transferred, content.blobs.size);
  const graph = await readGraph(destination.url, "app", "v1");
  const { manifests } = JSON.parse(graph.documents.get(graph.root)!);
  assertEquals(manifests[1].annotations["vnd.docker.reference.digest"], manifests[0].digest);
  const again = await copy(`${source.host}/app:v1`, `${destination.host}/app:v1`, {
    annotations: { a: "b" },
  });
  assertEquals([again.status, again.digest], ["unchanged", result.digest]);
});

withTools(
  ["docker-registry", "helm"],
  "a chart that helm pushed can be pulled by helm",
  async () => {
    await using source = await startDockerRegistry();
    await using destination = await startDockerRegistry();
    const folder = await Deno.makeTempDir();
    try {
      const helm = (args: string[]) =>
        succeed("helm", args, { cwd: folder, env: { HOME: folder } });
      await helm(["create", "app"]);
      await helm(["package", "app", "--version", "1.2.3+build.4"]);
      await helm(["push", "app-1.2.3+build.4.tgz", `oci://${source.host}/charts`, "--plain-http"]);
      const result = await copy(
        `oci://${source.host}/charts/app:1.2.3+build.4`,
        `oci://${destination.host}/charts/app:1.2.3+build.4`,
      );
      assertEquals(result.tag, "1.2.3_build.4");
      assertEquals(result.image, `${destination.host}/charts/app:1.2.3+build.4`);
      await helm([
        "pull",
        `oci://${destination.host}/charts/app`,
        "--version",
        "1.2.3+build.4",
        "--plain-http",
        "--destination",
        "pulled",
        "--untar",
      ]);
      assert(
        (await Deno.readTextFile(`${folder}/pulled/app/Chart.yaml`)).includes("1.2.3+build.4"),
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

withTools(
  ["docker-registry", "oras", "skopeo"],
  "what oras and skopeo pushed arrives byte for byte",
  async () => {
    await using source = await startDockerRegistry();
    await using destination = await startDockerRegistry();
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${folder}/sbom.json`, '{"spdx":true}');
      await succeed("oras", [
        "push",
        "--plain-http",
        "--artifact-type",
        "application/vnd.example.sbom",
        `${source.host}/artifact:v1`,
        "sbom.json:application/json",
      ], { cwd: folder });
      await pushContent(source.url, "seed", await createImageIndex(), { tag: "v1" });
      await succeed("skopeo", [
        "copy",
        "--all",
        "--src-tls-verify=false",
        "--dest-tls-verify=false",
        `docker://${source.host}/seed:v1`,
        `docker://${source.host}/image:v1`,
      ]);
      for (const name of ["artifact", "image"]) {
        await copy(`${source.host}/${name}:v1`, `${destination.host}/${name}:v1`);
        assertEquals(
          await readGraph(destination.url, name, "v1"),
          await readGraph(source.url, name, "v1"),
        );
      }
      await succeed("oras", [
        "pull",
        "--plain-http",
        `${destination.host}/artifact:v1`,
        "-o",
        "out",
      ], {
        cwd: folder,
      });
      assertEquals(await Deno.readTextFile(`${folder}/out/sbom.json`), '{"spdx":true}');
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);

withTools(["docker-registry"], "blobs in chunks and verified ones arrive whole", async () => {
  await using source = await startDockerRegistry();
  await using destination = await startDockerRegistry();
  const builder = new ContentBuilder();
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  const layer = await builder.blob(bytes, "application/vnd.oci.image.layer.v1.tar");
  const config = await builder.blob("{}", "application/vnd.oci.empty.v1+json");
  await builder.document({
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config,
    layers: [layer],
  });
  await pushContent(source.url, "app", builder.build(), { tag: "v1" });
  const accepted: number[] = [];
  await copy(`${source.host}/app:v1`, `${destination.host}/chunked:v1`, {
    chunkThreshold: 10_000,
    chunkSize: 25_000,
    onEvent(event) {
      if (event.type === "blob-progress" && event.digest === layer.digest) {
        accepted.push(event.accepted);
      }
    },
  });
  assertEquals(accepted, [25_000, 50_000, 60_000]);
  for (const workers of [0, 1]) {
    await copy(`${source.host}/app:v1`, `${destination.host}/verified${workers}:v1`, {
      verify: "client",
      workers,
    });
  }
  for (const name of ["chunked", "verified0", "verified1"]) {
    assertEquals((await readGraph(destination.url, name, "v1")).blobs.size, 2);
  }
});

withTools(
  ["docker-registry", "crane"],
  "an index that crane built is annotated whole",
  async () => {
    await using source = await startDockerRegistry();
    await using destination = await startDockerRegistry();
    const folder = await Deno.makeTempDir();
    try {
      await Deno.writeTextFile(`${folder}/file`, "content");
      await succeed("tar", ["-czf", "layer.tar.gz", "file"], { cwd: folder });
      const image = `${source.host}/app:one`;
      const append = ["append", "--oci-empty-base", "-f", "layer.tar.gz", "-t", image];
      await succeed("crane", append, { cwd: folder });
      await succeed("crane", ["index", "append", "-m", image, "-t", `${source.host}/app:v1`]);
      const to = `${destination.host}/app:v1`;
      const result = await copy(`${source.host}/app:v1`, to, {
        annotations: { "index:a": "1", b: "2" },
      });
      const graph = await readGraph(destination.url, "app", "v1");
      assertEquals(graph.root, result.digest);
      assertEquals(JSON.parse(graph.documents.get(graph.root)!).annotations, { a: "1" });
      await succeed("crane", ["validate", "--remote", to]);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
