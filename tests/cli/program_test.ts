/**
 * The whole program, in a process of its own: what only a process shows.
 *
 * @module
 */

import { assert, assertEquals, assertMatch, assertStringIncludes } from "../../lib/std/assert.ts";
import { createMemoryStorage } from "../../lib/serve/memory_storage.ts";
import { createRegistryHandler } from "../../lib/serve/handler.ts";
import { serveRegistry } from "../../lib/serve/serve.ts";
import { VERSION } from "../../lib/version.ts";
import { createImageIndex, pushContent } from "../support/images.ts";
import { run as runTool } from "../support/tools.ts";
import { withRegistries } from "./_run.ts";

const CLI = new URL("../../cli.ts", import.meta.url).pathname;

function run(
  args: string[],
  { permissions = ["-A"], ...options }: {
    permissions?: string[];
    env?: Record<string, string>;
    stdin?: string;
  } = {},
) {
  return runTool(Deno.execPath(), ["run", "--no-prompt", ...permissions, CLI, ...args], options);
}

Deno.test("the program: --version", async () => {
  assertEquals(await run(["--version"]), { code: 0, stdout: `oci-push ${VERSION}\n`, stderr: "" });
});

Deno.test("the program: no arguments", async () => {
  const { code, stdout, stderr } = await run([]);
  assertEquals([code, stdout], [2, ""]);
  assertStringIncludes(stderr, "usage: oci-push");
});

Deno.test("the program: a copy, byte for byte on stdout", async () => {
  await withRegistries(async ({ from, to, content }) => {
    const { code, stdout, stderr } = await run(["copy", from, to]);
    assertEquals([code, stdout], [0, `${to}@${content.root}\n`]);
    assertMatch(stderr, /^copied [^\n]*\n$/);
  });
});

Deno.test("the program: a failure leaves stdout empty", async () => {
  await withRegistries(async ({ from, to }) => {
    const { code, stdout, stderr } = await run(["copy", `${from}-none`, to]);
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, "code: TAG_NOT_FOUND, final. Nothing was written.\n");
  });
});

Deno.test("the program: without --allow-net it says so", async () => {
  await withRegistries(async ({ from, to }) => {
    const { code, stdout, stderr } = await run(["copy", from, to], { permissions: [] });
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, "--allow-net");
    assertStringIncludes(stderr, "  code: PERMISSION, final. Nothing was written.\n");
  });
});

Deno.test("the program: --allow-net alone is enough for a copy", async () => {
  await withRegistries(async ({ from, to, content }) => {
    const { code, stdout } = await run(["copy", from, to], { permissions: ["--allow-net"] });
    assertEquals([code, stdout], [0, `${to}@${content.root}\n`]);
  });
});

Deno.test("the program: a file that may not be read is named", async () => {
  await withRegistries(async ({ from, to }) => {
    const { code, stderr } = await run(["copy", from, to, "--ca-file", "ca.pem"], {
      permissions: ["--allow-net"],
    });
    assertEquals(code, 1);
    assertStringIncludes(stderr, 'Deno was not allowed read access to "ca.pem"');
    assertStringIncludes(stderr, "  try:  run it with --allow-read, or -A\n");
  });
});

for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`the program: ${signal} says what is left, and ends with ${exitCode}`, async () => {
    await using source = await serveRegistry();
    const content = await createImageIndex();
    await pushContent(source.url, "app", content, { tag: "v1" });
    const stalled = Promise.withResolvers<void>();
    await using destination = serveStalling({ after: 2, onStall: stalled.resolve });
    const to = `127.0.0.1:${destination.addr.port}/app:v1`;
    const program = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", CLI, "copy", "--concurrency", "1", `${source.host}/app:v1`, to],
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await stalled.promise;
    program.kill(signal);
    const { code, stdout, stderr } = await program.output();
    assertEquals([code, stdout.length], [exitCode, 0]);
    assertEquals(
      new TextDecoder().decode(stderr),
      `interrupted; ${to} is as it was; 2 of ${content.blobs.size} blobs are there and will be reused.\n`,
    );
  });
}

/** A registry that takes some blobs, and never answers for the next one. */
function serveStalling({ after, onStall }: { after: number; onStall: () => void }) {
  const handler = createRegistryHandler({ storage: createMemoryStorage() });
  let blobs = 0;
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    if (request.method === "PUT" && request.url.includes("/uploads/") && ++blobs > after) {
      onStall();
      await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
      return new Response(null, { status: 503 });
    }
    return await handler(request);
  });
}

Deno.test("the program: serve prints where it listens, and stops when it is told to", async () => {
  const program = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", CLI, "serve", "--port", "0"],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const lines = program.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: address = "" } = await lines.read();
  assertMatch(address, /^http:\/\/127\.0\.0\.1:\d+\/\n$/);
  const response = await fetch(new URL("/v2/", address.trim()));
  assertEquals(response.status, 200);
  await response.body?.cancel();
  program.kill("SIGINT");
  const [{ code }, stderr] = await Promise.all([
    program.status,
    new Response(program.stderr).text(),
  ]);
  assertEquals([code, (await lines.read()).done], [0, true]);
  assertMatch(
    stderr,
    /^serving [^\n]*, in memory; \^C stops it\nGET \/v2\/ 200 \d+ ms\nstopped\n$/,
  );
});

Deno.test("the program: login checks before it stores, logout forgets", async () => {
  const users = { alice: "right" };
  await using registry = await serveRegistry({ auth: { type: "basic", users } });
  const home = await Deno.makeTempDir();
  const file = `${home}/config.json`;
  const env = { DOCKER_CONFIG: home };
  const login = ["login", registry.host, "--username", "alice", "--password-stdin"];
  try {
    const wrong = await run(login, { env, stdin: "wrong\n" });
    assertEquals([wrong.code, wrong.stdout], [1, ""]);
    assertMatch(wrong.stderr, /^error: cannot log in to [^\n]*user "alice" is refused \(401\)\n/);
    assertEquals(await Array.fromAsync(Deno.readDir(home)), []);

    const right = await run(login, { env, stdin: "right\n" });
    assertEquals([right.code, right.stdout], [0, ""]);
    assertEquals(right.stderr, `logged in to ${registry.host} as alice; kept in ${file}\n`);
    const { mode } = await Deno.stat(file);
    assertEquals(mode! & 0o777, 0o600);
    const stored = JSON.parse(await Deno.readTextFile(file)).auths[registry.host].auth;
    assertEquals(atob(stored), "alice:right");

    const out = await run(["logout", registry.host], { env });
    assertEquals([out.code, out.stderr], [0, `forgot ${registry.host} in ${file}\n`]);
    assert(!(await Deno.readTextFile(file)).includes(stored));
    const again = await run(["logout", registry.host], { env });
    assertEquals(again.stderr, `nothing was kept for ${registry.host}\n`);

    const unnamed = await run(["login", registry.host], { env });
    assertEquals(unnamed.code, 2);
    assertStringIncludes(unnamed.stderr, "cannot log in: the user is missing");
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});

Deno.test("the program: a login that nobody asks for is kept, and said to be unchecked", async () => {
  await using registry = await serveRegistry();
  const home = await Deno.makeTempDir();
  try {
    const login = ["login", registry.host, "--username", "alice", "--password-stdin"];
    const { code, stderr } = await run(login, { env: { DOCKER_CONFIG: home }, stdin: "x" });
    assertEquals(code, 0);
    assertMatch(stderr, /^note: [^\n]* did not ask who you are: the password is not checked\n/);
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
