/**
 * Copies that meet trouble: what they say, how they go on, what they leave behind.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertRejects,
  assertStringIncludes,
} from "../../lib/std/assert.ts";
import { ociPush } from "../../lib/copy.ts";
import type { CopyOptions } from "../../lib/copy_request.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import type { CopyEvent } from "../../lib/transfer/event.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker_registry.ts";
import { type FaultyProxy, type Rule, startFaultyProxy } from "../support/faulty_proxy.ts";
import {
  type Content,
  ContentBuilder,
  MANIFEST,
  pushContent,
  readGraph,
} from "../support/images.ts";
import { withTools } from "../support/tools.ts";

/** Two registries; each is reached through a proxy with rules. */
interface Scene {
  source: DockerRegistry;
  destination: DockerRegistry;
  /** What is at the source as `app:v1`; its layer is random, its config and manifest small. */
  content: Content;
  layer: string;
  copy(options?: CopyOptions): Promise<Awaited<ReturnType<typeof ociPush>>>;
  /** The copy, which has to fail. */
  fail(options?: CopyOptions): Promise<OciPushError>;
  events: CopyEvent[];
  proxies: { source: FaultyProxy; destination: FaultyProxy };
}

interface SceneOptions {
  /** What breaks; made once the content is known. */
  source?: (content: Content, layer: string) => Rule[];
  destination?: (content: Content, layer: string) => Rule[];
  srcTag?: string;
}

const SIZE = 300_000;
const BEFORE = "before";

function scene(name: string, options: SceneOptions, test: (scene: Scene) => Promise<void>): void {
  withTools(["docker-registry"], name, async () => {
    await using source = await startDockerRegistry();
    await using destination = await startDockerRegistry();
    const { content, layer } = await createContent();
    await pushContent(source.url, "app", content, { tag: "v1" });
    const events: CopyEvent[] = [];
    const noRules = () => [];
    await using from = startFaultyProxy(source.url, (options.source ?? noRules)(content, layer));
    await using to = startFaultyProxy(
      destination.url,
      (options.destination ?? noRules)(content, layer),
    );
    const copy = (more: CopyOptions = {}) =>
      ociPush({
        srcRef: `${from.host}/${options.srcTag ?? "app:v1"}`,
        destRef: `${to.host}/app:v1`,
      }, {
        credentials: () => Promise.resolve(undefined),
        certificates: () => Promise.resolve({}),
        onEvent: (event) => events.push(event),
        ...more,
      });
    await test({
      source,
      destination,
      content,
      layer,
      copy,
      fail: (more) => assertRejects(() => copy(more), OciPushError),
      events,
      proxies: { source: from, destination: to },
    });
    from.assertSpent();
    to.assertSpent();
  });
}

async function createContent(): Promise<{ content: Content; layer: string }> {
  const builder = new ContentBuilder();
  const bytes = new Uint8Array(SIZE);
  for (let at = 0; at < SIZE; at += 60_000) crypto.getRandomValues(bytes.subarray(at, at + 60_000));
  const layer = await builder.blob(bytes, "application/vnd.oci.image.layer.v1.tar");
  const config = await builder.blob("{}", "application/vnd.oci.image.config.v1+json");
  await builder.document({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] });
  return { content: builder.build(), layer: layer.digest };
}

/** Puts something else under the destination's tag; says what it names. */
async function occupy({ destination }: Scene): Promise<string> {
  const builder = new ContentBuilder();
  await builder.image({ layers: [BEFORE] });
  const content = builder.build();
  await pushContent(destination.url, "app", content, { tag: "v1" });
  return content.root;
}

async function tagOf({ destination }: Scene): Promise<string | null> {
  const url = new URL("/v2/app/manifests/v1", destination.url);
  const response = await fetch(url, { method: "HEAD", headers: { accept: MANIFEST } });
  return response.headers.get("docker-content-digest");
}

async function assertArrived(scene: Scene): Promise<void> {
  const graph = await readGraph(scene.destination.url, "app", "v1");
  assertEquals([graph.root, graph.blobs.size], [scene.content.root, scene.content.blobs.size]);
}

const always = (path: string | RegExp, fault: Rule["fault"], method?: string): Rule => ({
  path,
  fault,
  ...(method !== undefined && { method }),
});
const first = (path: string | RegExp, fault: Rule["fault"], method?: string): Rule => ({
  ...always(path, fault, method),
  nth: 1,
});
const refusal = (status: number, code: string, message = ""): Rule["fault"] => ({
  kind: "answer",
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ errors: [{ code, message }] }),
});

