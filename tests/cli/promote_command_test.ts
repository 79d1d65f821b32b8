import { assertEquals, assertMatch, assertStringIncludes } from "../../lib/std/assert.ts";
import { run, withRegistries } from "./_run.ts";

Deno.test("promote runs a file; the document is the result, lines are on stderr", async () => {
  await withRegistries(async ({ from, to, content, folder }) => {
    const file = `${folder}/steps.yaml`;
    await Deno.writeTextFile(
      file,
      "steps:\n- uses: oci-push\n  as: push\n  config:\n" +
        `    srcRef: ${from.replace(/:[^:]*$/, "")}@\${{ imageFrom("${
          from.replace(/:[^:]*$/, "")
        }").digest }}\n` +
        `    destRef: ${to}\n`,
    );
    const dry = await run(["promote", file, "--image", from, "--dry-run"]);
    assertEquals(dry.code, 0, dry.stderr);
    assertMatch(dry.stdout, /^push {2}oci-push {2}Succeeded\n/);
    assertMatch(dry.stdout, /^ {2}would +move \d blobs/m);

    const done = await run(["promote", file, "--image", from, "--format", "json"]);
    const { status, steps: [step] } = JSON.parse(done.stdout);
    assertEquals([done.code, status, step.status], [0, "Succeeded", "Succeeded"]);
    assertEquals(step.output, { image: to, digest: content.root, tag: "v1" });

    const text = await run(["promote", file, "--image", from]);
    assertEquals([text.code, text.stdout], [0, ""]);
    assertMatch(text.stderr, /^\[1\/1\] push {2}oci-push\n\[1\/1\] push {2}Succeeded {2}/);
    assertMatch(text.stderr, /^Succeeded: done: push\n$/m);
  });
});

Deno.test("promote: what fails is told, with its exit code", async () => {
  await withRegistries(async ({ from, to, folder }) => {
    const file = `${folder}/steps.yaml`;
    const config = `{ srcRef: "${from}-none", destRef: "${to}" }`;
    await Deno.writeTextFile(
      file,
      `- { uses: oci-push, as: push, config: ${config} }\n- { uses: oci-push, config: ${config} }\n`,
    );
    const { code, stdout, stderr } = await run(["promote", file]);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, "  code: TAG_NOT_FOUND, final.\n");
    assertStringIncludes(stderr, "Failed: failed: push; not run: step-2\n");

    const missing = await run(["promote", `${file}.no`]);
    assertEquals([missing.code, missing.stderr.split("\n")[0]], [
      1,
      `error: cannot read ${file}.no: there is no such file`,
    ]);

    await Deno.writeTextFile(
      file,
      `- { uses: oci-push, config: { srcRef: "${from}", destRef: "A" } }\n`,
    );
    const invalid = await run(["promote", file, "--format", "json"]);
    const { error } = JSON.parse(invalid.stdout);
    assertEquals([invalid.code, error.code, error.path], [
      1,
      "INVALID_REFERENCE",
      "steps[0].config.destRef",
    ]);
  });
});
