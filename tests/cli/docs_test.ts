import { assert, assertEquals } from "../../lib/std/assert.ts";
import type { Command } from "../../lib/cli/command.ts";
import { COMMANDS } from "../../lib/cli/commands.ts";
import { flagName } from "../../lib/cli/flag.ts";
import { readWords } from "../../lib/cli/words.ts";

const root = new URL("../../", import.meta.url);
const manual = await Deno.readTextFile(new URL("docs/command-line.md", root));
const commands = await Promise.all(
  [...COMMANDS].map(async ([name, { load }]) => ({ name, command: (await load()).command })),
);

function flagsOf({ groups, alsoAs }: Command) {
  return Object.assign({}, ...[...groups, ...alsoAs?.groups ?? []].map(({ flags }) => flags));
}

for (const { name, command } of commands) {
  Deno.test(`docs/command-line.md has ${name} and all of its flags`, () => {
    assert(manual.includes(`oci-push ${name}`));
    const missing = Object.keys(flagsOf(command)).map(flagName)
      .filter((flag) => !new RegExp(`${flag}(?![\\w-])`).test(manual));
    assertEquals(missing, []);
  });

  Deno.test(`the examples of ${name} are understood`, async () => {
    for (const example of command.examples) {
      const [own, ...args] = example.replace(/ < .*/, "").replace("…", "0".repeat(64)).split(" ");
      assertEquals(own, name);
      const words = await readWords(args, { flags: flagsOf(command), env: () => undefined });
      command.read(words, { env: () => undefined });
    }
  });
}

Deno.test("docs/command-line.md has every code of a warning", async () => {
  const source = await Deno.readTextFile(new URL("lib/plan/plan.ts", root));
  const [, union = ""] = /export type WarningCode =([^;]*);/.exec(source) ?? [];
  const codes = [...union.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code!);
  assertEquals(codes.filter((code) => !manual.includes(`\`${code}\``)), []);
  assert(codes.length > 3);
});
