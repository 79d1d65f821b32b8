/**
 * What a folder does beyond a storage's contract: it lasts, it shares, and nothing leaves it.
 *
 * @module
 */

import { assert, assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { type Digest, digestOf } from "../../lib/oci/digest.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { createFolderStorage } from "../../lib/serve/folder_storage.ts";
import type { Storage } from "../../lib/serve/storage.ts";
import {
  type Ask,
  bytesOf,
  imageManifest,
  openRegistry,
  pushBlob,
  pushManifest,
} from "./registry.ts";

function inFolder(name: string, test: (dir: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const dir = await Deno.makeTempDir();
    try {
      await test(dir);
    } finally {
      await Deno.remove(dir, { recursive: true });
    }
  });
}

async function filesIn(dir: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(dir)) {
    if (isDirectory) found.push(...(await filesIn(`${dir}/${name}`)).map((n) => `${name}/${n}`));
    else found.push(name);
  }
  return found.sort();
}

inFolder("a folder storage has what an earlier one of the same folder had", async (dir) => {
  const before = openRegistry({ storage: await createFolderStorage(dir) });
  const { digest } = await pushBlob(before, "team/app", "hello");
  const { text } = await imageManifest();
  await pushManifest(before, "/v2/team/app/manifests/v1", text);
  const opened = await before("POST", "/v2/team/app/blobs/uploads/");
  const location = opened.headers.get("location")!;
  await before("PATCH", location, { body: "wor" });

  const after = openRegistry({ storage: await createFolderStorage(dir) });
  assertEquals(await (await after("GET", `/v2/team/app/blobs/${digest}`)).text(), "hello");
  assertEquals(await (await after("GET", "/v2/team/app/manifests/v1")).text(), text);
  assertEquals((await after("GET", location)).headers.get("range"), "0-2");
  // The hash of the first bytes was lost with the process.
  const world = await digestOf(bytesOf("world"));
  const finished = await after("PUT", `${location}?digest=${world}`, {
    headers: { "content-range": "3-4" },
    body: "ld",
  });
  assertEquals(finished.status, 201);
  assertEquals(await (await after("GET", `/v2/team/app/blobs/${world}`)).text(), "world");
});

inFolder("a folder storage keeps a blob of several repositories once", async (dir) => {
  const ask = openRegistry({ storage: await createFolderStorage(dir) });
  const { digest } = await pushBlob(ask, "one", "hello");
  await pushBlob(ask, "two", "hello");
  await ask("POST", `/v2/three/blobs/uploads/?mount=${digest}&from=one`);
  const path = digest.replace(":", "/");
  assertEquals(await filesIn(dir), [
    `blobs/${path}`,
    `repositories/one/blobs/${path}`,
    `repositories/three/blobs/${path}`,
    `repositories/two/blobs/${path}`,
  ]);
  assertEquals((await Deno.stat(`${dir}/blobs/${path}`)).nlink, 4);
  for (const name of ["one", "two", "three"]) await ask("DELETE", `/v2/${name}/blobs/${digest}`);
  assertEquals(await filesIn(dir), []);
});

inFolder(
  "a folder storage leaves no file of an upload that was refused, broken or cancelled",
  async (dir) => {
    const ask = openRegistry({ storage: await createFolderStorage(dir) });
    const wrong = await digestOf(bytesOf("other"));
    const refused = await ask("POST", `/v2/app/blobs/uploads/?digest=${wrong}`, { body: "hello" });
    const lost = ReadableStream.from(async function* () {
      yield await Promise.resolve(bytesOf("hel"));
      throw new Error("connection reset");
    }());
    const broken = await ask("POST", `/v2/app/blobs/uploads/?digest=${wrong}`, { body: lost });
    const opened = await ask("POST", "/v2/app/blobs/uploads/");
    const cancelled = await ask("DELETE", opened.headers.get("location")!);
    assertEquals([refused.status, broken.status, cancelled.status], [400, 400, 204]);
    assertEquals(await filesIn(dir), []);
  },
);

inFolder("a folder storage forgets uploads that nobody touched for a week", async (dir) => {
  const storage = await createFolderStorage(dir);
  const app = storage.repository("team/app");
  const [old, recent] = [await app.createUpload(), await app.createUpload()];
  const days = (n: number) => new Date(Date.now() - n * 24 * 60 * 60 * 1000);
  const uploads = `${dir}/repositories/team,app/uploads`;
  await Deno.utime(`${uploads}/${old}`, days(8), days(8));
  await Deno.utime(`${uploads}/${recent}`, days(6), days(6));
  const again = (await createFolderStorage(dir)).repository("team/app");
  assertEquals([await again.uploadSize(old), await again.uploadSize(recent)], [undefined, 0]);
});

const strange = ["../secret", "..", ".", "/etc/passwd", "a/../../secret", "a\\..\\b", "", "a\0b"];

for (const name of strange) {
  inFolder(
    `a folder storage does not leave its folder for ${JSON.stringify(name)}`,
    async (dir) => {
      await Deno.writeTextFile(`${dir}/secret`, "secret");
      const app = (await createFolderStorage(`${dir}/registry`)).repository("app");
      const digests = [name, `sha256:${name}`] as Digest[];
      for (const digest of digests) {
        for (
          const call of [
            () => app.blobSize(digest),
            () => app.readBlob(digest),
            () => app.deleteBlob(digest),
            () => app.mountBlob(digest),
            () => app.getManifest(digest),
            () => app.putManifest(digest, { mediaType: "a/b", bytes: bytesOf("x") }),
            () => app.deleteManifest(digest),
            () => app.listReferrers(digest),
          ]
        ) await assertRejects(async () => await call(), RangeError);
      }
      for (
        const call of [
          () => app.getTag(name),
          () => app.putTag(name, digests[0]!),
          () => app.deleteTag(name),
          () => app.uploadSize(name),
          () => app.appendUpload(name, async function* () {}()),
          () => app.readUpload(name),
          () => app.commitUpload(name, digests[0]!),
          () => app.deleteUpload(name),
          () => app.mountBlob(`sha256:${"0".repeat(64)}`, name),
        ]
      ) await assertRejects(async () => await call(), RangeError);
      assertEquals(await Deno.readTextFile(`${dir}/secret`), "secret");
    },
  );
}

