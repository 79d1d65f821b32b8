/**
 * The bundle, in a folder where there is nothing else, with no package at hand and no way to get one.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../lib/std/assert.ts";
import { serveRegistry } from "../../lib/serve/serve.ts";
import { VERSION } from "../../lib/version.ts";
import { createCertificates } from "../support/certificates.ts";
import { createImageIndex, pushContent, readGraph } from "../support/images.ts";
import { run, succeed, withTools } from "../support/tools.ts";

const BUNDLE = new URL("../../.ci/bundle.ts", import.meta.url).pathname;

withTools(["openssl"], "the bundle does everything alone", async (t) => {
  const folder = await Deno.makeTempDir();
  try {
    await succeed(Deno.execPath(), ["run", "-A", BUNDLE, folder]);
    const env = { HOME: folder, DENO_DIR: `${folder}/cache`, NO_COLOR: "1" };
    const program = async (...args: string[]) => {
      const alone = ["run", "-A", "--no-remote", "--no-npm", `${folder}/oci-push.js`];
      const { code, stdout, stderr } = await run(Deno.execPath(), [...alone, ...args], {
        cwd: folder,
        env,
      });
      assertEquals(code, 0, stderr);
      // Where workers cannot start, the copy goes on without them: only this tells.
      assert(!stderr.includes("worker broke"), stderr);
      return stdout;
    };

    await using source = await serveRegistry();
    await using destination = await serveRegistry();
    const content = await createImageIndex();
    await pushContent(source.url, "app", content, { tag: "v1" });
    const from = `${source.host}/app:v1`;

    await t.step("--version", async () => {
      assertEquals(await program("--version"), `oci-push ${VERSION}\n`);
    });

    await t.step("copy, inline and by workers, annotated", async () => {
      for (const workers of ["0", "2"]) {
        const to = `${destination.host}/by${workers}:v1`;
        const printed = await program("copy", "-v", "--workers", workers, from, to);
        assertEquals(printed, `${to}@${content.root}\n`);
        assertEquals((await readGraph(destination.url, `by${workers}`, "v1")).root, content.root);
      }
      const to = `${destination.host}/annotated:v1`;
      assertMatch(await program("copy", "--annotation", "a=b", from, to), /annotated:v1@sha256:/);
    });

    await t.step("certificates that are not checked", async () => {
      await using certificates = await createCertificates();
      await using secure = await serveRegistry({ tls: await certificates.issue() });
      const to = `${secure.host}/app:v1`;
      const printed = await program("copy", "--dest-insecure-skip-tls-verify", from, to);
      assertEquals(printed, `${to}@${content.root}\n`);
    });

    await t.step("promote, with expressions, patterns and a kustomization", async () => {
      await Deno.writeTextFile(
        `${folder}/kustomization.yaml`,
        "# kept\nimages:\n- name: app\n  newTag: old\n",
      );
      await Deno.writeTextFile(
        `${folder}/steps.yaml`,
        `
steps:
- uses: oci-push
  as: push
  if: \${{ "v1" matches "^v[0-9]$" }}
  config: { srcRef: "${from}", destRef: "${destination.host}/promoted:v1" }
- uses: kustomize-set-image
  config: { path: ., images: [{ image: app, digest: "\${{ outputs.push.digest }}" }] }
`,
      );
      const printed = await program("promote", "steps.yaml", "--format", "json");
      assertEquals(JSON.parse(printed).status, "Succeeded");
      const after = await Deno.readTextFile(`${folder}/kustomization.yaml`);
      assertStringIncludes(after, "# kept");
      assertStringIncludes(after, content.root);
    });

    await t.step("a folder with something else in it is not replaced", async () => {
      const other = await Deno.makeTempDir();
      await Deno.writeTextFile(`${other}/thesis.txt`, "years of work");
      const { code, stderr } = await run(Deno.execPath(), ["run", "-A", BUNDLE, other]);
      assertEquals(code, 1);
      assertStringIncludes(stderr, "thesis.txt");
      assertEquals(await Deno.readTextFile(`${other}/thesis.txt`), "years of work");
      await Deno.remove(other, { recursive: true });
    });

    await t.step("demo, which serves registries of its own", async () => {
      await program("demo");
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
