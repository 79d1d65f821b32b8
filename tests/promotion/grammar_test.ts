/** The parser's settings are static, and other programs use the same parser. */

import { assertEquals, assertThrows } from "../../lib/std/assert.ts";
// @ts-types="../../lib/promotion/expressions/jsep.d.ts"
import { Jsep } from "npm:jsep@1.6.0";
import { parseTree } from "../../lib/promotion/expressions/grammar.ts";
import { parseExpression } from "../../lib/promotion/expressions/syntax.ts";

function settings(): string {
  return JSON.stringify(
    Object.entries(Jsep),
    (_, value) =>
      value instanceof Set ? [...value] : typeof value === "function" ? String(value) : value,
  );
}

Deno.test("parsing leaves the shared parser as it was, also after an error", () => {
  const before = settings();
  parseTree("not a in {b: 1}");
  assertEquals(settings(), before);
  assertThrows(() => parseTree("{a}"));
  assertEquals(settings(), before);
  assertEquals(new Jsep("a in b").parse().type, "Compound");
  assertEquals(new Jsep("a === b").parse().type, "BinaryExpression");
});

const groups: [expression: string, same: string][] = [
  ["vars.a + vars.b * vars.c", "vars.a + (vars.b * vars.c)"],
  ["vars.a - vars.b - vars.c", "(vars.a - vars.b) - vars.c"],
  ["vars.a ?? vars.b + vars.c", "(vars.a ?? vars.b) + vars.c"],
  ["vars.a + vars.b == vars.c", "(vars.a + vars.b) == vars.c"],
  ["vars.a == 1 and vars.b == 2 or vars.c", "((vars.a == 1) and (vars.b == 2)) or vars.c"],
  ["vars.a or vars.b and vars.c", "vars.a or (vars.b and vars.c)"],
  ["not vars.a == vars.b", "(not vars.a) == vars.b"],
  ["not vars.a ?? vars.b", "not (vars.a ?? vars.b)"],
  ["vars.a in vars.b and vars.c", "(vars.a in vars.b) and vars.c"],
  ["vars.a ? 1 : vars.b ? 2 : 3", "vars.a ? 1 : (vars.b ? 2 : 3)"],
  ["vars.a == 1 ? 1 : 2", "(vars.a == 1) ? 1 : 2"],
  ["-vars.a * vars.b", "(-vars.a) * vars.b"],
];

for (const [expression, same] of groups) {
  Deno.test(`${expression} groups as ${same}`, () => {
    assertEquals(parseExpression(expression), parseExpression(same));
  });
}
