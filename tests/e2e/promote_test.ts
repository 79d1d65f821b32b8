/**
 * The seven documented promotions, unchanged, by the command line against real registries.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "../../lib/std/assert.ts";
import { readExamples } from "../promotion/_examples.ts";
import { createCertificates } from "../support/certificates.ts";
import { type DockerRegistry, startDockerRegistry } from "../support/docker_registry.ts";
import { type Content, createImageIndex, pushContent, readGraph } from "../support/images.ts";
import { run, succeed, withTools } from "../support/tools.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;
const COMMIT = "5f1c0e4f1a0b4f7d9f4ab1f3b1b8b0d6a7c8d9e0";

/** Runs promotions in a folder of their own, with hosts led to registries of this machine. */
class Runner {
  readonly #folder: string;
  readonly #endpoints: string[];
  readonly #documents: Record<string, string>;

  constructor(folder: string, hosts: Record<string, URL>, documents: Record<string, string>) {
    this.#folder = folder;
    this.#documents = documents;
    this.#endpoints = Object.entries(hosts).flatMap(([host, url]) => [
      "--endpoint",
      `${host}=${url.href}`,
    ]);
  }

  async promote(number: string, ...more: string[]) {
    const file = `${this.#folder}/${number}.yaml`;
    await Deno.writeTextFile(file, this.#documents[number]!);
    const { code, stdout, stderr } = await run(Deno.execPath(), [
      ...["run", "-A", CLI, "promote", file, "--freight", `${this.#folder}/freight.yaml`],
      ...["--stage", "prod", "--promotion", "prod.01abc", "--format", "json", ...this.#endpoints],
      ...more,
    ], {
      cwd: this.#folder,
      env: {
        HOME: this.#folder,
        NO_COLOR: "1",
        DENO_DIR: Deno.env.get("DENO_DIR") ?? `${Deno.env.get("HOME")}/.cache/deno`,
      },
    });
    assertEquals(code, 0, `${number}: ${stderr}${stdout}`);
    const result = JSON.parse(stdout);
    assertEquals(result.status, "Succeeded");
    return result.steps as { status: string; output: Record<string, string> }[];
  }
}

async function tagged(registry: DockerRegistry, repository: string, tag: string): Promise<string> {
  return (await readGraph(registry.url, repository, tag)).root;
}

withTools(
  ["docker-registry", "helm", "openssl", "kustomize"],
  "the seven documented promotions run as they are",
  async () => {
    await using made = await createCertificates();
    await using registry = await startDockerRegistry();
    await using sandbox = await startDockerRegistry();
    await using prod = await startDockerRegistry();
    await using secure = await startDockerRegistry({ tls: made.server });
    const folder = await Deno.makeTempDir();
    try {
      const content: Content = await createImageIndex();
      for (const name of ["myapp", "widget-service"]) {
        await pushContent(registry.url, name, content, { tag: "v1.2.2" });
      }
      await pushContent(sandbox.url, "myapp", content, { tag: "v1.2.3" });
      const client = Deno.createHttpClient({ caCerts: [made.ca] });
      await pushContent(secure.url, "myapp", content, { tag: "latest", client });
      client.close();
      const helm = (...args: string[]) =>
        succeed("helm", args, { cwd: folder, env: { HOME: folder } });
      await helm("create", "my-app");
      await helm("package", "my-app", "--version", "0.3.1");
      await helm("push", "my-app-0.3.1.tgz", `oci://${registry.host}/charts`, "--plain-http");
      await Deno.mkdir(`${folder}/out`);
      await Deno.writeTextFile(
        `${folder}/out/kustomization.yaml`,
        "# who we are\nresources: [pod.yaml]\nimages: # and where from\n- name: other # stays\n" +
          "  newTag: v1\n",
      );
      await Deno.writeTextFile(
        `${folder}/out/pod.yaml`,
        "apiVersion: v1\nkind: Pod\nmetadata: { name: w }\nspec:\n  containers:\n" +
          "  - name: w\n    image: registry.example.com/widget-service\n",
      );
      const image = (repoURL: string, tag: string) => ({ repoURL, tag, digest: content.root });
      await Deno.writeTextFile(
        `${folder}/freight.yaml`,
        JSON.stringify({
          images: [
            image("registry.example.com/myapp", "v1.2.2"),
            image("registry.example.com/widget-service", "v1.2.2"),
            image("sandbox.example.com/myapp", "v1.2.3"),
          ],
          charts: [{ repoURL: "oci://registry.example.com/charts/my-app", version: "0.3.1" }],
          commits: [{ repoURL: "https://github.com/example/myapp", id: COMMIT }],
        }),
      );
      const { documents } = await readExamples();
      const runner = new Runner(folder, {
        "registry.example.com": registry.url,
        "sandbox.example.com": sandbox.url,
        "prod.example.com": prod.url,
        "prod-registry.example.com": prod.url,
        "internal-registry.local": secure.url,
        "staging-registry.local": secure.url,
      }, documents);

      const [retag] = await runner.promote("1");
      assertEquals(retag!.output, {
        image: "registry.example.com/myapp:v1.2.3",
        digest: content.root,
        tag: "v1.2.3",
      });
      assertEquals(await tagged(registry, "myapp", "v1.2.3"), content.root);

      await runner.promote("2");
      assertEquals(await tagged(prod, "myapp", "v1.2.3"), content.root);

      await runner.promote("3");
      assertEquals(await tagged(registry, "widget-service/prod", "v1.2.2"), content.root);
      const kustomization = await Deno.readTextFile(`${folder}/out/kustomization.yaml`);
      for (const comment of ["# who we are", "# and where from", "# stays"]) {
        assertStringIncludes(kustomization, comment);
      }
      const built = await succeed("kustomize", ["build", `${folder}/out`]);
      assertStringIncludes(built, `registry.example.com/widget-service/prod@${content.root}`);

      await runner.promote("4");
      await helm("pull", `oci://${prod.host}/charts/my-app`, "--version", "0.3.1", "--plain-http");

      const [annotated] = await runner.promote("5");
      assert(annotated!.output.digest !== content.root);
      const five = await readGraph(registry.url, "myapp", "v1.2.3");
      assertEquals(five.root, annotated!.output.digest);
      const child = JSON.parse(five.documents.get(five.root)!).manifests[0].digest;
      assertEquals(JSON.parse(five.documents.get(child)!).annotations, {
        "org.opencontainers.image.source": "https://github.com/example/myapp",
        "io.kargo.promotion": "prod.01abc",
      });

      await runner.promote("6");
      const six = await readGraph(registry.url, "myapp", "v1.2.3");
      assertEquals(JSON.parse(six.documents.get(six.root)!).annotations, {
        "org.opencontainers.image.revision": COMMIT,
      });

      const [insecure] = await runner.promote("7");
      assertEquals(insecure!.output.digest, content.root);

      const [planned] = await runner.promote("2", "--dry-run");
      assertEquals(planned!.output.digest, content.root);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
);
