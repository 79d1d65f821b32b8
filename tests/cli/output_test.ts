import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../lib/std/assert.ts";
import { run, withRegistries } from "./_run.ts";

Deno.test("GitHub: outputs, a summary, and an error as an annotation", async () => {
  await withRegistries(async ({ from, to, content, folder }) => {
    const env = {
      GITHUB_ACTIONS: "true",
      GITHUB_OUTPUT: `${folder}/output`,
      GITHUB_STEP_SUMMARY: `${folder}/summary`,
    };
    const { code, stdout, stderr } = await run(["copy", from, to, "--github-output"], { env });
    assertEquals([code, stdout], [0, `${to}@${content.root}\n`]);
    assert(!stderr.includes("::"), stderr);
    const outputs = readOutputs(await Deno.readTextFile(env.GITHUB_OUTPUT));
    assertEquals(
      [outputs.image, outputs.digest, outputs.tag, outputs.status, JSON.parse(outputs.json!).tag],
      [to, content.root, "v1", "copied", "v1"],
    );
    const summary = await Deno.readTextFile(env.GITHUB_STEP_SUMMARY);
    assertMatch(summary, /^### oci-push: copied\n\n\| \| \|\n\| --- \| --- \|\n/);
    assertStringIncludes(summary, `| Digest | \`${content.root}\` |\n`);
    assertStringIncludes(summary, "| Platforms | `linux/amd64`, `linux/arm64` |\n");

    const failed = await run(["copy", `${from}-none`, to, "--github-output"], { env });
    assertEquals(failed.stdout, "");
    assertMatch(failed.stderr, /^::error title=oci-push TAG_NOT_FOUND::cannot read [^\n]+\n$/m);
  });
});

/** What the runner reads: values between lines with a delimiter of the writer's choice. */
function readOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split("\n");
  while (lines.length > 1) {
    const [name, delimiter] = lines.shift()!.split("<<") as [string, string];
    const end = lines.indexOf(delimiter);
    outputs[name] = lines.splice(0, end + 1).slice(0, -1).join("\n");
  }
  return outputs;
}

Deno.test("--log-format json: stderr is records, a failure included", async () => {
  await withRegistries(async ({ from, to }) => {
    const { stderr } = await run(["copy", from, to, "--log-format", "json"]);
    const types = stderr.trimEnd().split("\n").map((line) => JSON.parse(line).type);
    for (const type of ["planned", "blob-done", "manifest-done", "summary"]) {
      assert(types.includes(type), type);
    }
    const failed = await run(["copy", `${from}-none`, to, "--log-format", "json"]);
    const last = JSON.parse(failed.stderr.trimEnd().split("\n").at(-1)!);
    assertEquals([last.type, last.code, last.state], [
      "error",
      "TAG_NOT_FOUND",
      "Nothing was written.",
    ]);
    assertEquals(failed.stdout, "");
  });
});