for (const verify of ["destination", "client"] as const) {
  scene(`a corrupt blob is the source's fault (${verify} verifies), and the tag stays`, {
    source: (_, layer) => [always(layer, { kind: "corrupt", at: SIZE - 1 }, "GET")],
  }, async (scene) => {
    const before = await occupy(scene);
    const error = await scene.fail({ verify });
    assertEquals([error.code, error.terminal, error.details.side], [
      "SOURCE_CORRUPT",
      true,
      "source",
    ]);
    assertEquals(error.details.digest, scene.layer);
    assertEquals(await tagOf(scene), before);
  });
}

scene("a body that breaks once is sent again", {
  source: (_, layer) => [first(layer, { kind: "truncate", after: 100_000 }, "GET")],
}, async (scene) => {
  await scene.copy();
  await assertArrived(scene);
  assertEquals(scene.events.filter(({ type }) => type === "blob-retry").length, 1);
});

scene("a busy registry is given the time it asks for, and that is told", {
  source: () => [
    first("/manifests/", {
      kind: "answer",
      status: 429,
      headers: { "retry-after": "0.1" },
    }),
  ],
}, async (scene) => {
  await scene.copy();
  await assertArrived(scene);
  const [wait] = scene.events.filter((event) => event.type === "wait");
  assert(wait);
  assertEquals([wait.side, wait.reason, wait.attempt, wait.attempts], ["source", "429", 2, 6]);
  assertGreater(wait.ms, 100);
});

scene("a blob that comes too soon is sent again later", {
  destination: () => [
    first(/digest=/, { kind: "answer", status: 429, headers: { "retry-after": "0.1" } }, "PUT"),
  ],
}, async (scene) => {
  await scene.copy();
  await assertArrived(scene);
  const retries = scene.events.filter((event) => event.type === "blob-retry");
  assertEquals(retries.length, 1);
});

scene("a registry that is down for now is worth another try later", {
  destination: () => [always("/", { kind: "answer", status: 503 })],
}, async (scene) => {
  const error = await scene.fail({ retries: 1 });
  assertEquals([error.code, error.terminal, error.details.attempts], ["UNAVAILABLE", false, 2]);
  assertEquals([error.details.side, error.details.status], ["destination", 503]);
});

const page: Rule["fault"] = {
  kind: "answer",
  status: 200,
  headers: { "content-type": "text/html" },
  body: "<!doctype html><title>Log in</title>",
};
for (const side of ["source", "destination"] as const) {
  scene(
    `a login page is no registry: ${side}`,
    { [side]: () => [always("/", page)] },
    async (scene) => {
      const error = await scene.fail();
      assertEquals([error.code, error.terminal, error.details.side], [
        "REGISTRY_BROKEN",
        true,
        side,
      ]);
    },
  );
}

scene("a page that takes uploads only is no registry either", {
  destination: () => [always("/blobs/uploads/", page, "PUT")],
}, async (scene) => {
  const error = await scene.fail();
  assertEquals([error.code, error.terminal], ["REGISTRY_BROKEN", true]);
});

scene("a registry's words cannot command a terminal or a runner", {
  destination: () => [
    always("/uploads/", refusal(403, "DENIED", "no\n::warning::\u001b[2Jcleared"), "POST"),
  ],
}, async (scene) => {
  const error = await scene.fail();
  assertEquals(error.code, "DENIED");
  assertStringIncludes(error.message, '"no ::warning::\\x1b[2Jcleared"');
  assertEquals(/\p{Cc}/u.test(JSON.stringify(error)), false);
});

scene("a missing tag is told from its neighbours", { srcTag: "app:v2" }, async (scene) => {
  const error = await scene.fail();
  assertEquals([error.code, error.terminal], ["TAG_NOT_FOUND", true]);
  assertEquals(error.hint, "v1 exists; did you mean v1?");
});

scene("a missing repository is told from a missing tag", { srcTag: "other:v1" }, async (scene) => {
  const error = await scene.fail();
  assertEquals([error.code, error.terminal], ["REPOSITORY_NOT_FOUND", true]);
  assertStringIncludes(error.message, "/other:v1 (source): ");
});

scene("a blob that the source lost is named", {
  source: (_, layer) => [always(layer, refusal(404, "BLOB_UNKNOWN"), "GET")],
}, async (scene) => {
  const error = await scene.fail();
  assertEquals([error.code, error.terminal, error.details.side, error.details.digest], [
    "BLOB_NOT_FOUND",
    true,
    "source",
    scene.layer,
  ]);
  assertEquals(await tagOf(scene), null);
});

