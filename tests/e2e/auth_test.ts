/**
 * Who we are at real registries, each side on its own.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { ociPush } from "../../lib/copy.ts";
import type { CopyOptions } from "../../lib/copy_request.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { startDockerRegistry } from "../support/docker_registry.ts";
import {
  basic,
  ContentBuilder,
  createImageIndex,
  MANIFEST,
  pushContent,
  readGraph,
} from "../support/images.ts";
import { startTokenServer } from "../support/token_server.ts";
import { run, succeed, withTools } from "../support/tools.ts";

const certificates = () => Promise.resolve({});

/** Credentials by side. */
function sides(source?: [string, string], destination?: [string, string]): CopyOptions {
  return {
    certificates,
    credentials({ side }) {
      const found = side === "source" ? source : destination;
      return Promise.resolve(
        found && { username: found[0], password: found[1], origin: `the test's ${side}` },
      );
    },
  };
}

function htpasswd(user: string, password: string): Promise<string> {
  return succeed("htpasswd", ["-Bbn", user, password]);
}

withTools(["docker-registry", "htpasswd"], "Basic: each side has its own user", async () => {
  await using source = await startDockerRegistry({
    htpasswd: await htpasswd("reader", "r-secret"),
  });
  await using destination = await startDockerRegistry({
    htpasswd: await htpasswd("writer", "w-secret"),
  });
  const headers = { authorization: basic("reader", "r-secret") };
  const content = await createImageIndex();
  await pushContent(source.url, "app", content, { tag: "v1", headers });
  const request = { srcRef: `${source.host}/app:v1`, destRef: `${destination.host}/app:v1` };

  for (const workers of [0, 2]) {
    const result = await ociPush(
      { ...request, destRef: `${destination.host}/app${workers}:v1` },
      { ...sides(["reader", "r-secret"], ["writer", "w-secret"]), workers },
    );
    assertEquals(result.digest, content.root);
  }

  const wrong = await assertRejects(
    () => ociPush(request, sides(["reader", "r-secret"], ["writer", "wrong"])),
    OciPushError,
  );
  assertEquals([wrong.code, wrong.details.side, wrong.terminal], [
    "UNAUTHORIZED",
    "destination",
    true,
  ]);
  assertStringIncludes(wrong.message, '"writer"');
  assertStringIncludes(wrong.details.did ?? "", "the test's destination");
  assert(!JSON.stringify(wrong).includes('wrong"'));

  const nobody = await assertRejects(
    () => ociPush(request, sides(undefined, ["writer", "w-secret"])),
    OciPushError,
  );
  assertEquals([nobody.code, nobody.details.side], ["UNAUTHORIZED", "source"]);
  assertStringIncludes(nobody.details.did ?? "", "anonymous");
});

withTools(
  ["docker-registry", "openssl"],
  "Bearer: one token per side, whatever the workers",
  async () => {
    await using tokens = await startTokenServer({ reader: "r-secret", writer: "w-secret" });
    await using source = await startDockerRegistry({ token: tokens.token });
    await using destination = await startDockerRegistry({ token: tokens.token });
    const content = await createImageIndex();
    const bearer = async (scope: string) => {
      const url = `${tokens.token.realm}?service=registry&scope=${scope}`;
      const headers = { authorization: basic("reader", "r-secret") };
      const { token } = await (await fetch(url, { headers })).json();
      return { authorization: `Bearer ${token}` };
    };
    const headers = await bearer("repository:app:pull,push");
    await pushContent(source.url, "app", content, { tag: "v1", headers });
    const options = sides(["reader", "r-secret"], ["writer", "w-secret"]);

    for (const workers of [0, 2]) {
      const before = tokens.granted.length;
      const result = await ociPush({
        srcRef: `${source.host}/app:v1`,
        destRef: `${destination.host}/team/app${workers}:v1`,
      }, { ...options, workers });
      assertEquals(result.digest, content.root);
      assertEquals(
        tokens.granted.slice(before).sort((a, b) => a.user.localeCompare(b.user)),
        [
          { user: "reader", scopes: ["repository:app:pull"] },
          { user: "writer", scopes: [`repository:team/app${workers}:pull,push`] },
        ],
      );
    }

    const before = tokens.granted.length;
    const mounted = await ociPush({
      srcRef: `${source.host}/app:v1`,
      destRef: `${source.host}/team/app:v1`,
    }, options);
    assertEquals(mounted.blobs.mounted, content.blobs.size);
    assertEquals(tokens.granted.slice(before).find(({ user }) => user === "writer")?.scopes, [
      "repository:team/app:pull,push",
      "repository:app:pull",
    ]);

    const mark = tokens.granted.length;
    const retag = await ociPush({
      srcRef: `${source.host}/app:v1`,
      destRef: `${source.host}/app:v2`,
    }, options);
    assertEquals([retag.status, tokens.granted.length - mark], ["retagged", 1]);

    const refused = await assertRejects(
      () =>
        ociPush({ srcRef: `${source.host}/app:v1`, destRef: `${destination.host}/x:v1` }, {
          ...sides(["reader", "r-secret"], ["writer", "wrong"]),
        }),
      OciPushError,
    );
    assertEquals([refused.code, refused.details.side], ["UNAUTHORIZED", "destination"]);
    assertStringIncludes(refused.message, 'password refused for user "writer"');
  },
);

