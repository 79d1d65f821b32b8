/** The documented examples, as they are in docs/, with scripted copies. */

import { assertEquals } from "../../lib/std/assert.ts";
import { readFreight } from "../../lib/promotion/freight_file.ts";
import { promote } from "../../lib/promotion/promote.ts";
import { DIGEST, scripted } from "./_support.ts";

const EXAMPLES = new URL("../../docs/examples/", import.meta.url);
const MYAPP = "sha256:7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730";
const SANDBOX = "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0";
const WIDGET = "sha256:bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721";

const pushes: Record<string, object> = {
  "1-retag.yaml": {
    srcRef: `registry.example.com/myapp@${MYAPP}`,
    destRef: "registry.example.com/myapp:v1.2.3",
  },
  "2-production.yaml": {
    srcRef: `sandbox.example.com/myapp@${SANDBOX}`,
    destRef: "prod.example.com/myapp:v1.2.2",
  },
  "3-per-stage.yaml": {
    srcRef: `registry.example.com/widget-service@${WIDGET}`,
    destRef: "registry.example.com/widget-service/prod:v0.4.0",
  },
  "4-helm.yaml": {
    srcRef: "oci://registry.example.com/charts/my-app:0.3.1",
    destRef: "oci://prod-registry.example.com/charts/my-app:0.3.1",
  },
  "5-annotations.yaml": {
    srcRef: `registry.example.com/myapp@${MYAPP}`,
    destRef: "registry.example.com/myapp:v1.2.3",
    annotations: {
      "org.opencontainers.image.source": "https://github.com/example/myapp",
      "io.kargo.promotion": "prod.01",
    },
  },
  "6-scoped-annotations.yaml": {
    srcRef: `registry.example.com/myapp@${MYAPP}`,
    destRef: "registry.example.com/myapp:v1.2.3",
    annotations: {
      "org.opencontainers.image.source": "https://github.com/example/myapp",
      "index:org.opencontainers.image.revision": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
      "manifest:org.opencontainers.image.description": "my app image",
    },
  },
  "7-insecure.yaml": {
    srcRef: "internal-registry.local/myapp:latest",
    destRef: "staging-registry.local/myapp:latest",
    insecureSkipTLSVerify: true,
  },
};

async function read(name: string): Promise<string> {
  return await Deno.readTextFile(new URL(name, EXAMPLES));
}

Deno.test("every example is tried, and docs/promotions.md shows each as it is", async () => {
  const entries = await Array.fromAsync(Deno.readDir(EXAMPLES));
  const names = entries.map(({ name }) => name).toSorted();
  assertEquals(names, [...Object.keys(pushes), "freight.yaml"]);
  const page = await Deno.readTextFile(new URL("../promotions.md", EXAMPLES));
  for (const name of names) {
    assertEquals(page.includes(`\`\`\`yaml\n${await read(name)}\`\`\`\n`), true, name);
  }
});

for (const [name, config] of Object.entries(pushes)) {
  Deno.test(`the example ${name} runs as it is`, async () => {
    const workdir = await Deno.makeTempDir({ prefix: "oci-push-test-" });
    try {
      await Deno.mkdir(`${workdir}/out`);
      await Deno.writeTextFile(`${workdir}/out/kustomization.yaml`, "resources:\n- app.yaml\n");
      const { effects, calls } = scripted([{}]);
      const result = await promote(await read(name), {
        effects,
        workdir,
        freight: await readFreight(await read("freight.yaml")),
        ctx: { stage: "prod", promotion: "prod.01" },
      });
      assertEquals(calls, [{ ...config, dryRun: false }] as typeof calls);
      assertEquals(result.status, "Succeeded");
      const isSet = name === "3-per-stage.yaml";
      assertEquals(
        await Deno.readTextFile(`${workdir}/out/kustomization.yaml`),
        `resources:\n- app.yaml\n${
          isSet
            ? "images:\n- name: registry.example.com/widget-service\n" +
              `  newName: registry.example.com/widget-service/prod\n  digest: ${DIGEST}\n`
            : ""
        }`,
      );
    } finally {
      await Deno.remove(workdir, { recursive: true });
    }
  });
}