/** What the source says instead of its manifest. */
const documents: { does: string; body: () => BodyInit; code: string }[] = [
  {
    does: "a negative size",
    body: () => manifest({ size: -1 }),
    code: "MANIFEST_INVALID",
  },
  {
    does: "a digest that leads elsewhere",
    body: () => manifest({ digest: "sha256:../../secrets" }),
    code: "MANIFEST_INVALID",
  },
  {
    does: "a hundred megabytes",
    body: () => {
      let left = 100;
      return new ReadableStream({
        pull(controller) {
          if (left-- === 0) return controller.close();
          controller.enqueue(new Uint8Array(1 << 20).fill(32));
        },
      });
    },
    code: "MANIFEST_INVALID",
  },
];

function manifest(layer: object): string {
  const blob = { mediaType: "x/y", digest: `sha256:${"a".repeat(64)}`, size: 1 };
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: blob,
    layers: [{ ...blob, ...layer }],
  });
}

for (const { does, body, code } of documents) {
  scene(`a manifest with ${does} goes nowhere`, {
    source: () => [
      always("/manifests/v1", {
        kind: "answer",
        status: 200,
        headers: { "content-type": MANIFEST },
        body,
      }),
    ],
  }, async (scene) => {
    const error = await scene.fail();
    assertEquals([error.code, error.terminal], [code, true]);
    const writes = (await scene.destination.requests()).filter((line) => !/^(GET|HEAD)/.test(line));
    assertEquals(writes, []);
  });
}

withTools(
  ["docker-registry"],
  "a child that is missing, or is another, is the source's fault",
  async () => {
    await using source = await startDockerRegistry();
    const builder = new ContentBuilder();
    const child = await builder.image();
    await builder.index([child]);
    await pushContent(source.url, "app", builder.build(), { tag: "v1" });
    for (
      const [fault, code] of [
        [refusal(404, "MANIFEST_UNKNOWN"), "MANIFEST_NOT_FOUND"],
        [{ kind: "corrupt", at: 20 }, "DIGEST_MISMATCH"],
      ] as const
    ) {
      await using proxy = startFaultyProxy(source.url, [always(child.digest, fault)]);
      await using destination = await startDockerRegistry();
      const error = await assertRejects(
        () =>
          ociPush({ srcRef: `${proxy.host}/app:v1`, destRef: `${destination.host}/app:v1` }, {
            credentials: () => Promise.resolve(undefined),
            certificates: () => Promise.resolve({}),
          }),
        OciPushError,
      );
      assertEquals([error.code, error.terminal, error.details.side], [code, true, "source"]);
      proxy.assertSpent();
    }
  },
);

scene("a registry that does not answer is given up in time", {
  source: () => [always("/manifests/", { kind: "stall" })],
}, async (scene) => {
  const error = await scene.fail({ retries: 0, stallTimeout: 100 });
  assertEquals([error.code, error.terminal, error.details.side], ["TIMEOUT", false, "source"]);
});

withTools(["docker-registry"], "a destination that dies ends the copy soon", async () => {
  await using source = await startDockerRegistry();
  const destination = await startDockerRegistry();
  const { content } = await createContent();
  await pushContent(source.url, "app", content, { tag: "v1" });
  let killed: PromiseLike<void> | undefined;
  const began = performance.now();
  const error = await assertRejects(
    () =>
      ociPush({ srcRef: `${source.host}/app:v1`, destRef: `${destination.host}/app:v1` }, {
        credentials: () => Promise.resolve(undefined),
        certificates: () => Promise.resolve({}),
        onEvent({ type }) {
          if (type === "blob-opened") killed ??= destination[Symbol.asyncDispose]();
        },
      }),
    OciPushError,
  );
  await killed;
  assertEquals([error.code, error.terminal, error.details.side], [
    "UNREACHABLE",
    false,
    "destination",
  ]);
  assertLess(performance.now() - began, 10_000);
});

scene("a destination that lost a blob gets it again", {}, async (scene) => {
  await scene.copy();
  const { destination, layer, proxies } = scene;
  const [algorithm, hex] = layer.split(":") as [string, string];
  const links = `${destination.storage}/docker/registry/v2/repositories/app/_layers`;
  await Deno.remove(`${links}/${algorithm}/${hex}`, { recursive: true });
  const again = await ociPush({
    srcRef: `${proxies.source.host}/app:v1`,
    destRef: `${proxies.destination.host}/app:v2`,
  }, {
    credentials: () => Promise.resolve(undefined),
    certificates: () => Promise.resolve({}),
  });
  assertEquals(again.blobs.transferred, 1);
  await readGraph(destination.url, "app", "v2");
});