withTools(
  ["docker-registry", "htpasswd"],
  "by the command line: variables, and no secret anywhere",
  async () => {
    await using source = await startDockerRegistry({
      htpasswd: await htpasswd("reader", "r-secret"),
    });
    await using destination = await startDockerRegistry({
      htpasswd: await htpasswd("writer", "w-secret"),
    });
    const headers = { authorization: basic("reader", "r-secret") };
    const content = await createImageIndex();
    await pushContent(source.url, "app", content, { tag: "v1", headers });
    const home = await Deno.makeTempDir();
    try {
      const copy = (env: Record<string, string>, ...more: string[]) =>
        run(Deno.execPath(), [
          "run",
          "-A",
          new URL("../../cli.ts", import.meta.url).pathname,
          "copy",
          "-vv",
          ...more,
          `${source.host}/app:v1`,
          `${destination.host}/app:v1`,
        ], { env: { HOME: home, NO_COLOR: "1", ...denoDir(), ...env } });
      const wrong = await copy({
        OCI_PUSH_SRC_CREDS: "reader:r-secret",
        OCI_PUSH_DEST_CREDS: "writer:bad-one",
      });
      assertEquals([wrong.code, wrong.stdout], [1, ""]);
      assertStringIncludes(wrong.stderr, "OCI_PUSH_DEST_CREDS");
      assertStringIncludes(wrong.stderr, "(destination)");
      const right = await copy({
        OCI_PUSH_SRC_CREDS: "reader:r-secret",
        OCI_PUSH_DEST_CREDS: "writer:w-secret",
      });
      assertEquals(right.stdout, `${destination.host}/app:v1@${content.root}\n`, right.stderr);
      const all = [wrong, right].map(({ stdout, stderr }) => stdout + stderr).join("");
      for (const secret of ["r-secret", "w-secret", "bad-one", "Basic ", btoa("writer:w-secret")]) {
        assert(!all.includes(secret), `${secret} is in the output`);
      }
    } finally {
      await Deno.remove(home, { recursive: true });
    }
  },
);

withTools(
  ["docker-registry", "openssl"],
  "TLS: a private authority, by file and by certs.d",
  async () => {
    const { createCertificates } = await import("../support/certificates.ts");
    await using made = await createCertificates();
    await using source = await startDockerRegistry({ tls: made.server });
    await using destination = await startDockerRegistry({ tls: made.server });
    const client = Deno.createHttpClient({ caCerts: [made.ca] });
    const builder = new ContentBuilder();
    // Longer than what passes at once where certificates are not checked.
    const bytes = new Uint8Array(9_000_000).map((_, i) => i);
    const layer = await builder.blob(bytes, "application/vnd.oci.image.layer.v1.tar");
    const config = await builder.blob("{}", "application/vnd.oci.empty.v1+json");
    await builder.document({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] });
    const content = builder.build();
    await pushContent(source.url, "app", content, { tag: "v1", client });
    client.close();
    const from = `${source.host}/app:v1`;
    const to = (name: string) => `${destination.host}/${name}:v1`;
    const endpoints = { [source.host]: source.url.href, [destination.host]: destination.url.href };
    const anonymous = { credentials: () => Promise.resolve(undefined), retries: 0, endpoints };

    const unknown = await assertRejects(
      () => ociPush({ srcRef: from, destRef: to("a") }, { ...anonymous, certificates }),
      OciPushError,
    );
    assertEquals([unknown.code, unknown.terminal], ["TLS", true]);
    assertStringIncludes(unknown.hint ?? "", "--ca-file");

    const trusted = { caCerts: [made.ca] };
    const byFile = await ociPush({ srcRef: from, destRef: to("a") }, {
      ...anonymous,
      certificates,
      source: trusted,
      destination: trusted,
      workers: 1,
    });
    assertEquals(byFile.digest, content.root);
    const byFolder = await ociPush({ srcRef: from, destRef: to("b") }, {
      ...anonymous,
      certificates: () => Promise.resolve(trusted),
    });
    assertEquals(byFolder.digest, content.root);

    const skipped = await ociPush(
      { srcRef: from, destRef: to("c"), insecureSkipTLSVerify: true },
      { ...anonymous, certificates },
    );
    assertEquals(skipped.digest, content.root);
    const oneSide = await ociPush({ srcRef: from, destRef: to("d") }, {
      ...anonymous,
      certificates,
      source: { insecureSkipTLSVerify: true },
      destination: trusted,
    });
    assertEquals(oneSide.digest, content.root);
    const other = await ociPush({ srcRef: from, destRef: to("e") }, {
      ...anonymous,
      certificates,
      source: trusted,
      destination: { insecureSkipTLSVerify: true },
    });
    assertEquals(other.digest, content.root);
    const reader = await startReader(made.ca, destination.url);
    for (const name of ["a", "b", "c", "d", "e"]) {
      assertEquals((await readGraph(reader.url, name, "v1")).blobs.size, content.blobs.size);
    }
    await reader.server.shutdown();
  },
);

/** Plain http in front of a TLS registry, for readGraph. */
function startReader(ca: string, upstream: URL) {
  const client = Deno.createHttpClient({ caCerts: [ca] });
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    const { pathname, search } = new URL(request.url);
    const { method, headers } = request;
    return fetch(new URL(pathname + search, upstream), { method, headers, client });
  });
  server.finished.then(() => client.close());
  return { server, url: new URL(`http://127.0.0.1:${server.addr.port}/`) };
}

function denoDir(): Record<string, string> {
  const dir = Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`;
  return { DENO_DIR: dir };
}
