/**
 * The checkout, served over HTTP and used from there as a stranger would: no deno.json in sight.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../lib/std/assert.ts";
import { serveRegistry } from "../../lib/serve/serve.ts";
import { createImageIndex } from "../support/images.ts";
import { pushContent, readGraph } from "../support/images.ts";

const ROOT = new URL("../../", import.meta.url);

/** Serves the files that an import by URL may ask for. */
function serveCheckout(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const path = new URL(request.url).pathname.slice(1);
    if (!/^(mod\.ts|cli\.ts|lib\/[\w/.-]+\.ts)$/.test(path) || path.includes("..")) {
      return new Response("not here", { status: 404 });
    }
    try {
      const file = await Deno.readFile(new URL(path, ROOT));
      // Deno refuses .ts as video/mp2t, the default of many servers.
      return new Response(file, { headers: { "content-type": "text/plain" } });
    } catch {
      return new Response("not here", { status: 404 });
    }
  });
}

async function deno(args: string[], cwd: string) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

Deno.test("by URL: the command line copies with workers, a program imports mod.ts with its types", async () => {
  await using server = serveCheckout();
  const base = `http://127.0.0.1:${server.addr.port}`;
  await using source = await serveRegistry();
  await using destination = await serveRegistry();
  const content = await createImageIndex();
  await pushContent(source.url, "app", content, { tag: "v1" });
  const elsewhere = await Deno.makeTempDir();
  try {
    const copy = await deno(
      [
        "run",
        "-A",
        `${base}/cli.ts`,
        "copy",
        "--workers",
        "2",
        `${source.host}/app:v1`,
        `${destination.host}/app:v1`,
      ],
      elsewhere,
    );
    assertEquals([copy.code, copy.stdout], [
      0,
      `${destination.host}/app:v1@${content.root}\n`,
    ], copy.stderr);
    // Where workers cannot start, the copy goes on without them: only this tells.
    assert(!copy.stderr.includes("worker broke"), copy.stderr);
    const there = await readGraph(destination.url, "app", "v1");
    assertEquals(there.root, content.root);

    const program = `
      import { type CopyResult, ociPush, OciPushError } from "${base}/mod.ts";
      const result: CopyResult = await ociPush(
        { srcRef: "${source.host}/app:v1", destRef: "${destination.host}/other:v2" },
        { workers: 1 },
      );
      const digest: string = result.digest;
      console.log(digest);
      try {
        await ociPush({ srcRef: "BAD", destRef: "x:y" });
      } catch (error) {
        console.log(error instanceof OciPushError && error.code);
      }
    `;
    await Deno.writeTextFile(`${elsewhere}/program.ts`, program);
    const checked = await deno(["run", "--check", "-A", "program.ts"], elsewhere);
    assertEquals(checked.code, 0, checked.stderr);
    assertEquals(checked.stdout, `${content.root}\nINVALID_REFERENCE\n`);

    await Deno.writeTextFile(
      `${elsewhere}/wrong.ts`,
      `import { ociPush } from "${base}/mod.ts"; ociPush({ srcRef: 1, destRef: "x" });`,
    );
    const wrong = await deno(
      ["check", `--allow-import=127.0.0.1:${server.addr.port}`, "wrong.ts"],
      elsewhere,
    );
    assertEquals(wrong.code, 1);
    assertStringIncludes(wrong.stderr, "number");
    assertMatch(wrong.stderr, /srcRef|string/);
  } finally {
    await Deno.remove(elsewhere, { recursive: true });
  }
});
