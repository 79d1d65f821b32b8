/**
 * What every storage does, asked of each.
 *
 * @module
 */

import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { type Digest, digestOf } from "../../lib/oci/digest.ts";
import { createFolderStorage } from "../../lib/serve/folder_storage.ts";
import { createMemoryStorage } from "../../lib/serve/memory_storage.ts";
import type { BlobContent, RepositoryStorage, Storage } from "../../lib/serve/storage.ts";
import { bytesOf } from "./registry.ts";

const kinds: {
  kind: string;
  withStorage(test: (storage: Storage) => Promise<void>): Promise<void>;
}[] = [
  { kind: "memory", withStorage: (test) => test(createMemoryStorage()) },
  {
    kind: "folder",
    async withStorage(test) {
      const dir = await Deno.makeTempDir();
      try {
        await test(await createFolderStorage(dir));
      } finally {
        await Deno.remove(dir, { recursive: true });
      }
    },
  },
];

const hello = await digestOf(bytesOf("hello"));
const world = await digestOf(bytesOf("world"), "sha512");

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  // One buffer for all of them, as the handler has.
  const buffer = new Uint8Array(100);
  for (const text of texts) {
    const { written } = new TextEncoder().encodeInto(text, buffer);
    yield await Promise.resolve(buffer.subarray(0, written));
  }
}

async function read(content: BlobContent | undefined): Promise<string | undefined> {
  return content && await new Response(content).text();
}

async function addBlob(repository: RepositoryStorage, text: string): Promise<Digest> {
  const digest = await digestOf(bytesOf(text));
  const id = await repository.createUpload();
  await repository.appendUpload(id, pieces(text));
  await repository.commitUpload(id, digest);
  return digest;
}

function contract(does: string, test: (storage: Storage) => Promise<void>): void {
  for (const { kind, withStorage } of kinds) {
    Deno.test(`a ${kind} storage ${does}`, () => withStorage(test));
  }
}

contract("makes a blob of an upload's pieces", async (storage) => {
  const app = storage.repository("team/app");
  const id = await app.createUpload();
  assertEquals(await app.uploadSize(id), 0);
  await app.appendUpload(id, pieces("he", "ll"));
  await app.appendUpload(id, pieces());
  await app.appendUpload(id, pieces("o"));
  assertEquals(await app.uploadSize(id), 5);
  assertEquals(await read(await app.readUpload(id)), "hello");
  assertEquals(await app.blobSize(hello), undefined);
  await app.commitUpload(id, hello);
  assertEquals(await app.uploadSize(id), undefined);
  assertEquals(await app.blobSize(hello), 5);
  assertEquals(await read(await app.readBlob(hello)), "hello");
});

contract("reads any part of a blob", async (storage) => {
  const app = storage.repository("app");
  await addBlob(app, "hello");
  const parts = [[0, 0], [1, 3], [2, 4], [0, 4]].map(([start = 0, end = 0]) => ({ start, end }));
  const texts = await Promise.all(
    parts.map(async (range) => read(await app.readBlob(hello, range))),
  );
  assertEquals(texts, ["h", "ell", "llo", "hello"]);
});

contract("keeps the pieces before one that failed", async (storage) => {
  const app = storage.repository("app");
  const id = await app.createUpload();
  const broken = async function* () {
    yield* pieces("hel");
    throw new Error("connection lost");
  };
  await assertRejects(() => app.appendUpload(id, broken()), Error, "connection lost");
  assertEquals(await app.uploadSize(id), 3);
  await app.appendUpload(id, pieces("lo"));
  await app.commitUpload(id, hello);
  assertEquals(await read(await app.readBlob(hello)), "hello");
});

contract("keeps empty blobs", async (storage) => {
  const app = storage.repository("app");
  const digest = await addBlob(app, "");
  assertEquals(await app.blobSize(digest), 0);
  assertEquals(await read(await app.readBlob(digest)), "");
});

contract("shows a blob only where it was pushed or mounted", async (storage) => {
  const [app, copy, other] = ["team/app", "team/copy", "app"].map((name) =>
    storage.repository(name)
  ) as [RepositoryStorage, RepositoryStorage, RepositoryStorage];
  await addBlob(app, "hello");
  assertEquals(await copy.blobSize(hello), undefined);
  assertEquals(await copy.readBlob(hello), undefined);
  assertEquals(await copy.mountBlob(hello, "app"), false);
  assertEquals(await copy.mountBlob(hello, "team/app"), true);
  assertEquals(await copy.mountBlob(hello, "team/app"), true);
  assertEquals(await read(await copy.readBlob(hello)), "hello");
  assertEquals(await other.mountBlob(world), false);
  assertEquals(await other.mountBlob(hello), true);
  assertEquals(await other.blobSize(hello), 5);
});

