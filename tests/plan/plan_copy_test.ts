import { assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { parseReference } from "../../lib/oci/reference.ts";
import type { Plan } from "../../lib/plan/plan.ts";
import {
  type DestinationReference,
  planCopy,
  type PlanCopyOptions,
} from "../../lib/plan/plan_copy.ts";
import { blob, FakeStore, image, index, letter } from "./fake_store.ts";

const FROM = "src.test/app:v1";
const TO = "dest.test/app:prod";

interface World {
  source: FakeStore;
  destination: FakeStore;
}

async function plan(
  { source, destination }: World,
  options: Partial<PlanCopyOptions> & { from?: string; to?: string } = {},
): Promise<Plan> {
  const { from = FROM, to = TO, ...rest } = options;
  return await planCopy(
    { from: parseReference(from), to: parseReference(to) as DestinationReference },
    {
      source,
      destination,
      maxArtifactSize: 1000,
      noOverwrite: false,
      lookUp: "needed",
      trustManifests: true,
      concurrency: 8,
      ...rest,
    },
  );
}

/** A source with one image under v1, and an empty destination. */
async function oneImage(): Promise<World> {
  const source = new FakeStore();
  await source.add(image("a", [blob("b", 20), blob("c", 30)]), "v1");
  return { source, destination: new FakeStore() };
}

/** A source with an index of two images that share a layer, and an empty destination. */
async function twoImages(): Promise<World> {
  const source = new FakeStore();
  const first = await source.add(image("a", [blob("b", 20), blob("c", 30)]));
  const second = await source.add(image("d", [blob("b", 20), blob("e", 40)]));
  await source.add(
    index([first, second], [{ platform: { os: "linux", architecture: "amd64" } }]),
    "v1",
  );
  return { source, destination: new FakeStore() };
}

Deno.test("a retag in one repository asks for the source's manifest alone", async () => {
  const { source } = await oneImage();
  const made = await plan({ source, destination: source }, { to: "src.test/app:prod" });
  assertEquals(source.asked, ["get v1"]);
  assertEquals(made.mode, "retag");
  assertEquals(made.manifests.map(({ action }) => action), ["put"]);
  assertEquals([made.blobs, made.size.artifact], [[], null]);
});

Deno.test("a tag copied onto itself is unchanged", async () => {
  const { source } = await oneImage();
  const made = await plan({ source, destination: source }, { to: FROM });
  assertEquals([made.mode, source.asked], ["unchanged", ["get v1"]]);
});

Deno.test("nothing at the destination: two questions, and every blob is transferred", async () => {
  const world = await oneImage();
  const made = await plan(world);
  assertEquals(world.source.asked, ["get v1"]);
  assertEquals(world.destination.asked, ["head prod", "head v1"]);
  assertEquals(made.mode, "copy");
  assertEquals(
    made.blobs.map(({ digest, action, from, eager }) => ({ digest, action, from, eager })),
    [
      { digest: letter("c"), action: "transfer", from: "app", eager: true }, // the top layer
      { digest: letter("b"), action: "transfer", from: "app", eager: undefined },
      { digest: letter("a"), action: "transfer", from: "app", eager: true }, // the config
    ],
  );
  assertEquals(made.size, { artifact: 55, limit: 1000, transfer: 55 });
  assertEquals(made, JSON.parse(JSON.stringify(made)));
});

Deno.test("the tag names the digest already: unchanged after two requests", async () => {
  const world = await oneImage();
  world.destination.manifests.set("v1", await world.source.getManifest("v1"));
  const made = await plan(world, { maxArtifactSize: 1, to: "dest.test/app:v1" });
  assertEquals([made.mode, made.manifests[0]?.action], ["unchanged", "exists"]);
  assertEquals(world.destination.asked, ["head v1"]);
});

const otherNames = [
  { name: "the source's tag", from: FROM, there: "v1", asked: "head v1", known: true },
  { name: "its digest", from: "digest", there: "digest", asked: "head by digest", known: true },
  { name: "a name that nobody gave", from: FROM, there: "v0", asked: "head v1", known: false },
];
for (const { name, from, there, asked, known } of otherNames) {
  Deno.test(`there under ${name}: ${known ? "only the manifest is written" : "blobs tell"}`, async () => {
    const world = await oneImage();
    const root = await world.source.getManifest("v1");
    world.destination.manifests.set(there === "digest" ? root.digest : there, root);
    const made = await plan(world, {
      from: from === "digest" ? `src.test/app@${root.digest}` : from,
    });
    assertEquals(world.destination.asked, ["head prod", asked]);
    assertEquals(made.manifests.map(({ action }) => action), ["put"]);
    assertEquals(made.blobs.length, known ? 0 : 3);
  });
}

Deno.test("the source's tag names something else at the destination: nothing is taken for granted", async () => {
  const world = await oneImage();
  await world.destination.add(image("f", []), "v1");
  assertEquals((await plan(world)).blobs.length, 3);
});

Deno.test("an exact plan asks for the digest too", async () => {
  const world = await oneImage();
  const root = await world.source.getManifest("v1");
  world.destination.manifests.set(root.digest, root);
  const made = await plan(world, { lookUp: "all" });
  assertEquals(world.destination.asked, ["head prod", "head v1", "head by digest"]);
  assertEquals(made.blobs, []);
});

Deno.test("an index: children first, a shared layer once, but counted in each image", async () => {
  const world = await twoImages();
  world.destination.empty = true;
  const made = await plan(world);
  assertEquals(world.source.asked, ["get v1", "get by digest", "get by digest"]);
  assertEquals(world.destination.asked, ["head prod", "head v1", "list tags"]);
  assertEquals(made.manifests.map(({ parent }) => parent), [made.root, made.root, null]);
  assertEquals(made.manifests[0]?.platform, { os: "linux", architecture: "amd64" });
  assertEquals(made.blobs.length, 5);
  assertEquals(made.size, { artifact: 120, limit: 1000, transfer: 100 });
  assertEquals(made.destination.empty, true);
  assertEquals(made.blobs.every(({ eager }) => eager), true);
});

Deno.test("a child that is at the destination saves its blobs", async () => {
  const world = await twoImages();
  await world.destination.add(image("a", [blob("b", 20), blob("c", 30)]));
  const made = await plan(world);
  assertEquals(made.manifests.map(({ action }) => action), ["exists", "put", "put"]);
  assertEquals(made.blobs.map(({ digest }) => digest), [letter("e"), letter("b"), letter("d")]);
});

Deno.test("without trust a child that is there does not stand for its blobs", async () => {
  const world = await twoImages();
  await world.destination.add(image("a", [blob("b", 20), blob("c", 30)]));
  world.destination.blobs.add(letter("b"));
  const made = await plan(world, { trustManifests: false, lookUp: "all" });
  assertEquals(made.manifests.map(({ action }) => action), ["put", "put", "put"]);
  const actions = Object.fromEntries(made.blobs.map(({ digest, action }) => [digest, action]));
  assertEquals(actions[letter("b")], "exists");
  assertEquals(actions[letter("c")], "transfer");
});

Deno.test("another repository of one registry: mounts, and no questions about blobs", async () => {
  const { source } = await oneImage();
  const destination = new FakeStore();
  const made = await plan({ source, destination }, { to: "src.test/prod/app:v1" });
  assertEquals(destination.asked, ["head v1"]);
  assertEquals(
    new Set(made.blobs.map(({ action, from, eager }) => `${action} ${from} ${eager}`)),
    new Set(["mount app undefined"]),
  );
});

Deno.test("large blobs are asked for, unless the repository is unknown", async () => {
  for (const empty of [false, true]) {
    const source = new FakeStore();
    await source.add(image("a", [blob("b", 20_000_000)]), "v1");
    const destination = new FakeStore();
    destination.empty = empty;
    const made = await plan({ source, destination }, { maxArtifactSize: -1 });
    assertEquals(destination.asked.at(-1), "list tags");
    assertEquals(made.blobs.map(({ check = false }) => check), [!empty, false]);
    assertEquals(made.size.limit, null);
  }
});

Deno.test("an exact plan asks for every blob", async () => {
  const world = await oneImage();
  world.destination.blobs.add(letter("c"));
  const made = await plan(world, { lookUp: "all" });
  assertEquals(made.blobs.map(({ action, from }) => [action, from]), [
    ["exists", undefined],
    ["transfer", undefined],
    ["transfer", undefined],
  ]);
  assertEquals(made.size.transfer, 25);
});

Deno.test("foreign layers are skipped, and said", async () => {
  const world = await oneImage();
  const foreign = {
    ...blob("f", 900_000),
    mediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
    urls: ["https://example.com/layer"],
  };
  await world.source.add(image("a", [blob("b"), foreign]), "v1");
  const made = await plan(world);
  assertEquals(made.blobs.find(({ digest }) => digest === letter("f"))?.action, "skip");
  assertEquals([made.size.artifact, made.size.transfer], [15, 15]);
  assertEquals(made.warnings.map(({ code }) => code), ["FOREIGN_LAYERS"]);
});

const limits: { does: string; max: number; to?: string; there?: boolean; says?: string }[] = [
  { does: "allows what is as large as it", max: 120 },
  {
    does: "refuses a byte more, with both sizes",
    max: 119,
    says: "compressed artifact size 120 exceeds maximum allowed size of 119",
  },
  {
    does: "0 forbids copies across repositories",
    max: 0,
    says: "cross-repository push is disabled",
  },
  { does: "-1 is none", max: -1 },
  { does: "is not enforced in one repository", max: 0, to: "src.test/app:x" },
  { does: "is enforced where all is there already", max: 119, there: true, says: "119" },
];
for (const { does, max, to = TO, there = false, says } of limits) {
  Deno.test(`the size limit ${does}`, async () => {
    const world = await twoImages();
    if (there) world.destination.manifests.set("v1", await world.source.getManifest("v1"));
    const planning = plan(world, { maxArtifactSize: max, to });
    if (says === undefined) return void await planning;
    const error = await assertRejects(() => planning, OciPushError);
    assertEquals([error.code, error.terminal], ["SIZE_LIMIT", true]);
    assertStringIncludes(error.message, says);
  });
}

Deno.test("--no-overwrite refuses to move a tag, and takes the same digest", async () => {
  const world = await oneImage();
  const other = await world.destination.add(image("f", []), "prod");
  const error = await assertRejects(() => plan(world, { noOverwrite: true }), OciPushError);
  assertEquals(error.code, "TAG_EXISTS");
  assertStringIncludes(error.message, other.digest);
  assertStringIncludes(error.message, (await world.source.getManifest("v1")).digest);

  world.destination.manifests.set("prod", await world.source.getManifest("v1"));
  assertEquals((await plan(world, { noOverwrite: true })).mode, "unchanged");
});

Deno.test("tag and digest: the digest is copied, a tag that moved is said", async () => {
  const world = await oneImage();
  const { digest } = await world.source.getManifest("v1");
  const from = `src.test/app:v1@${digest}`;
  assertEquals((await plan(world, { from })).warnings, []);
  await world.source.add(image("f", []), "v1");
  const made = await plan(world, { from });
  assertEquals([made.root, made.warnings.map(({ code }) => code)], [digest, ["TAG_MOVED"]]);
});

Deno.test("a child of another size than its index says is refused", async () => {
  const world = await oneImage();
  const child = await world.source.getManifest("v1");
  await world.source.add(index([child], [{ size: 1 }]), "v1");
  const error = await assertRejects(() => plan(world), OciPushError);
  assertEquals(error.code, "MANIFEST_INVALID");
  assertStringIncludes(error.message, "its index says 1");
});

Deno.test("indexes too deep are refused", async () => {
  const world = await oneImage();
  let child = await world.source.getManifest("v1");
  for (let depth = 0; depth < 20; depth++) child = await world.source.add(index([child]), "v1");
  const error = await assertRejects(() => plan(world), OciPushError);
  assertStringIncludes(error.message, "16 deep");
});

Deno.test("the first failure is thrown once the other questions have ended", async () => {
  const world = await oneImage();
  let ended = false;
  world.destination.resolve = (_tag: string, options?: { signal?: AbortSignal | null }) =>
    new Promise((_resolve, reject) => {
      options?.signal?.addEventListener("abort", () => {
        ended = true;
        reject(options.signal!.reason);
      });
    });
  const error = await assertRejects(() => plan(world, { from: "src.test/app:gone" }), OciPushError);
  assertEquals([error.code, ended], ["TAG_NOT_FOUND", true]);
});
