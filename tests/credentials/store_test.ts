import { assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { createCredentialChain } from "../../lib/credentials/chain.ts";
import { eraseCredential, storeCredential } from "../../lib/credentials/store.ts";
import { OciPushError } from "../../lib/oci/error.ts";

async function inHome(
  files: Record<string, string>,
  test: (home: string, options: Parameters<typeof storeCredential>[2] & object) => Promise<void>,
): Promise<void> {
  const home = await Deno.makeTempDir();
  try {
    for (const [path, text] of Object.entries(files)) {
      const file = `${home}/${path}`;
      await Deno.mkdir(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      await Deno.writeTextFile(file, text, { mode: 0o755 });
    }
    await test(home, {
      environment: { get: (name) => name === "HOME" ? home : undefined, os: "linux" },
      helper: { env: { PATH: `${home}/bin:/usr/bin:/bin`, LOG: `${home}/log` } },
    });
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

const alice = { username: "alice", password: "s3:cret" };

Deno.test("a login is kept in docker's file, for its owner alone, and found again", async () => {
  await inHome({}, async (home, options) => {
    const path = `${home}/.docker/config.json`;
    assertEquals(await storeCredential("reg.test:5000", alice, options), path);
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    const chain = createCredentialChain(options);
    const query = {
      registry: "reg.test:5000",
      repository: "a",
      helm: false,
      side: "source",
    } as const;
    const found = await chain(query);
    assertEquals(found && "password" in found && found.password, "s3:cret");
    assertEquals(await eraseCredential("reg.test:5000", options), path);
    assertEquals(await eraseCredential("reg.test:5000", options), undefined);
    assertEquals(await createCredentialChain(options)(query), undefined);
  });
});

Deno.test("what else is in the file stays, in its order", async () => {
  const before =
    '{\n\t"HttpHeaders": {"X": "1"},\n\t"auths": {\n\t\t"other.test": {"auth": "eA=="}\n\t},' +
    '\n\t"detachKeys": "ctrl-e"\n}\n';
  await inHome({ ".docker/config.json": before }, async (home, options) => {
    await storeCredential("docker.io", alice, options);
    const text = await Deno.readTextFile(`${home}/.docker/config.json`);
    const { auths } = JSON.parse(text);
    assertEquals(Object.keys(auths), ["other.test", "https://index.docker.io/v1/"]);
    assertStringIncludes(text, '{\n\t"HttpHeaders": {"X": "1"},');
    assertStringIncludes(text, '"detachKeys": "ctrl-e"\n}\n');
    await eraseCredential("docker.io", options);
    assertEquals(
      JSON.parse(await Deno.readTextFile(`${home}/.docker/config.json`)),
      JSON.parse(before),
    );
  });
});

Deno.test("a helper that docker names keeps the login instead of the file", async () => {
  const config = '{"credHelpers":{"reg.test":"log"}}';
  await inHome({
    ".docker/config.json": config,
    "bin/docker-credential-log": '#!/bin/sh\necho "$1 $(cat)" >>"$LOG"\n',
  }, async (home, options) => {
    assertEquals(await storeCredential("reg.test", alice, options), "docker-credential-log");
    assertEquals(await eraseCredential("reg.test", options), "docker-credential-log");
    assertEquals((await Deno.readTextFile(`${home}/log`)).trim().split("\n"), [
      'store {"ServerURL":"reg.test","Username":"alice","Secret":"s3:cret"}',
      "erase reg.test",
    ]);
    assertEquals(await Deno.readTextFile(`${home}/.docker/config.json`), config);
  });
});

Deno.test("a file that is no JSON is left alone", async () => {
  await inHome({ ".docker/config.json": "{oops" }, async (home, options) => {
    const error = await assertRejects(
      () => storeCredential("reg.test", alice, options),
      OciPushError,
    );
    assertEquals(error.code, "FILE");
    assertEquals(await Deno.readTextFile(`${home}/.docker/config.json`), "{oops");
  });
});
