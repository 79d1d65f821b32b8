import { assertEquals, assertRejects, assertStringIncludes } from "../../lib/std/assert.ts";
import { findTool, run, succeed } from "./tools.ts";

Deno.test("run() gives code and texts, and feeds what is larger than a pipe", async () => {
  const script = 'cat; printf "%s" "$WORD" >&2; exit 3';
  const stdin = "x".repeat(300_000);
  assertEquals(await run("sh", ["-c", script], { stdin, env: { WORD: "said" } }), {
    code: 3,
    stdout: stdin,
    stderr: "said",
  });
});

Deno.test("run() does not mind a program that reads nothing", async () => {
  const { code } = await run("sh", ["-c", "exit 0"], { stdin: "x".repeat(300_000) });
  assertEquals(code, 0);
});

Deno.test("succeed() fails with what the program said", async () => {
  const script = "echo reason >&2; exit 4";
  await assertRejects(() => succeed("sh", ["-c", script]), Error, "ended with 4:\nreason");
  assertEquals(await succeed("printf", ["one\ntwo\n\n"]), "one\ntwo");
});

Deno.test("a tool that is built for the tests comes before one on the PATH", async () => {
  const home = await Deno.makeTempDir();
  try {
    const bin = `${home}/oci-push/bin`;
    await Deno.mkdir(bin, { recursive: true });
    await Deno.writeTextFile(`${bin}/sh`, "");
    const module = new URL("tools.ts", import.meta.url).href;
    const program = `import { findTool } from "${module}"; console.log(findTool("sh"))`;
    const env = { XDG_CACHE_HOME: home, DENO_DIR: `${home}/deno` };
    assertEquals(await succeed(Deno.execPath(), ["eval", program], { env }), `${bin}/sh`);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
  assertEquals(findTool("a-tool-that-nobody-has"), undefined);
});

const switches: [required: string, code: number, outcome: string][] = [
  ["", 0, "skipped: it works needs a-tool-that-nobody-has (run .ci/install)"],
  ["1", 1, "Error: it works needs a-tool-that-nobody-has (run .ci/install)"],
];

for (const [required, code, outcome] of switches) {
  Deno.test(`a test whose tool is missing ${code ? "fails where nothing may be skipped" : "passes and says so"}`, async () => {
    const folder = await Deno.makeTempDir();
    try {
      const module = new URL("tools.ts", import.meta.url).href;
      const text = `import { withTools } from "${module}";\n` +
        `withTools(["sh", "a-tool-that-nobody-has"], "it works", () => { throw 1; });\n`;
      await Deno.writeTextFile(`${folder}/some_test.ts`, text);
      const result = await run(
        Deno.execPath(),
        ["test", "-A", "--quiet", `${folder}/some_test.ts`],
        {
          env: { OCI_PUSH_TEST_REQUIRE_TOOLS: required, NO_COLOR: "1", DENO_DIR: folder },
        },
      );
      assertEquals(result.code, code, result.stderr);
      assertStringIncludes(result.stdout + result.stderr, outcome);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}
