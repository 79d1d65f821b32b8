/** The documented examples, as they are in docs/promotions.md, with scripted copies. */

import { assertEquals } from "../../lib/std/assert.ts";
import { readFreight } from "../../lib/promotion/freight_file.ts";
import { FUNCTIONS } from "../../lib/promotion/expressions/functions.ts";
import { promote } from "../../lib/promotion/promote.ts";
import { STEP_SCHEMA } from "../../lib/promotion/step.ts";
import { STEPS } from "../../lib/promotion/steps/registry.ts";
import { readExamples } from "./_examples.ts";
import { DIGEST, scripted } from "./_support.ts";

const MYAPP = "sha256:7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730";
const SANDBOX = "sha256:9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0";
const WIDGET = "sha256:bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721";

const pushes: Record<string, object> = {
  "1": {
    srcRef: `registry.example.com/myapp@${MYAPP}`,
    destRef: "registry.example.com/myapp:v1.2.3",
  },
  "2": {
    srcRef: `sandbox.example.com/myapp@${SANDBOX}`,
    destRef: "prod.example.com/myapp:v1.2.2",
  },
  "3": {
    srcRef: `registry.example.com/widget-service@${WIDGET}`,
    destRef: "registry.example.com/widget-service/prod:v0.4.0",
  },
  "4": {
    srcRef: "oci://registry.example.com/charts/my-app:0.3.1",
    destRef: "oci://prod-registry.example.com/charts/my-app:0.3.1",
  },
  "5": {
    srcRef: `registry.example.com/myapp@${MYAPP}`,
    destRef: "registry.example.com/myapp:v1.2.3",
    annotations: {
      "org.opencontainers.image.source": "https://github.com/example/myapp",
      "io.kargo.promotion": "prod.01",
    },
  },
  "6": {
    srcRef: `registry.example.com/myapp@${MYAPP}`,
    destRef: "registry.example.com/myapp:v1.2.3",
    annotations: {
      "org.opencontainers.image.source": "https://github.com/example/myapp",
      "index:org.opencontainers.image.revision": "6dcb09b5b57875f334f61aebed695e2e4193db5e",
      "manifest:org.opencontainers.image.description": "my app image",
    },
  },
  "7": {
    srcRef: "internal-registry.local/myapp:latest",
    destRef: "staging-registry.local/myapp:latest",
    insecureSkipTLSVerify: true,
  },
};

Deno.test("every example of the page is tried", async () => {
  assertEquals(Object.keys((await readExamples()).documents), Object.keys(pushes));
});

Deno.test("the page names every function of the language and every key of a step", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/promotions.md", import.meta.url));
  const configs = [...STEPS.values()].flatMap(({ config }) => Object.keys(config.fields));
  const words = [
    ...FUNCTIONS.keys(),
    ...Object.keys(STEP_SCHEMA.fields),
    ...configs,
    ...STEPS.keys(),
  ];
  const missing = words.filter((word) =>
    word !== "task" && !new RegExp(`\\b${word}\\b`).test(page)
  );
  assertEquals(missing, []);
});

for (const [number, config] of Object.entries(pushes)) {
  Deno.test(`example ${number} runs as it is`, async () => {
    const { documents, freight } = await readExamples();
    const workdir = await Deno.makeTempDir({ prefix: "oci-push-test-" });
    try {
      await Deno.mkdir(`${workdir}/out`);
      await Deno.writeTextFile(`${workdir}/out/kustomization.yaml`, "resources:\n- app.yaml\n");
      const { effects, calls } = scripted([{}]);
      const result = await promote(documents[number], {
        effects,
        workdir,
        freight: await readFreight(freight),
        ctx: { stage: "prod", promotion: "prod.01" },
      });
      assertEquals(calls, [{ ...config, dryRun: false }] as typeof calls);
      assertEquals(result.status, "Succeeded");
      const isSet = number === "3";
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
