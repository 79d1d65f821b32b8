/**
 * What `deno task compile` embeds: every module, the worker among them.
 *
 * Where the base binary cannot be had, Deno's own stands in for it: the result does not run, but
 * what would be in it is printed.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "../../lib/std/assert.ts";

const ROOT = new URL("../../", import.meta.url);
const WORKER = "lib/transfer/worker.ts";

Deno.test("the binary has every module in it, loaded at once or later, and the worker", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const command: string = tasks.compile.command;
  const folder = await Deno.makeTempDir();
  try {
    const args = command.replace("--output oci-push", `--output ${folder}/oci-push`).split(" ");
    assertEquals(args.shift(), "deno");
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args,
      cwd: ROOT,
      env: { DENORT_BIN: Deno.execPath(), NO_COLOR: "1" },
    }).output();
    const printed = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
    assert(success, printed);
    const embedded = embeddedFiles(printed);
    const isEmbedded = (path: string) =>
      embedded.some((entry) =>
        entry.endsWith("/*") ? path.startsWith(entry.slice(0, -1)) : path === entry
      );
    const later = [WORKER, ...await commandsLoadedLater()];
    const loaded = (await Promise.all(["cli.ts", ...later].map(loadedModules))).flat();
    assert(loaded.length > 100);
    assertEquals(loaded.filter((path) => !isEmbedded(path)), []);
    for (const file of later) assert(isEmbedded(file), file);
    for (const permission of ["net", "read", "write", "env", "run", "sys"]) {
      assertStringIncludes(command, `--allow-${permission}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** Commands that no literal import leads to: the binary has to be told of each. */
async function commandsLoadedLater(): Promise<string[]> {
  const table = await Deno.readTextFile(new URL("lib/cli/commands.ts", ROOT));
  const files = [...table.matchAll(/ later\("\.\/(.+?)"\)/g)].map(([, file]) => `lib/cli/${file}`);
  assert(files.length > 0);
  return files;
}

/** Paths in the tree that `deno compile` prints; a folder that is whole is printed as `name/*`. */
function embeddedFiles(printed: string): string[] {
  const files: string[] = [];
  const folders: string[] = [];
  for (const line of printed.split("\n")) {
    const [, indent = "", name] = /^([ │]*)[├└]─[─┬] (\S+)/.exec(line) ?? [];
    if (name === undefined) continue;
    folders.length = indent.length / 2;
    folders.push(name);
    files.push(folders.join("/"));
  }
  return files;
}

/** What runs, types aside: everything that is loaded from an entry, at once or later. */
async function loadedModules(entry: string): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", entry],
    cwd: ROOT,
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
  const byName = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set<string>();
  const visit = (specifier: string): void => {
    if (!specifier.startsWith(ROOT.href) || loaded.has(specifier)) return;
    loaded.add(specifier);
    for (const { code } of byName.get(specifier)?.dependencies ?? []) {
      if (code?.specifier) visit(code.specifier);
    }
  };
  visit(new URL(entry, ROOT).href);
  return [...loaded].map((specifier) => specifier.slice(ROOT.href.length));
}

interface Module {
  specifier: string;
  dependencies?: { code?: { specifier?: string } }[];
}
