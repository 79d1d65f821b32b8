import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../lib/std/assert.ts";
import { run } from "./_run.ts";

Deno.test("the demo shows all of it, verifies it, and leaves nothing", async () => {
  const { code, stdout, stderr } = await run(["demo"]);
  assertEquals([code, stderr], [0, ""]);
  for (
    const words of [
      "$ oci-push plan sandbox.example.com/app:v1.2.3-rc.1",
      "multi-arch image; read again: 9 digests, all right",
      "nested index; read again: 10 digests, all right",
      "image with attestations; read again: 8 digests, all right",
      "Helm chart; read again: 3 digests, all right",
      "  retagged in ",
      "  unchanged: v1.2.3 is sha256:",
    ]
  ) {
    assertStringIncludes(stdout, words);
  }
  const lines = stdout.trimEnd().split("\n");
  for (const line of lines) assert(line.length < 80, line);
  assertMatch(lines.at(-1)!, /^ {2}oci-push copy \S+ \S+$/);
});
