import { assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { OciPushError, runStep } from "../../mod.ts";

Deno.test("runStep() runs a step without a document", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/kustomization.yaml`, "# mine\nresources: []\n");
    const { output } = await runStep({
      uses: "kustomize-set-image",
      config: { path: ".", images: [{ image: "nginx", tag: "1.27" }] },
    }, { workdir: folder });
    assertEquals(Object.keys(output), ["commitMessage"]);
    const text = await Deno.readTextFile(`${folder}/kustomization.yaml`);
    assertStringIncludes(text, "# mine\nresources: []\n");
    assertStringIncludes(text, "newTag:");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("runStep() pushes by the effects that it is given", async () => {
  const pushed: unknown[] = [];
  const { output } = await runStep({
    uses: "oci-push",
    config: { srcRef: "a.test/app:v1", destRef: "b.test/app:v1" },
  }, {
    effects: {
      push(config) {
        pushed.push(config);
        return Promise.resolve({ image: "b.test/app:v1", digest: "sha256:x", tag: "v1" });
      },
    },
  });
  assertEquals(pushed, [{ srcRef: "a.test/app:v1", destRef: "b.test/app:v1" }]);
  assertEquals(output, { image: "b.test/app:v1", digest: "sha256:x", tag: "v1" });
});

Deno.test("runStep() refuses a step that there is not, and a config that does not fit", async () => {
  for (
    const step of [
      { uses: "git-push", config: {} },
      { uses: "oci-push", config: { srcRef: "a.test/app:v1" } },
      { uses: "oci-push", config: { srcRef: "a.test/app:v1", destRef: "b.test/app:v1", x: 1 } },
    ]
  ) {
    const error = await assertRejects(() => runStep(step), OciPushError);
    assertEquals(error.code, "INVALID_DOCUMENT");
  }
});