contract("deletes a blob in one repository and leaves it in others", async (storage) => {
  const app = storage.repository("app");
  const copy = storage.repository("copy");
  await addBlob(app, "hello");
  await copy.mountBlob(hello, "app");
  assertEquals(await app.deleteBlob(hello), true);
  assertEquals(await app.deleteBlob(hello), false);
  assertEquals(await app.blobSize(hello), undefined);
  assertEquals(await read(await copy.readBlob(hello)), "hello");
  assertEquals(await app.mountBlob(hello), true);
  await app.deleteBlob(hello);
  await copy.deleteBlob(hello);
  assertEquals(await app.mountBlob(hello), false);
  await addBlob(app, "hello");
  assertEquals(await read(await app.readBlob(hello)), "hello");
});

contract("forgets an upload", async (storage) => {
  const app = storage.repository("app");
  const id = await app.createUpload();
  assertEquals(await storage.repository("other").uploadSize(id), undefined);
  assertEquals(await app.deleteUpload(id), true);
  assertEquals(await app.deleteUpload(id), false);
  assertEquals(await app.uploadSize(id), undefined);
});

contract("takes two uploads of one blob", async (storage) => {
  const app = storage.repository("app");
  const ids = [await app.createUpload(), await app.createUpload()];
  await Promise.all(ids.map((id) => app.appendUpload(id, pieces("hel", "lo"))));
  await Promise.all(ids.map((id) => app.commitUpload(id, hello)));
  assertEquals(await read(await app.readBlob(hello)), "hello");
  assertEquals(await Promise.all(ids.map((id) => app.uploadSize(id))), [undefined, undefined]);
});

contract("keeps a manifest's bytes and media type", async (storage) => {
  const app = storage.repository("app");
  const manifests = [
    { digest: hello, mediaType: "a/b; charset=utf-8", bytes: bytesOf('{ "é": "\n" }\n') },
    { digest: world, mediaType: "c/d", bytes: new Uint8Array(), subject: hello },
  ];
  for (const { digest, ...manifest } of manifests) await app.putManifest(digest, manifest);
  for (const { digest, ...manifest } of manifests) {
    assertEquals(await app.getManifest(digest), manifest);
    assertEquals(await storage.repository("other").getManifest(digest), undefined);
  }
});

contract(
  "moves tags, lists them in order, and says when nothing was ever there",
  async (storage) => {
    const app = storage.repository("app");
    assertEquals(await app.listTags(), undefined);
    await app.putManifest(hello, { mediaType: "a/b", bytes: bytesOf("hello") });
    assertEquals(await app.listTags(), []);
    for (const tag of ["v1", "latest", "V1", "v1.10", "v1.2"]) await app.putTag(tag, hello);
    assertEquals(await app.listTags(), ["V1", "latest", "v1", "v1.10", "v1.2"]);
    await app.putTag("v1", world);
    assertEquals(await app.getTag("v1"), world);
    assertEquals(await app.getTag("latest"), hello);
    assertEquals(await app.deleteTag("v1"), true);
    assertEquals(await app.deleteTag("v1"), false);
    assertEquals(await app.getTag("v1"), undefined);
  },
);

contract("deletes a manifest with its tags and its place among referrers", async (storage) => {
  const app = storage.repository("app");
  await app.putManifest(hello, { mediaType: "a/b", bytes: bytesOf("hello"), subject: world });
  await app.putManifest(world, { mediaType: "a/b", bytes: bytesOf("world") });
  await app.putTag("one", hello);
  await app.putTag("two", hello);
  await app.putTag("three", world);
  assertEquals(await app.listReferrers(world), [hello]);
  assertEquals(await app.deleteManifest(hello), true);
  assertEquals(await app.deleteManifest(hello), false);
  assertEquals(await app.listTags(), ["three"]);
  assertEquals(await app.getManifest(hello), undefined);
  assertEquals(await app.listReferrers(world), []);
});

contract(
  "lists referrers in the order of their digests, subject or no subject",
  async (storage) => {
    const app = storage.repository("app");
    const subject = await digestOf(bytesOf("not here"));
    const digests = await Promise.all(["1", "2", "3"].map((text) => digestOf(bytesOf(text))));
    for (const digest of [...digests, world]) {
      await app.putManifest(digest, { mediaType: "a/b", bytes: bytesOf("x"), subject });
    }
    assertEquals(await app.listReferrers(subject), [...digests, world].sort());
    assertEquals(await app.listReferrers(hello), []);
    assertEquals(await storage.repository("other").listReferrers(subject), []);
  },
);

contract("lets the last of several writers of a tag win, whole", async (storage) => {
  const app = storage.repository("app");
  const digests = await Promise.all(
    Array.from({ length: 20 }, (_, i) => digestOf(bytesOf(String(i)))),
  );
  const reads: Promise<Digest | undefined>[] = [];
  await Promise.all(digests.map(async (digest) => {
    await app.putTag("latest", digest);
    reads.push(app.getTag("latest"));
  }));
  for (const digest of [...await Promise.all(reads), await app.getTag("latest")]) {
    assertEquals(digests.includes(digest!), true);
  }
});

for (const name of ["", "..", "../x", "a/../b", "/etc", "a//b", "a,b", "A", "a/", ".", "a\0b"]) {
  contract(`has no repository called ${JSON.stringify(name)}`, async (storage) => {
    await assertRejects(async () => await storage.repository(name).listTags(), RangeError);
  });
}
