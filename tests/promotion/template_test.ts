/** Texts with expressions in them, and what becomes of the types of their values. */

import { assertEquals, assertThrows } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import type { Scope } from "../../lib/promotion/expressions/scope.ts";
import { fromPlain } from "../../lib/promotion/expressions/value.ts";
import { FreightSet } from "../../lib/promotion/freight_set.ts";
import { History } from "../../lib/promotion/history.ts";
import { Place } from "../../lib/promotion/place.ts";
import { parseTemplate, renderPlain, renderText } from "../../lib/promotion/template.ts";

const VARS = {
  name: "web",
  version: "1.20",
  yes: "true",
  flag: true,
  count: 3,
  list: '["a", {"b": 1}]',
  none: null,
};

const SCOPE: Scope = {
  names: new Map([["vars", fromPlain(VARS, "vars")]]),
  world: { freight: new FreightSet([]), steps: new History([]).before(0) },
};

const render = (text: string, as: typeof renderText | typeof renderPlain) =>
  as(parseTemplate(text, new Place({}, ["value"])), SCOPE);

const texts: [template: string, text: string][] = [
  ["", ""],
  ["plain", "plain"],
  ["}} and $ and { and ${", "}} and $ and { and ${"],
  ['"in quotes"', '"in quotes"'],
  ["a/${{ vars.name }}:${{vars.version}}", "a/web:1.20"],
  ["${{ vars.version }}", "1.20"],
  ["${{ vars.yes }}", "true"],
  ["${{ vars.flag }}", "true"],
  ["${{ '0x1f' }}", "0x1f"],
  ["${{ vars.count }}${{ vars.count }}", "33"],
  ["${{ quote(vars.count) }}", "3"],
  ["${{ quote('say \"hi\"') }}", 'say "hi"'],
  ["${{ quote(vars.count) }}\n", "3\n"],
  ["v${{ quote(vars.count) }}", 'v"3"'],
  ['"${{ vars.name }}"', "web"],
  ['"${{ vars.name }}" is "it"', '"web" is "it"'],
  ["${{ [vars.name, {a: 1} ] }}", '["web",{"a":1}]'],
  ["${{ vars.name }} }}", "web }}"],
  ["line\n${{\n  vars.name\n}}\n", "line\nweb\n"],
];

for (const [template, text] of texts) {
  Deno.test(`the text ${JSON.stringify(template)} becomes ${JSON.stringify(text)}`, () => {
    assertEquals(render(template, renderText), text);
  });
}

const values: [template: string, value: unknown][] = [
  ["plain", "plain"],
  ["true", "true"],
  ["12", "12"],
  ["${{ vars.flag }}", true],
  ["${{ vars.flag }}\n", true],
  ["${{ vars.yes }}", true],
  ["${{ !vars.flag }}", false],
  ["${{ vars.count }}", 3],
  ["${{ vars.count }}0", 30],
  ["${{ vars.version }}", "1.20"],
  ["1.${{ vars.count }}0", "1.30"],
  ["0x${{ vars.count }}", "0x3"],
  ["-${{ vars.count }}", -3],
  ["${{ vars.list }}", ["a", { b: 1 }]],
  ['["${{ vars.name }}"]', ["web"]],
  ['{"a": ${{ vars.flag }}}', { a: true }],
  ["[not json ${{ vars.name }}", "[not json web"],
  ["${{ [1, {a: 'b'}] }}", [1, { a: "b" }]],
];

for (const [template, value] of values) {
  Deno.test(`the value ${JSON.stringify(template)} becomes ${JSON.stringify(value)}`, () => {
    const plain = render(template, renderPlain);
    assertEquals(JSON.stringify(plain), JSON.stringify(value));
    assertEquals(typeof plain, typeof value);
  });
}

const refused: [template: string, problem: string][] = [
  ["a ${{ vars.name", "its }} is missing"],
  ["${{ '}}' }}", "a quote is not closed"],
  ["${{ {a: {b: 1}} }}", 'a "{" is not closed'],
  ["${{ }}", "nothing between"],
  ["${{ vars.none }}", "no value"],
  ["x${{ vars.none }}", "no value"],
  ["${{ [1, vars.none] }}", "no value"],
  ['{"a": ${{ vars.count }}, "b": null}', "no value"],
  [`${"[".repeat(99)}\${{ 1 }}${"]".repeat(99)}`, "nested more than 32 deep"],
  [`${"x".repeat(66_000)}\${{ 1 }}`, "longer than 65536"],
];

for (const [template, problem] of refused) {
  Deno.test(`the value ${JSON.stringify(template.slice(0, 60))} is refused: ${problem}`, () => {
    const error = assertThrows(() => render(template, renderPlain), OciPushError, problem);
    assertEquals(error.details.path, "value");
  });
}
