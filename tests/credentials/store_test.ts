import { assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { createCredentialChain } from "../../lib/credentials/chain.ts";
import { eraseCredential, storeCredential } from "../../lib/credentials/store.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { writeProgram } from "../support/tools.ts";

async function inHome(
  files: Record<string, string>,
  test: (home: string, options: Parameters<typeof storeCredential>[2] & object) => Promise<void>,
): Promise<void> {
  const home = await Deno.makeTempDir();
  try {
    for (const [path, text] of Object.entries(files)) {
      await writeProgram(`${home}/${path}`, text);
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

const spellings: { does: string; before: string; registry: string; after: object }[] = [
  {
    does: "replaces the one under an old spelling of the host",
    before: '{"auths":{"https://reg.test/v2/":{"auth":"eA=="},"other.test":{"auth":"eQ=="}}}',
    registry: "reg.test",
    after: { "other.test": { auth: "eQ==" }, "reg.test": { auth: btoa("alice:s3:cret") } },
  },
  {
    does: "leaves those of paths under the host",
    before: '{"auths":{"reg.test/team":{"auth":"eA=="}}}',
    registry: "reg.test",
    after: { "reg.test/team": { auth: "eA==" }, "reg.test": { auth: btoa("alice:s3:cret") } },
  },
  {
    does: "needs no auths, nor a whole file",
    before: "",
    registry: "docker.io",
    after: { "https://index.docker.io/v1/": { auth: btoa("alice:s3:cret") } },
  },
  {
    does: "makes do with auths that are null",
    before: '{"auths":null}',
    registry: "reg.test",
    after: { "reg.test": { auth: btoa("alice:s3:cret") } },
  },
];
for (const { does, before, registry, after } of spellings) {
  Deno.test(`a login ${does}, and logout leaves nothing of it`, async () => {
    await inHome({ ".docker/config.json": before }, async (home, options) => {
      const path = await storeCredential(registry, alice, options);
      const auths = async () => JSON.parse(await Deno.readTextFile(path)).auths;
      assertEquals(await auths(), after);
      assertEquals(await eraseCredential(registry, options), `${home}/.docker/config.json`);
      const left = Object.keys(after).filter((key) => key !== Object.keys(after).at(-1));
      assertEquals(Object.keys(await auths()), left);
    });
  });
}

Deno.test("a login kept by a helper takes the one in clear text out of the file", async () => {
  await inHome({
    ".docker/config.json": '{"credsStore":"all","auths":{"https://reg.test":{"auth":"eA=="}}}',
    "bin/docker-credential-all": "#!/bin/sh\ncat >/dev/null\n",
  }, async (home, options) => {
    await storeCredential("reg.test", alice, options);
    const text = await Deno.readTextFile(`${home}/.docker/config.json`);
    assertEquals(JSON.parse(text), { credsStore: "all", auths: {} });
  });
});

Deno.test("a file that is a link stays one", async () => {
  await inHome({ "dotfiles/docker.json": "{}" }, async (home, options) => {
    await Deno.mkdir(`${home}/.docker`);
    await Deno.symlink(`${home}/dotfiles/docker.json`, `${home}/.docker/config.json`);
    await storeCredential("reg.test", alice, options);
    assertEquals((await Deno.lstat(`${home}/.docker/config.json`)).isSymlink, true);
    assertEquals((await Deno.stat(`${home}/dotfiles/docker.json`)).mode! & 0o777, 0o600);
    assertStringIncludes(await Deno.readTextFile(`${home}/dotfiles/docker.json`), "reg.test");
    assertEquals((await Array.fromAsync(Deno.readDir(`${home}/dotfiles`))).length, 1);
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
