/**
 * The other tools that tests compare with, as `.ci/install` puts them.
 *
 * @module
 */

/** What a program did. */
export interface RunResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Options of {@linkcode run}. */
export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  stdin?: string;
}

/** The path of a tool: of those that `.ci/install` built, or on the PATH. */
export async function findTool(name: string): Promise<string | undefined> {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  const folders = [`${cache}/oci-push/bin`, ...(Deno.env.get("PATH") ?? "").split(":")];
  for (const folder of folders) {
    try {
      if ((await Deno.stat(`${folder}/${name}`)).isFile) return `${folder}/${name}`;
    } catch {
      // not there
    }
  }
}

/**
 * Registers a test that needs tools. Without them it passes and says what was skipped; where
 * nothing may be skipped (OCI_PUSH_TEST_REQUIRE_TOOLS) it fails.
 */
export function withTools(tools: string[], name: string, test: () => Promise<void>): void {
  Deno.test(name, async () => {
    const found = await Promise.all(tools.map(findTool));
    const missing = tools.filter((_, i) => found[i] === undefined);
    if (missing.length === 0) return await test();
    const message = `${name} needs ${missing.join(", ")} (run .ci/install)`;
    if (Deno.env.get("OCI_PUSH_TEST_REQUIRE_TOOLS")) throw new Error(message);
    await Deno.stderr.write(new TextEncoder().encode(`skipped: ${message}\n`));
  });
}

/** Runs a tool, or a program by its path, to its end. */
export async function run(
  tool: string,
  args: string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { env = {}, cwd, stdin } = options;
  const child = new Deno.Command(await findTool(tool) ?? tool, {
    args,
    env,
    ...(cwd !== undefined && { cwd }),
    stdin: stdin === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const fed = stdin !== undefined && new Blob([stdin]).stream().pipeTo(child.stdin)
    .catch(() => {}); // a program may end without reading to the end
  const [{ code, stdout, stderr }] = await Promise.all([child.output(), fed]);
  const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: decode(stdout), stderr: decode(stderr) };
}

/** Runs a tool that has to succeed; returns what it printed, without the last line's end. */
export async function succeed(
  tool: string,
  args: string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await run(tool, args, options);
  if (code !== 0) {
    throw new Error(`${tool} ${args.join(" ")} ended with ${code}:\n${stderr}${stdout}`);
  }
  return stdout.trimEnd();
}
