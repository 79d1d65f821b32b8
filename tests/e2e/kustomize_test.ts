/**
 * What kustomize-set-image writes, built by the real kustomize.
 *
 * @module
 */

import { assertEquals } from "../../lib/std/assert.ts";
import { parseYaml } from "../../lib/std/yaml.ts";
import { promote } from "../../lib/promotion/promote.ts";
import { succeed, withTools } from "../support/tools.ts";

const DIGEST = `sha256:${"a1".repeat(32)}`;
const REPOSITORY = "registry.example.com/widget-service";

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: pod
spec:
  containers:
  - name: widget
    image: ${REPOSITORY}:v0
  - name: other
    image: other:v0
`;

const STEPS = `steps:
- uses: oci-push
  as: push-to-stage
  config:
    srcRef: ${REPOSITORY}:v1
    destRef: ${REPOSITORY}/\${{ ctx.stage }}:v1
- uses: kustomize-set-image
  config:
    path: ./out
    images:
    - image: ${REPOSITORY}
      newName: ${REPOSITORY}/\${{ ctx.stage }}
      digest: \${{ outputs["push-to-stage"].digest }}
    - image: other
      tag: "1.20"
`;

const kustomizations: Record<string, string> = {
  "without images": "resources:\n- pod.yaml\n",
  "with an empty list": "resources: [pod.yaml]\nimages: []\n",
  "with comments and older entries":
    `# head\nresources:\n- pod.yaml # pod\nimages:\n# web\n- name: ${REPOSITORY} # here\n  newTag: v0\n` +
    "- name: other\n  digest: sha256:old\n",
  "with carriage returns":
    `resources:\r\n- pod.yaml\r\nimages:\r\n- name: other\r\n  newTag: '1.0' # n\r\n`,
  "with entries in braces":
    `images:\n  - { name: zoo, newTag: v1 }\n  - { name: other, newTag: v1 }\nresources:\n  - pod.yaml\n`,
  "with a list in brackets": "images: [{ name: other, newTag: v1 }]\nresources: [pod.yaml]\n",
  "written as JSON": '{"resources": ["pod.yaml"], "images": [{"name": "other", "newTag": "v1"}]}\n',
};

async function imagesAfter(kustomization: string): Promise<string[]> {
  const workdir = await Deno.makeTempDir({ prefix: "oci-push-test-" });
  try {
    await Deno.mkdir(`${workdir}/out`);
    await Deno.writeTextFile(`${workdir}/out/pod.yaml`, POD);
    await Deno.writeTextFile(`${workdir}/out/kustomization.yaml`, kustomization);
    const push = () =>
      Promise.resolve({ image: `${REPOSITORY}/prod:v1`, digest: DIGEST, tag: "v1" });
    const { status } = await promote(STEPS, { effects: { push }, workdir, ctx: { stage: "prod" } });
    assertEquals(status, "Succeeded");
    const pod = parseYaml(await succeed("kustomize", ["build", `${workdir}/out`])) as {
      spec: { containers: { image: string }[] };
    };
    return pod.spec.containers.map(({ image }) => image);
  } finally {
    await Deno.remove(workdir, { recursive: true });
  }
}

for (const [what, text] of Object.entries(kustomizations)) {
  withTools(
    ["kustomize"],
    `kustomize builds a kustomization ${what} with the new images`,
    async () => {
      assertEquals(await imagesAfter(text), [`${REPOSITORY}/prod@${DIGEST}`, "other:1.20"]);
    },
  );
}
