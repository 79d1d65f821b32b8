/**
 * What a start loads: the graph of static imports, without those that wait for their command.
 *
 * @module
 */

import { assert, assertEquals } from "../../lib/std/assert.ts";

const root = new URL("../../", import.meta.url);

interface Module {
  specifier: string;
  dependencies?: { code?: { specifier?: string }; isDynamic?: boolean }[];
}

/** Every module that is loaded with these files, as paths or `npm:` specifiers. */
async function loadedBy(...files: string[]): Promise<string[]> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", new URL("cli.ts", root).href],
  }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
  const bySpecifier = new Map(modules.map((module) => [module.specifier, module]));
  const loaded = new Set<string>();
  const visit = (specifier: string): void => {
    if (loaded.has(specifier)) return;
    loaded.add(specifier);
    for (const { code, isDynamic } of bySpecifier.get(specifier)?.dependencies ?? []) {
      if (code?.specifier && !isDynamic) visit(code.specifier);
    }
  };
  for (const file of files) visit(new URL(file, root).href);
  return [...loaded].map((specifier) => specifier.replace(root.href, ""));
}

Deno.test("--version loads a handful of files and no package", async () => {
  const loaded = await loadedBy("cli.ts");
  assert(loaded.includes("lib/cli/main.ts"));
  assert(loaded.length <= 12, loaded.join(" "));
  assertEquals(loaded.filter((name) => /^npm:/.test(name)), []);
});

Deno.test("copy loads nothing for promotions, YAML, serving, prompts or stored credentials", async () => {
  const loaded = await loadedBy("cli.ts", "lib/cli/run_command.ts", "lib/cli/copy.ts");
  assert(loaded.includes("lib/copy.ts"));
  const heavy =
    /^(lib\/(promotion|serve)\/|lib\/std\/(yaml|prompt|text|assert)|lib\/credentials\/(chain|store))/;
  assertEquals(loaded.filter((name) => heavy.test(name)), []);
  assertEquals(
    loaded.filter((name) => /^npm:/.test(name)).filter((name) =>
      !/deno-std@[^/]*\/(cli\/parse_args|encoding\/(hex|base64))\.js$/.test(name)
    ),
    [],
  );
});