const paths = [
  "/v2/%2e%2e/secret/blobs/x",
  "/v2/..%2f..%2fsecret/manifests/v1",
  "/v2/app/manifests/..%2f..%2f..%2fsecret",
  "/v2/app/manifests/%2e%2e",
  "/v2/app/blobs/sha256:..%2f..%2fsecret",
  "/v2/app/blobs/uploads/..%2f..%2fsecret",
  "/v2/app/referrers/sha256:..%2f..",
  "/v2/app\\..\\secret/tags/list",
];

inFolder("a registry finds nothing under a path that points elsewhere", async (dir) => {
  await Deno.writeTextFile(`${dir}/secret`, "secret");
  const errors: unknown[] = [];
  const ask = openRegistry({
    storage: await createFolderStorage(`${dir}/registry`),
    onRequest: ({ error }) => error && errors.push(error),
  });
  for (const path of paths) {
    for (const method of ["GET", "PUT", "DELETE"]) {
      const { status } = await ask(method, path, method === "PUT" ? { body: "{}" } : {});
      assert(status >= 400 && status < 500, `${method} ${path}: ${status}`);
    }
  }
  assertEquals(errors, []);
  assertEquals(await filesIn(dir), ["secret"]);
});

inFolder("a folder that is a file is refused with its name", async (dir) => {
  await Deno.writeTextFile(`${dir}/file`, "");
  const error = await assertRejects(() => createFolderStorage(`${dir}/file`), OciPushError);
  assertEquals([error.code, error.details.file], ["FILE", `${dir}/file`]);
});

Deno.test("a folder without a name is refused", async () => {
  const error = await assertRejects(() => createFolderStorage(""), OciPushError, "no name");
  assertEquals(error.code, "FILE");
});

inFolder("a registry that is killed while many push has all that it acknowledged", async (dir) => {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", new URL("served_folder.ts", import.meta.url).href, dir],
    stdout: "piped",
  }).spawn();
  const { acknowledged, location } = await pushUntilKilled(child);
  assert(acknowledged.length >= 40);

  const storage = await createFolderStorage(dir);
  for (const { name, tag, text } of acknowledged) {
    const repository = storage.repository(name);
    const digest = await repository.getTag(tag);
    const manifest = digest && await repository.getManifest(digest);
    assertEquals(new TextDecoder().decode(manifest?.bytes), text);
  }
  await assertWhole(dir, storage);
  const ask = openRegistry({ storage });
  const digest = await digestOf(bytesOf("hello world"));
  const finished = await ask("PUT", `${location}?digest=${digest}`, { body: " world" });
  assertEquals(finished.status, 201);
});

interface Pushed {
  name: string;
  tag: string;
  text: string;
}

async function pushUntilKilled(
  child: Deno.ChildProcess,
): Promise<{ acknowledged: Pushed[]; location: string }> {
  const { value } = await child.stdout.getReader().read();
  const origin = `http://${new TextDecoder().decode(value)}`;
  const ask: Ask = (method, path, options = {}) =>
    fetch(new URL(path, origin), { method, ...options });
  const opened = await ask("POST", "/v2/app/blobs/uploads/");
  const location = opened.headers.get("location")!;
  await (await ask("PATCH", location, { body: "hello" })).body?.cancel();

  const acknowledged: Pushed[] = [];
  const push = async (worker: number) => {
    for (let i = 0;; i++) {
      const name = `team/app${worker % 2}`;
      const tag = `v${worker}.${i}`;
      const layer = await pushBlob(ask, name, `${tag} `.repeat(20_000));
      const layers = [{ mediaType: "text/plain", ...layer }];
      const { text } = await imageManifest({ layers, annotations: { tag } });
      const response = await pushManifest(ask, `/v2/${name}/manifests/${tag}`, text);
      await response.body?.cancel();
      assertEquals(response.status, 201);
      acknowledged.push({ name, tag, text });
      if (acknowledged.length === 40) child.kill("SIGKILL");
    }
  };
  // Each of them ends with the connection.
  const ends = await Promise.allSettled(Array.from({ length: 8 }, (_, worker) => push(worker)));
  for (const end of ends) {
    assert(end.status === "rejected" && end.reason instanceof TypeError, String(end));
  }
  await child.status;
  return { acknowledged, location };
}

/** Nothing can be seen that is half written: blobs and manifests are what their digests say. */
async function assertWhole(dir: string, storage: Storage): Promise<void> {
  for (const path of await filesIn(dir)) {
    const [, name, kind, algorithm, hex] =
      /^(?:repositories\/([^/]+)\/)?(blobs|manifests)\/(\w+)\/(\w+)$/.exec(path) ?? [];
    if (!kind) continue;
    const digest = `${algorithm}:${hex}` as Digest;
    const repository = storage.repository((name ?? "").replaceAll(",", "/") || "any");
    const bytes = kind === "blobs"
      ? await Deno.readFile(`${dir}/${path}`)
      : (await repository.getManifest(digest))!.bytes;
    assertEquals(await digestOf(bytes), digest, path);
  }
}