scene("a copy that is stopped leaves the tag, no upload, and blobs for the next", {
  source: (_, layer) => [first(layer, { kind: "stall" }, "GET")],
}, async (scene) => {
  const before = await occupy(scene);
  const stop = new Error("stopped");
  const controller = new AbortController();
  const done = new Set<string>();
  const stopped = scene.copy({
    signal: controller.signal,
    onEvent(event) {
      if (event.type === "blob-done") done.add(event.type);
      if (event.type === "blob-opened" && event.digest === scene.layer) done.add(event.type);
      if (done.size === 2) controller.abort(stop);
    },
  });
  assertEquals(await assertRejects(() => stopped), stop);
  assertEquals(await tagOf(scene), before);
  const requests = await scene.destination.requests();
  assertEquals(requests.filter((line) => line.startsWith("DELETE ")).length, 1);
  const result = await scene.copy();
  assertEquals(result.blobs, { transferred: 1, mounted: 0, existing: 1 });
  await assertArrived(scene);
});

const halfway = Promise.withResolvers<void>();
scene("a copy can be stopped while bytes move", {
  source: (_, layer) => [
    first(layer, {
      kind: "answer",
      status: 200,
      headers: { "content-length": String(SIZE) },
      body() {
        let sent = false;
        return new ReadableStream({
          pull(controller) {
            if (sent) {
              halfway.resolve();
              return new Promise(() => {}); // no more comes
            }
            sent = true;
            controller.enqueue(new Uint8Array(SIZE / 2));
          },
        }, { highWaterMark: 0 });
      },
    }, "GET"),
  ],
}, async (scene) => {
  const stop = new Error("stopped");
  const controller = new AbortController();
  const stopped = scene.copy({ signal: controller.signal });
  halfway.promise.then(() => setTimeout(() => controller.abort(stop), 20)); // under way by then
  // What the runtime drops on the floor would end the test from outside.
  assertEquals(await assertRejects(() => stopped), stop);
  assertEquals(await tagOf(scene), null);
});

scene("a chunk that breaks costs a chunk", {
  destination: () => [
    { method: "PATCH", path: "/uploads/", nth: 2, fault: { kind: "answer", status: 503 } },
  ],
}, async (scene) => {
  await scene.copy({ chunkThreshold: 1000, chunkSize: 100_000 });
  await assertArrived(scene);
  const progress = scene.events.flatMap((event) =>
    event.type === "blob-progress" && event.digest === scene.layer ? [event.accepted] : []
  );
  assertEquals(progress, [100_000, 200_000, SIZE]);
  assertEquals(scene.events.filter(({ type }) => type === "blob-retry"), []);
  const { requests } = scene.proxies.destination;
  assertEquals(requests.filter((line) => /^GET .*\/uploads\//.test(line)).length, 1);
});

// What distribution keeps of the broken chunk is a matter of time: it goes on, or begins again.
scene("a source that breaks within a chunk is asked again", {
  source: (_, layer) => [
    { method: "GET", path: layer, nth: 2, fault: { kind: "truncate", after: 10_000 } },
  ],
}, async (scene) => {
  await scene.copy({ chunkThreshold: 1000, chunkSize: 100_000 });
  await assertArrived(scene);
  const requests = await scene.source.requests();
  const gets = requests.filter((line) => line.includes(scene.layer));
  assertGreater(gets.length, 3);
  assertEquals(gets.filter((line) => !line.endsWith(" 206")), []);
});

scene("a destination that refuses chunks gets the blob whole", {
  destination: () => [
    always("/uploads/", { kind: "answer", status: 416 }, "PATCH"),
  ],
}, async (scene) => {
  await scene.copy({ chunkThreshold: 1000, chunkSize: 100_000 });
  await assertArrived(scene);
});

withTools(["docker-registry"], "a mount that is refused becomes a transfer", async () => {
  await using registry = await startDockerRegistry();
  const { content } = await createContent();
  await pushContent(registry.url, "app", content, { tag: "v1" });
  await using proxy = startFaultyProxy(registry.url, [
    always("mount=", refusal(403, "DENIED"), "POST"),
  ]);
  const result = await ociPush({
    srcRef: `${proxy.host}/app:v1`,
    destRef: `${proxy.host}/other:v1`,
  }, {
    credentials: () => Promise.resolve(undefined),
    certificates: () => Promise.resolve({}),
  });
  assertEquals(result.blobs, { transferred: 2, mounted: 0, existing: 0 });
  assertEquals((await readGraph(registry.url, "other", "v1")).root, content.root);
  proxy.assertSpent();
});
