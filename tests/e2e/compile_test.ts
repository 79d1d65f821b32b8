/**
 * What `deno task compile` embeds: the program, its workers, and what it loads later.
 *
 * Where the base binary cannot be had, Deno's own stands in for it: the result does not run, but
 * what would be in it is printed.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "../../lib/std/assert.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("the binary has every file of the bundle in it", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const command: string = tasks.compile.command;
  const folder = await Deno.makeTempDir();
  try {
    let printed = "";
    for (const part of command.split(" && ")) {
      const [program, ...args] = part.replaceAll(/(?<= )dist(?=\/| |$)/g, `${folder}/dist`)
        .replace("--output oci-push", `--output ${folder}/oci-push`).split(" ");
      assertEquals(program, "deno");
      const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
        args,
        cwd: ROOT,
        env: { DENORT_BIN: Deno.execPath(), NO_COLOR: "1" },
      }).output();
      printed = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
      assert(success, printed);
    }
    const files = await Array.fromAsync(Deno.readDir(`${folder}/dist`));
    const made = files.map(({ name }) => name);
    for (const name of ["oci-push.js", "worker.js", "unverified_transport.js"]) {
      assert(made.includes(name), name);
    }
    const embedded = embeddedFiles(printed);
    // Below the folder that all have in common; one that is whole is printed as `*`.
    const isEmbedded = (name: string) =>
      embedded.some((path) => /^(dist\/)?\*$/.test(path) || path.endsWith(name));
    assertEquals(made.filter((name) => !isEmbedded(name)), []);
    for (const permission of ["net", "read", "write", "env", "run", "sys"]) {
      assertStringIncludes(command, `--allow-${permission}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

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
