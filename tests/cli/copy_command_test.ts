import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../lib/std/assert.ts";
import { run, withRegistries } from "./_run.ts";

Deno.test("copy prints the image and its digest, and nothing else, on stdout", async () => {
  await withRegistries(async ({ from, to, content }) => {
    const first = await run(["copy", from, to]);
    assertEquals([first.code, first.stdout], [0, `${to}@${content.root}\n`]);
    assertMatch(first.stderr, /^copied \d blobs in \d\.\d s: [^\n]* sent\n$/);
    const again = await run(["cp", "--no-overwrite", from, to]);
    assertEquals([again.code, again.stdout], [0, `${to}@${content.root}\n`]);
    assertMatch(again.stderr, /^unchanged: v1 is sha256:[0-9a-f]{12} already\n$/);
    const quiet = await run(["copy", "-q", from, to]);
    assertEquals(quiet, { code: 0, stdout: `${to}@${content.root}\n`, stderr: "" });
  });
});

Deno.test("copy --format json prints one document", async () => {
  await withRegistries(async ({ from, to, content, folder }) => {
    const file = `${folder}/result.json`;
    const { code, stdout } = await run([
      "copy",
      from,
      to,
      "--format",
      "json",
      "--output-file",
      file,
    ]);
    assertEquals([code, stdout.indexOf("\n")], [0, stdout.length - 1]);
    const { seconds, requests, bytes, size, ...rest } = JSON.parse(stdout);
    assertEquals(rest, {
      schemaVersion: 1,
      image: to,
      tag: "v1",
      digest: content.root,
      status: "copied",
      source: { ref: from, digest: content.root },
      mediaType: "application/vnd.oci.image.index.v1+json",
      platforms: ["linux/amd64", "linux/arm64"],
      blobs: { transferred: content.blobs.size, mounted: 0, existing: 0 },
      warnings: [],
    });
    for (const figure of [seconds, requests, bytes, size]) assertEquals(typeof figure, "number");
    assertEquals(await Deno.readTextFile(file), stdout);
    assertEquals((await Array.fromAsync(Deno.readDir(folder))).length, 1);
  });
});

Deno.test("a tag that moves is told", async () => {
  await withRegistries(async ({ from, to, content }) => {
    await run(["copy", from, to]);
    const { stdout, stderr } = await run(["copy", from, to, "--annotation", "a=b=c\nd"]);
    const [, digest] = stdout.trimEnd().split("@");
    assert(digest !== content.root);
    const short = (digest: string) => digest.slice(0, "sha256:".length + 12);
    assertStringIncludes(stderr, `; v1 moved from ${short(content.root)} to ${short(digest!)}\n`);
  });
});

Deno.test("plan says what a copy would do, in five lines, and writes nothing", async () => {
  await withRegistries(async ({ from, to, content }) => {
    const { code, stdout, stderr } = await run(["plan", from, to]);
    assertEquals([code, stderr], [0, ""]);
    const lines = stdout.trimEnd().split("\n");
    assertEquals(lines.map((line) => line.split(" ")[0]), [
      "source",
      "destination",
      "would",
      "size",
      "login",
    ]);
    assertEquals((await run(["copy", "--dry-run", from, to])).stdout, stdout);
    const json = await run(["plan", from, to, "--format=json"]);
    assertEquals(JSON.parse(json.stdout).blobs.length, content.blobs.size);
    assertEquals((await run(["copy", from, to])).stdout, `${to}@${content.root}\n`);
  });
});

Deno.test("plan --exit-code is 3 where something would change, else 0", async () => {
  await withRegistries(async ({ from, to }) => {
    assertEquals((await run(["plan", "--exit-code", from, to])).code, 3);
    await run(["copy", from, to]);
    assertEquals((await run(["plan", "--exit-code", from, to])).code, 0);
    assertEquals((await run(["plan", "--exit-code", `${from}-none`, to])).code, 1);
  });
});

Deno.test("a failure leaves stdout empty and says how the destination is", async () => {
  await withRegistries(async ({ from, to }) => {
    const { code, stdout, stderr } = await run(["copy", from.replace("rc.1", "rc.2"), to]);
    assertEquals([code, stdout], [1, ""]);
    assertMatch(stderr, /^error: cannot read .*app:v1-rc\.2 \(source\): the repository is there/);
    assertStringIncludes(stderr, "did you mean v1-rc.1?");
    assertStringIncludes(stderr, "  code: TAG_NOT_FOUND, final. Nothing was written.\n");
  });
});

Deno.test("a failure is a document where one was asked for, and in the file, too", async () => {
  await withRegistries(async ({ from, to, folder }) => {
    const file = `${folder}/result.json`;
    const { code, stdout, stderr } = await run([
      ...["copy", from.replace("app", "nope"), to],
      ...["--format", "json", "--output-file", file],
    ]);
    assertEquals([code, stderr], [1, ""]);
    const { error } = JSON.parse(stdout);
    assertEquals(
      [error.code, error.terminal, error.side, error.repository, error.tagChanged],
      ["REPOSITORY_NOT_FOUND", true, "source", "nope", false],
    );
    assertEquals(await Deno.readTextFile(file), stdout);
  });
});

for (
  const { place, problem } of [
    { place: "no/x", problem: "there is no such folder" },
    { place: "", problem: "it is a folder" },
  ]
) {
  Deno.test(`an output file that cannot be is told before anything is done: ${problem}`, async () => {
    await withRegistries(async ({ from, to, folder }) => {
      const output = ["--output-file", place ? `${folder}/${place}` : folder];
      const { code, stdout, stderr } = await run(["copy", from, to, ...output]);
      assertEquals([code, stdout], [1, ""]);
      assertStringIncludes(stderr, `${problem}\n`);
      assertStringIncludes(stderr, "code: FILE, final. Nothing was written.");
      assertEquals((await run(["plan", "--exit-code", from, to])).code, 3);
    });
  });
}

Deno.test("the size limit is said with both sizes, by flag and by variable", async () => {
  await withRegistries(async ({ from, to }) => {
    const byFlag = await run(["copy", from, to, "--max-artifact-size", "1B"]);
    const byVariable = await run(["copy", from, to], { env: { MAX_OCI_PUSH_ARTIFACT_SIZE: "1" } });
    for (const { code, stderr } of [byFlag, byVariable]) {
      assertEquals(code, 1);
      assertMatch(stderr, /artifact size \d+ exceeds maximum allowed size of 1\n/);
    }
    assertEquals((await run(["copy", from, to, "--max-artifact-size", "-1"])).code, 0);
  });
});

Deno.test("a tag that names something else is kept with --no-overwrite", async () => {
  await withRegistries(async ({ from, to, content }) => {
    await run(["copy", from, to, "--annotation", "a=b"]);
    const { code, stderr } = await run(["copy", "--no-overwrite", from, to]);
    assertEquals(code, 1);
    assertStringIncludes(stderr, `, not ${content.root}\n`);
    assertStringIncludes(stderr, "code: TAG_EXISTS, final.");
  });
});

Deno.test("a registry that is not there is worth another try", async () => {
  const nowhere = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const { port } = nowhere.addr;
  nowhere.close();
  const { code, stdout, stderr } = await run([
    ...["copy", `127.0.0.1:${port}/app:v1`, `127.0.0.1:${port}/app:v2`, "--retries", "0"],
  ]);
  assertEquals([code, stdout], [75, ""]);
  assertStringIncludes(stderr, "  code: UNREACHABLE, worth another try. Nothing was written.\n");
});
