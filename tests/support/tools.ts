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
export function findTool(name: string): string | undefined {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  const folders = [`${cache}/oci-push/bin`, ...(Deno.env.get("PATH") ?? "").split(":")];
  for (const folder of folders) {
    try {
      if (Deno.statSync(`${folder}/${name}`).isFile) return `${folder}/${name}`;
    } catch {
      // not there
    }
  }
}

/**
 * Registers a test that needs tools. Without them its name says that it was skipped, since no
 * reporter hides a name, and it passes; where nothing may be skipped
 * (OCI_PUSH_TEST_REQUIRE_TOOLS) it fails.
 */
export function withTools(
  tools: string[],
  name: string,
  test: (context: Deno.TestContext) => Promise<void>,
): void {
  const missing = tools.filter((tool) => findTool(tool) === undefined);
  if (missing.length === 0) return Deno.test(name, test);
  const message = `${name} needs ${missing.join(", ")} (run .ci/install)`;
  const required = Boolean(Deno.env.get("OCI_PUSH_TEST_REQUIRE_TOOLS"));
  Deno.test(required ? name : `skipped: ${message}`, () => {
    if (required) throw new Error(message);
  });
}

/** Runs a tool, or a program by its path, to its end. */
export async function run(
  tool: string,
  args: string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const { env = {}, cwd, stdin } = options;
  const child = new Deno.Command(findTool(tool) ?? tool, {
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

/**
 * Writes a program. Not from this process: a file that is being written cannot be started, and what
 * another test starts at that moment holds it open for a while.
 */
export async function writeProgram(path: string, text: string): Promise<void> {
  const script = 'mkdir -p "$(dirname "$0")" && cat >"$0" && chmod 755 "$0"';
  await succeed("sh", ["-c", script, path], { stdin: text });
}
