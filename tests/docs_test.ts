import { assertEquals } from "../lib/std/assert.ts";

const read = (path: string) => Deno.readTextFile(new URL(`../${path}`, import.meta.url));

Deno.test("the page of errors has every code, and no other", async () => {
  const union = /export type ErrorCode =([\s\S]*?);\n/.exec(await read("lib/oci/error.ts"))?.[1];
  const codes = [...union!.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code);
  const rows = [...(await read("docs/errors.md")).matchAll(/^\| `([A-Z_]+)`/gm)]
    .map(([, code]) => code);
  assertEquals(rows.sort(), codes.sort());
});

Deno.test("pages lead to pages that are there", async () => {
  const pages = ["README.md", "CONTRIBUTING.md"];
  for await (const { name } of Deno.readDir(new URL("../docs", import.meta.url))) {
    pages.push(`docs/${name}`);
  }
  const broken: string[] = [];
  for (const page of pages) {
    for (const [, target] of (await read(page)).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
      const url = new URL(target!, new URL(`../${page}`, import.meta.url));
      await Deno.stat(url).catch(() => broken.push(`${page}: ${target}`));
    }
  }
  assertEquals(broken, []);
});
