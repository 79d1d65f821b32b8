/**
 * The rooms and the direction of imports between them; `deno info` draws the graph.
 *
 * @module
 */

import { assert, assertEquals } from "../lib/std/assert.ts";

/** Each room may import from itself and from the rooms before it. */
const ROOMS = [
  "lib/std",
  "lib/version.ts",
  "lib/oci",
  "lib/registry",
  "lib/credentials",
  "lib/plan",
  "lib/transfer",
  "lib/connect_sides.ts",
  "lib/copy_request.ts",
  "lib/copy.ts",
  "lib/resolve.ts",
  "lib/promotion",
  "lib/serve",
  "mod.ts",
  "lib/cli",
  "cli.ts",
];

/** Imports that would point forward and are still wrong: not every earlier room is a neighbour. */
const NEVER: [from: string, to: string, why: string][] = [
  ["lib/serve", "lib/registry", "the embedded registry has no client code"],
  ["lib/credentials", "lib/registry/connect.ts", "credentials speak no HTTP"],
  ["lib/oci", "node:", "pure functions do no I/O"],
];

interface Module {
  specifier: string;
  dependencies?: {
    specifier: string;
    code?: { specifier?: string };
    type?: { specifier?: string };
  }[];
}

async function moduleGraph(): Promise<{ from: string; to: string; written: string }[]> {
  const root = new URL("../", import.meta.url);
  const edges = new Map<string, { from: string; to: string; written: string }>();
  for (const entry of ["cli.ts", "mod.ts", "lib/transfer/worker.ts"]) {
    const { stdout, success } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", new URL(entry, root).href],
      cwd: root,
    }).output();
    assert(success);
    const { modules } = JSON.parse(new TextDecoder().decode(stdout)) as { modules: Module[] };
    for (const { specifier, dependencies = [] } of modules) {
      if (!specifier.startsWith(root.href)) continue;
      const from = specifier.slice(root.href.length);
      for (const { specifier: written, code, type } of dependencies) {
        const target = code?.specifier ?? type?.specifier ?? written;
        const to = target.startsWith(root.href) ? target.slice(root.href.length) : target;
        edges.set(`${from} ${to}`, { from, to, written });
      }
    }
  }
  return [...edges.values()];
}

function room(path: string): number {
  return ROOMS.findIndex((name) => path === name || path.startsWith(`${name}/`));
}

const edges = await moduleGraph();

Deno.test("imports point to earlier rooms", () => {
  const turned = edges
    .filter(({ to }) => !/^(npm|node|jsr|https?):/.test(to))
    .filter(({ from, to }) => room(from) < 0 || room(to) < 0 || room(to) > room(from))
    .map(({ from, to }) => `${from} imports ${to}`);
  assertEquals(turned, []);
});

Deno.test("rooms that must not know each other do not", () => {
  const known = NEVER.flatMap(([from, to, why]) =>
    edges.filter((edge) => edge.from.startsWith(`${from}/`) && edge.to.startsWith(to))
      .map((edge) => `${edge.from} imports ${edge.to}: ${why}`)
  );
  assertEquals(known, []);
});

Deno.test("only lib/std names a @std package", () => {
  const elsewhere = edges.filter(({ from, to }) =>
    !from.startsWith("lib/std/") && /^npm:\/?deno-std/.test(to)
  );
  assertEquals(elsewhere, []);
});

Deno.test("no bare specifier, which fails when the module is imported by URL", () => {
  const bare = edges.filter(({ written }) => !/^(\.{1,2}\/|npm:|jsr:|node:)/.test(written));
  assertEquals(bare, []);
});
