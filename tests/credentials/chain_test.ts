import { assert, assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { createCredentialChain, type CredentialChainOptions } from "../../lib/credentials/chain.ts";
import type { CredentialQuery } from "../../lib/credentials/source.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { writeProgram } from "../support/tools.ts";

const auth = (text: string) => btoa(text);

/** Files in a home of their own, and the chain that sees nothing else. */
interface World {
  files?: Record<string, string>;
  env?: Record<string, string>;
  os?: string;
  options?: (home: string) => CredentialChainOptions;
}

async function find(world: World, query: Partial<CredentialQuery> = {}) {
  const home = await Deno.makeTempDir();
  try {
    for (const [path, text] of Object.entries(world.files ?? {})) {
      await writeProgram(`${home}/${path}`, text);
    }
    const env: Record<string, string> = Object.fromEntries(
      Object.entries({ HOME: "~", ...world.env }).map(([k, v]) => [k, v.replace("~", home)]),
    );
    const chain = createCredentialChain({
      environment: { get: (name) => env[name], os: world.os ?? "linux" },
      helper: { env: { PATH: `${home}/bin:/usr/bin:/bin` }, timeLimit: 10_000 },
      ...world.options?.(home),
    });
    const found = await chain({
      registry: "reg.test",
      repository: "team/app",
      helm: false,
      side: "source",
      ...query,
    });
    return found && { ...found, origin: found.origin.replaceAll(home, "~") };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

const docker = (config: object) => ({ ".docker/config.json": JSON.stringify(config) });
const login = (text: string) => ({ auth: auth(text) });

const files: {
  does: string;
  world: World;
  query?: Partial<CredentialQuery>;
  user: string | undefined;
  origin?: string;
}[] = [
  { does: "nothing anywhere", world: {}, user: undefined },
  {
    does: "docker's auths",
    world: { files: docker({ auths: { "reg.test": login("alice:p:w") } }) },
    user: "alice",
    origin: '~/.docker/config.json (auths["reg.test"])',
  },
  {
    does: "a key with scheme and version",
    world: { files: docker({ auths: { "https://reg.test/v2/": login("alice:p") } }) },
    user: "alice",
  },
  {
    does: "not another port's",
    world: { files: docker({ auths: { "reg.test:5000": login("alice:p") } }) },
    user: undefined,
  },
  {
    does: "Docker Hub under its old name",
    world: { files: docker({ auths: { "https://index.docker.io/v1/": login("hub:p") } }) },
    query: { registry: "docker.io", repository: "library/nginx" },
    user: "hub",
  },
  {
    does: "Docker Hub by the name of its API",
    world: { files: docker({ auths: { "index.docker.io/v1": login("hub:p") } }) },
    query: { registry: "registry-1.docker.io", repository: "library/nginx" },
    user: "hub",
  },
  {
    does: "the key that docker writes before another for the same host",
    world: {
      files: docker({
        auths: { "docker.io": login("old:p"), "https://index.docker.io/v1/": login("new:p") },
      }),
    },
    query: { registry: "docker.io", repository: "library/nginx" },
    user: "new",
  },
  {
    does: "not the one of a path that looks like a version",
    world: { files: docker({ auths: { "reg.test/v1": login("v1:p") } }) },
    user: undefined,
  },
  {
    does: "the file for a host whose helper is none, before the store for all",
    world: {
      files: docker({
        credHelpers: { "reg.test": "" },
        credsStore: "absent",
        auths: { "reg.test": login("file:p") },
      }),
    },
    user: "file",
  },
  {
    does: "a helper for Docker Hub, asked by the name that docker uses",
    world: {
      files: {
        ...docker({ credHelpers: { "docker.io": "hub" } }),
        "bin/docker-credential-hub": `#!/bin/sh\necho '{"Username":"'"$(cat)"'","Secret":"s"}'\n`,
      },
    },
    query: { registry: "docker.io", repository: "library/nginx" },
    user: "https://index.docker.io/v1/",
  },
  {
    does: "DOCKER_CONFIG",
    world: {
      files: { "elsewhere/config.json": JSON.stringify({ auths: { "reg.test": login("e:p") } }) },
      env: { DOCKER_CONFIG: "~/elsewhere" },
    },
    user: "e",
  },
  {
    does: "Helm's logins for oci:// first",
    world: {
      files: {
        ...docker({ auths: { "reg.test": login("docker:p") } }),
        ".config/helm/registry/config.json": JSON.stringify({
          auths: { "reg.test": login("helm:p") },
        }),
      },
    },
    query: { helm: true },
    user: "helm",
  },
  {
    does: "docker's for oci:// where Helm has none",
    world: { files: docker({ auths: { "reg.test": login("docker:p") } }) },
    query: { helm: true },
    user: "docker",
  },
  {
    does: "Helm's not for an image",
    world: {
      files: {
        ".config/helm/registry/config.json": JSON.stringify({
          auths: { "reg.test": login("helm:p") },
        }),
      },
    },
    user: undefined,
  },
  {
    does: "Helm's folder on macOS",
    world: {
      os: "darwin",
      files: {
        "Library/Preferences/helm/registry/config.json": JSON.stringify({
          auths: { "reg.test": login("mac:p") },
        }),
      },
    },
    query: { helm: true },
    user: "mac",
  },
  {
    does: "podman's longest path",
    world: {
      files: {
        "run/containers/auth.json": JSON.stringify({
          auths: {
            "reg.test": login("host:p"),
            "reg.test/team": login("team:p"),
            "reg.test/team/app": login("app:p"),
            "reg.test/team/application": login("other:p"),
          },
        }),
      },
      env: { XDG_RUNTIME_DIR: "~/run" },
    },
    user: "app",
    origin: '~/run/containers/auth.json (auths["reg.test/team/app"])',
  },
  {
    does: "REGISTRY_AUTH_FILE",
    world: {
      files: { "my.json": JSON.stringify({ auths: { "reg.test": login("mine:p") } }) },
      env: { REGISTRY_AUTH_FILE: "~/my.json" },
    },
    user: "mine",
  },
  {
    does: "a helper for the host before the file",
    world: {
      files: {
        ...docker({ credHelpers: { "reg.test": "ok" }, auths: { "reg.test": login("file:p") } }),
        "bin/docker-credential-ok":
          `#!/bin/sh\nread host\n[ "$1 $host" = "get reg.test" ] && echo '{"Username":"helped","Secret":"s"}'\n`,
      },
    },
    user: "helped",
    origin: "docker-credential-ok (credHelpers of ~/.docker/config.json)",
  },
  {
    does: "the store for all hosts",
    world: {
      files: {
        ...docker({ credsStore: "all" }),
        "bin/docker-credential-all": `#!/bin/sh\necho '{"Username":"stored","Secret":"s"}'\n`,
      },
    },
    user: "stored",
    origin: "docker-credential-all (credsStore of ~/.docker/config.json)",
  },
  {
    does: "the file where the store knows of none",
    world: {
      files: {
        ...docker({ credsStore: "none", auths: { "reg.test": login("file:p") } }),
        "bin/docker-credential-none":
          "#!/bin/sh\necho credentials not found in native keychain\nexit 1\n",
      },
    },
    user: "file",
  },
  {
    does: "what was given before all else",
    world: {
      files: docker({ auths: { "reg.test": login("file:p") } }),
      options: () => ({
        explicit: { source: "given:a:b", sourceOrigin: "OCI_PUSH_SRC_CREDS" },
      }),
    },
    user: "given",
    origin: "OCI_PUSH_SRC_CREDS",
  },
  {
    does: "what was given for this side only",
    world: {
      files: docker({ auths: { "reg.test": login("file:p") } }),
      options: () => ({ explicit: { source: "given:p" } }),
    },
    query: { side: "destination" },
    user: "file",
  },
];
for (const { does, world, query, user, origin } of files) {
  Deno.test(`a credential: ${does}`, async () => {
    const found = await find(world, query);
    assertEquals(found && "username" in found ? found.username : undefined, user);
    if (origin) assertEquals(found?.origin, origin);
  });
}

Deno.test("a password may hold colons", async () => {
  const found = await find({ files: docker({ auths: { "reg.test": login("a:p:w:x") } }) });
  assertEquals(found && "password" in found && found.password, "p:w:x");
});

Deno.test("identity tokens come from the file and from helpers", async () => {
  const file = await find({ files: docker({ auths: { "reg.test": { identitytoken: "t1" } } }) });
  assertEquals(file && "identityToken" in file && file.identityToken, "t1");
  const helper = await find({
    files: {
      ...docker({ credsStore: "token" }),
      "bin/docker-credential-token": `#!/bin/sh\necho '{"Username":"<token>","Secret":"t2"}'\n`,
    },
  });
  assertEquals(helper && "identityToken" in helper && helper.identityToken, "t2");
});

const secret = (type: string, fields: Record<string, string>, name = "harbor") =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: prod\n  labels:\n` +
  `    kargo.akuity.io/cred-type: ${type}\nstringData:\n` +
  Object.entries(fields).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`).join("");
const fields = (repoURL: string, username: string, more = {}) => ({
  repoURL,
  username,
  password: "p",
  ...more,
});

const secrets: { does: string; text: string; query?: Partial<CredentialQuery>; user?: string }[] = [
  {
    does: "an exact repository",
    text: secret("image", fields("reg.test/team/app", "u")),
    user: "u",
  },
  { does: "not the path above", text: secret("image", fields("reg.test/team", "u")) },
  { does: "whatever its case", text: secret("image", fields("REG.test/team/app", "u")), user: "u" },
  { does: "helm's not for images", text: secret("helm", fields("oci://reg.test/team/app", "u")) },
  {
    does: "helm's for oci://",
    text: secret("helm", fields("oci://reg.test/team/app", "u")),
    query: { helm: true },
    user: "u",
  },
  {
    does: "images' not for oci://",
    text: secret("image", fields("reg.test/team/app", "u")),
    query: { helm: true },
  },
  { does: "git's for nobody", text: secret("git", fields("reg.test/team/app", "u")) },
  {
    does: "a pattern",
    text: secret("image", fields("^reg\\.test/team/.*$", "u", { repoURLIsRegex: "true" })),
    user: "u",
  },
  {
    does: "an exact name before a pattern",
    text: secret("image", fields("reg", "pattern", { repoURLIsRegex: "true" })) + "---\n" +
      secret("image", fields("reg.test/team/app", "exact")),
    user: "exact",
  },
  {
    does: "a pattern that would take JavaScript forever",
    text: secret("image", fields("^(([a-z.])+.)+[A-Z]([a-z])+$", "u", { repoURLIsRegex: "true" })),
  },
  {
    does: "base64 in data, in a List",
    text: JSON.stringify({
      kind: "List",
      items: [{
        kind: "Secret",
        metadata: { name: "s", labels: { "kargo.akuity.io/cred-type": "image" } },
        data: { repoURL: btoa("reg.test/team/app"), username: btoa("u"), password: btoa("p") },
      }],
    }),
    user: "u",
  },
  {
    does: "a whole docker config",
    text: JSON.stringify({
      kind: "Secret",
      type: "kubernetes.io/dockerconfigjson",
      metadata: { name: "pull" },
      data: {
        ".dockerconfigjson": btoa(JSON.stringify({ auths: { "reg.test": login("u:p") } })),
      },
    }),
    user: "u",
  },
  {
    does: "values that YAML would take for something else",
    text: secret("image", fields("reg.test/team/app", "")).replace(
      'username: ""',
      "username: 1.20",
    ),
    user: "1.20",
  },
  {
    does: "a pattern that is called one without quotes",
    text: secret("image", fields("^reg", "u")) + "  repoURLIsRegex: true\n",
    user: "u",
  },
  { does: "other documents are passed over", text: "kind: ConfigMap\n---\n- a list\n---\n" },
];
for (const { does, text, query, user } of secrets) {
  Deno.test(`a Secret: ${does}`, async () => {
    for (const path of ["secrets", "secrets/all.yaml"]) {
      const found = await find({
        files: {
          "secrets/all.yaml": text,
          "secrets/readme.txt": "Secret {{",
          "secrets/template.yaml": "{{ .Values.x }}",
        },
        options: (home) => ({ secrets: [`${home}/${path}`] }),
      }, query);
      assertEquals(found && "username" in found ? found.username : undefined, user);
      if (found) assertStringIncludes(found.origin, "Secret ");
    }
  });
}

const broken: { does: string; world: World; code: string; says: string }[] = [
  {
    does: "a file that is no JSON",
    world: { files: { ".docker/config.json": '{"auths": {"reg.test": {"auth": "s3cret"' } },
    code: "FILE",
    says: "is not a JSON object",
  },
  {
    does: "auth that is no base64",
    world: { files: docker({ auths: { "reg.test": { auth: "s3cret!" } } }) },
    code: "FILE",
    says: "not base64",
  },
  {
    does: "a helper that is not there",
    world: { files: docker({ credsStore: "gone-with-the-wind" }) },
    code: "INVALID_CREDENTIALS",
    says: "not on the PATH",
  },
  {
    does: "a helper that fails",
    world: {
      files: {
        ...docker({ credsStore: "bad" }),
        "bin/docker-credential-bad": "#!/bin/sh\necho 'vault is locked' >&2\nexit 3\n",
      },
    },
    code: "INVALID_CREDENTIALS",
    says: 'ends with 3: "vault is locked"',
  },
  {
    does: "a helper that says a secret and nonsense",
    world: {
      files: {
        ...docker({ credsStore: "odd" }),
        "bin/docker-credential-odd": "#!/bin/sh\necho 's3cret'\n",
      },
    },
    code: "INVALID_CREDENTIALS",
    says: "does not answer with a user",
  },
  {
    does: "a helper that hangs",
    world: {
      files: {
        ...docker({ credsStore: "slow" }),
        "bin/docker-credential-slow": "#!/bin/sh\nexec sleep 60\n",
      },
      options: (home) => ({
        helper: { env: { PATH: `${home}/bin:/usr/bin:/bin` }, timeLimit: 50 },
      }),
    },
    code: "INVALID_CREDENTIALS",
    says: "no answer within 0.05 s",
  },
  {
    does: "a helper whose name is a path",
    world: { files: docker({ credsStore: "../../bin/sh" }) },
    code: "INVALID_CREDENTIALS",
    says: "not the name of a program",
  },
  {
    does: "Secrets that are no YAML",
    world: {
      files: { "s.yaml": "password: s3cret\n  x: [" },
      options: (home) => ({ secrets: [`${home}/s.yaml`] }),
    },
    code: "FILE",
    says: "is not YAML",
  },
  {
    does: "Secrets in a folder that are no YAML",
    world: {
      files: { "secrets/s.yaml": "kind: Secret\npassword: [s3cret" },
      options: (home) => ({ secrets: [`${home}/secrets`] }),
    },
    code: "FILE",
    says: "s.yaml: it is not YAML (line 3)",
  },
  {
    does: "a Secret whose data is no base64",
    world: {
      files: {
        "s.yaml": secret("image", {}).replace("stringData:", "data: { repoURL: s3cret! }"),
      },
      options: (home) => ({ secrets: [`${home}/s.yaml`] }),
    },
    code: "FILE",
    says: "data.repoURL is not base64",
  },
  {
    does: "a file of Secrets that is not there",
    world: { options: () => ({ secrets: ["/nowhere/s.yaml"] }) },
    code: "FILE",
    says: "there is no such file",
  },
];
for (const { does, world, code, says } of broken) {
  Deno.test(`a credential is refused: ${does}, and nothing of it is shown`, async () => {
    const error = await assertRejects(() => find(world), OciPushError);
    assertEquals(String(error.code), code);
    assertStringIncludes(error.message, says);
    assert(!JSON.stringify(error).includes("s3cret"));
    assert(!String(error.stack).includes("s3cret"));
    const { side, registry, did = "" } = error.details;
    assertEquals([side, registry], ["source", "reg.test"]);
    assertStringIncludes(did, "looked for the login to reg.test (source)");
  });
}

Deno.test("a helper that fails is said with the file that names it, and the side", async () => {
  const world = { files: docker({ credHelpers: { "reg.test": "gone-with-the-wind" } }) };
  const error = await assertRejects(() => find(world, { side: "destination" }), OciPushError);
  const { side, file = "", did = "" } = error.details;
  assertEquals(side, "destination");
  assert(file.endsWith("/.docker/config.json"));
  assertEquals(
    did,
    `looked for the login to reg.test (destination), asked the helper in credHelpers of ${file}`,
  );
});

Deno.test("an abort comes out of the chain untouched", async () => {
  const reason = new Error("enough");
  const world = { files: docker({ credsStore: "any" }) };
  const error = await assertRejects(() => find(world, { signal: AbortSignal.abort(reason) }));
  assertEquals(error, reason);
});

const query = {
  registry: "reg.test",
  repository: "team/app",
  helm: false,
  side: "source",
} as const;

Deno.test("files are read at the first question, and once", async () => {
  const home = await Deno.makeTempDir();
  try {
    const environment = { get: (name: string) => name === "HOME" ? home : undefined, os: "linux" };
    const chain = createCredentialChain({ environment, secrets: [`${home}/secrets.yaml`] });
    await Deno.writeTextFile(
      `${home}/secrets.yaml`,
      secret("image", fields("reg.test/team/app", "u")),
    );
    await Deno.mkdir(`${home}/.docker`);
    await Deno.writeTextFile(
      `${home}/.docker/config.json`,
      JSON.stringify({ auths: { "reg.test": login("file:p") } }),
    );
    const users = async () =>
      await Promise.all(["team/app", "other"].map(async (repository) => {
        const found = await chain({ ...query, repository });
        return found && "username" in found && found.username;
      }));
    assertEquals(await users(), ["u", "file"]);
    await Deno.remove(home, { recursive: true });
    assertEquals(await users(), ["u", "file"]);
  } finally {
    await Deno.remove(home, { recursive: true }).catch(() => {});
  }
});

Deno.test({
  name: "without permissions nobody is known, and nothing fails",
  permissions: { env: false, read: false, run: false },
  async fn() {
    assertEquals(await createCredentialChain()(query), undefined);
    const environment = { get: () => "/home/alice", os: "linux" };
    assertEquals(await createCredentialChain({ environment })({ ...query, helm: true }), undefined);
  },
});
