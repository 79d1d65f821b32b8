import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import { createCertificates } from "./certificates.ts";
import { startDockerRegistry } from "./docker_registry.ts";
import { createImageIndex, pushContent, readGraph } from "./images.ts";
import { startTokenServer } from "./token_server.ts";
import { run, succeed, withTools } from "./tools.ts";

const programs = [["2.8", "docker-registry"], ["3", "registry"]] as const;

for (const [version, program] of programs) {
  withTools(
    [program, "crane"],
    `distribution ${version} counts what crane asks of it`,
    async () => {
      await using registry = await startDockerRegistry({ version });
      const content = await createImageIndex();
      await pushContent(registry.url, "app", content, { tag: "v1" });
      const before = (await registry.requests()).length;
      assertEquals(await succeed("crane", ["digest", `${registry.host}/app:v1`]), content.root);
      const asked = (await registry.requests()).slice(before);
      assertEquals(asked, ["GET /v2/ 200", "HEAD /v2/app/manifests/v1 200"]);
    },
  );

  withTools(
    [program],
    `distribution ${version} is gone once it is stopped, its folder later`,
    async () => {
      const registry = await startDockerRegistry({ version });
      await registry.stop();
      await registry.stop();
      await assertRejects(() => fetch(registry.url), TypeError);
      await Deno.stat(registry.storage.replace(/storage$/, ""));
      await registry[Symbol.asyncDispose]();
      await assertRejects(() => Deno.stat(registry.storage), Deno.errors.NotFound);
    },
  );

  withTools(
    [program, "openssl", "crane"],
    `distribution ${version} takes the tokens it is told to trust, for what they allow`,
    async () => {
      await using tokens = await startTokenServer({ reader: "secret", writer: "secret" }, {
        allow: (user, action) => user === "writer" || action === "pull",
      });
      await using from = await startDockerRegistry({ version });
      // crane asks no token of an address that is private to this machine, but of a name.
      const realm = tokens.token.realm.replace("127.0.0.1", "localhost");
      await using registry = await startDockerRegistry({
        version,
        token: { ...tokens.token, realm },
      });
      const content = await createImageIndex();
      await pushContent(from.url, "app", content, { tag: "v1" });
      const home = await Deno.makeTempDir();
      const crane = (...args: string[]) => run("crane", args, { env: { DOCKER_CONFIG: home } });
      const login = async (user: string, password: string) => {
        const config = { auths: { [registry.host]: { username: user, password } } };
        await Deno.writeTextFile(`${home}/config.json`, JSON.stringify(config));
      };
      try {
        const [source, name] = [`${from.host}/app:v1`, `${registry.host}/app:v1`];
        await login("reader", "wrong");
        assertEquals([(await crane("copy", source, name)).code, tokens.refused > 0], [1, true]);
        await login("reader", "secret");
        assertEquals((await crane("copy", source, name)).code, 1);
        await login("writer", "secret");
        assertEquals((await crane("copy", source, name)).code, 0);
        await login("reader", "secret");
        assertEquals((await crane("digest", name)).stdout.trim(), content.root);
        assertEquals(tokens.granted.at(-1), {
          user: "reader",
          scopes: ["repository:app:pull"],
        });
      } finally {
        await Deno.remove(home, { recursive: true });
      }
    },
  );

  withTools(
    [program, "openssl"],
    `distribution ${version} takes a token that an identity token brought`,
    async () => {
      const users = { identityTokens: { robot: "long-lived" } };
      await using tokens = await startTokenServer({}, users);
      await using registry = await startDockerRegistry({ version, token: tokens.token });
      const ask = (refreshToken: string) => {
        const body = new URLSearchParams({
          grant_type: "refresh_token",
          service: tokens.token.service,
          client_id: "test",
          scope: "repository:app:pull,push repository:other:pull",
          refresh_token: refreshToken,
        });
        return fetch(tokens.token.realm, { method: "POST", body });
      };
      const refused = await ask("another");
      assertEquals([refused.status, tokens.granted.length], [401, 0]);
      await refused.body?.cancel();
      const { access_token: token } = await (await ask("long-lived")).json();
      assertEquals(tokens.granted[0]?.scopes, [
        "repository:app:pull,push",
        "repository:other:pull",
      ]);
      const headers = { authorization: `Bearer ${token}` };
      const content = await createImageIndex();
      await pushContent(registry.url, "app", content, { tag: "v1", headers });
      const graph = await readGraph(registry.url, "app", "v1", { headers });
      assertEquals(graph.root, content.root);
      await assertRejects(() => readGraph(registry.url, "app", "v1"), Error, "401");
    },
  );

  withTools(
    [program, "openssl", "htpasswd"],
    `distribution ${version} asks for passwords, client certificates and whatever env says`,
    async () => {
      await using made = await createCertificates();
      const tls = { ...made.server, clientcas: [made.caFile] };
      const htpasswd = await succeed("htpasswd", ["-Bbn", "ada", "lovelace"]);
      const env = { REGISTRY_HTTP_PREFIX: "/below/" };
      await using registry = await startDockerRegistry({ version, tls, htpasswd, env });
      const ask = async (client: Deno.HttpClient, authorization: string) => {
        using _ = client;
        const options = { client, headers: { authorization } };
        const response = await fetch(new URL("/below/v2/", registry.url), options);
        await response.body?.cancel();
        return response.status;
      };
      const known = `Basic ${btoa("ada:lovelace")}`;
      const caCerts = [made.ca];
      const own = { caCerts, ...await made.issue({ names: "DNS:client" }) };
      assertEquals(await ask(Deno.createHttpClient(own), known), 200);
      assertEquals(await ask(Deno.createHttpClient(own), `Basic ${btoa("ada:x")}`), 401);
      await assertRejects(() => ask(Deno.createHttpClient({ caCerts }), known), TypeError);
    },
  );
}

withTools(["docker-registry"], "a registry that cannot start says why", async () => {
  const config = { storage: { nowhere: {} } };
  await assertRejects(() => startDockerRegistry({ config }), Error, "nowhere");
});
