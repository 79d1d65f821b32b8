/** Whatever is read, nothing but our own error comes out, and it comes out soon. */

import { assert, assertInstanceOf } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { readDocument } from "../../lib/promotion/document.ts";
import type { Scope } from "../../lib/promotion/expressions/scope.ts";
import { fromPlain } from "../../lib/promotion/expressions/value.ts";
import { readFreight } from "../../lib/promotion/freight_file.ts";
import { FreightSet } from "../../lib/promotion/freight_set.ts";
import { History } from "../../lib/promotion/history.ts";
import { Place } from "../../lib/promotion/place.ts";
import { parseTemplate, renderPlain, renderText } from "../../lib/promotion/template.ts";
import { freightOf } from "./_support.ts";

/** A small generator with a seed (mulberry32), so that a failure can be had again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function pieces(
  words: readonly string[],
  { random, most }: { random: () => number; most: number },
) {
  const count = 1 + Math.floor(random() * most);
  const take = () => words[Math.floor(random() * words.length)] ?? "";
  return Array.from({ length: count }, take).join("");
}

const EXPRESSION_WORDS = [
  ..."()[]{}.,:;?!<>=+-*/%&|~^@#$`'\"\\ \t\n",
  ..."019aznul_",
  ..."é😀\u0000\u2028",
  ...["vars", "ctx", "outputs", "imageFrom", "semverParse", "quote", "join", "split", "replace"],
  ...[".name", ".list", "[0]", '["k"]', "?.", "??", "==", "!=", "&&", "||", "<=", "..", "=>", "**"],
  ...[" in ", " not ", " not in ", " and ", " or ", " matches ", " contains ", " startsWith "],
  ...["true", "false", "nil", "null", "this", "__proto__", "constructor", "0x1f", "1e9", ".5"],
  ...['"text"', "'a+'", "(1)", "[1, 2]", "{a: 1}", "}}", "${{", "1 ", " ? ", " : ", '"(a+)+$"'],
];

Deno.test("any expression gives a value or an OciPushError", () => {
  const random = randomFrom(20_251);
  const names = new Map([["vars", fromPlain({ name: "web", list: ["a"], map: { k: 1 } }, "vars")]]);
  const freight = new FreightSet([freightOf()]);
  const scope: Scope = { names, world: { freight, steps: new History([]).before(0) } };
  let values = 0;
  for (let run = 0; run < 20_000; run++) {
    const text = `\${{${pieces(EXPRESSION_WORDS, { random, most: 12 })}}}`;
    try {
      const template = parseTemplate(text, new Place());
      (run % 2 === 0 ? renderText : renderPlain)(template, scope);
      values++;
    } catch (error) {
      assertInstanceOf(error, OciPushError, `${text} threw ${error}`);
    }
  }
  // Were none of them right, the run would only have tried the first line of the reader.
  assert(values > 100, `${values} were right`);
});

const YAML_WORDS = [
  ..."-:?[]{},#&*!|>'\"%@`\n \t~=",
  ...[
    "\n",
    "\n  ",
    "\n    ",
    "\n- ",
    "\n  - ",
    ": ",
    "- ",
    "---\n",
    "...\n",
    "<<: *a",
    "&a ",
    "*a",
  ],
  ...["steps", "uses", "oci-push", "config", "srcRef", "vars", "name", "value", "if", "as", "task"],
  ...["kind: Stage", "kind: List", "items", "spec", "promotionTemplate", "metadata", "images"],
  ...["1.20", "true", "null", "2024-01-01", "0x1f", "!!binary x", "!!set", "!!js/f", "${{ ", " }}"],
  ...["retry", "timeout", "errorThreshold", "__proto__", "constructor", "\u0000", "é", "\r\n"],
];

const SEEDS = [
  "steps:\n- uses: oci-push\n  as: a\n  config:\n    srcRef: a/b:c\n    destRef: a/b:d\n",
  "kind: Stage\nspec:\n  promotionTemplate:\n    spec:\n      vars:\n      - name: a\n" +
  "        value: b\n      steps:\n      - uses: oci-push\n        if: ${{ true }}\n",
  "images:\n- repoURL: a/b\n  tag: v1\n  annotations: { a: b }\ncharts: []\n",
];

/** A text of random words, or a good one with some of its characters replaced by random words. */
function yamlText(random: () => number): string {
  if (random() < 0.3) return pieces(YAML_WORDS, { random, most: 30 });
  let text = SEEDS[Math.floor(random() * SEEDS.length)] ?? "";
  for (let edits = 1 + Math.floor(random() * 4); edits > 0; edits--) {
    const at = Math.floor(random() * text.length);
    const cut = Math.floor(random() * 8);
    text = text.slice(0, at) + pieces(YAML_WORDS, { random, most: 2 }) + text.slice(at + cut);
  }
  return text;
}

Deno.test("any YAML gives a document or an OciPushError", async () => {
  const random = randomFrom(4711);
  let documents = 0;
  for (let run = 0; run < 3000; run++) {
    const text = yamlText(random);
    try {
      await (run % 3 === 0 ? readFreight(text) : readDocument(text));
      documents++;
    } catch (error) {
      assertInstanceOf(error, OciPushError, `${JSON.stringify(text)} threw ${error}`);
    }
  }
  assert(documents > 30, `${documents} were right`);
});

const HOSTILE: [what: string, text: string][] = [
  ["a thousand brackets", "[".repeat(10_000)],
  ["deep lists", `${"- ".repeat(5000)}x`],
  ["deep maps", Array.from({ length: 2000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  [
    "aliases that multiply",
    `a: &a [x,x,x,x,x,x,x,x,x]\n${
      [..."bcdefghi"].map((name, index) => {
        const before = "abcdefghi"[index];
        return `${name}: &${name} [${Array(9).fill(`*${before}`).join(",")}]`;
      }).join("\n")
    }`,
  ],
  ["an alias of itself", "a: &a [*a]"],
  ["an alias of nothing", "a: *b"],
  ["two equal keys", "steps: []\nsteps: []"],
  ["a binary tag", "steps: !!binary aGk="],
  ["a set", "steps: !!set {a, b}"],
  ["an unknown tag", "steps: !!js/function 'x'"],
  ["a key that is a map", "? {a: b}\n: c"],
  ["a prototype", "__proto__: {steps: []}"],
  ["nothing but comments", "# nothing"],
  ["a number", "5"],
  ["null", "null"],
  ["a NUL", "a: \u0000"],
  ["HTML", "<!DOCTYPE html><html><body>login</body></html>"],
  ["more than is read", "x".repeat(4 * 1024 * 1024 + 1)],
];

for (const [what, text] of HOSTILE) {
  Deno.test(`${what} in a promotion or a freight file is an OciPushError`, async () => {
    for (const read of [readDocument, readFreight]) {
      const error = await read(text).then(() => undefined, (reason) => reason);
      assertInstanceOf(error, OciPushError);
    }
  });
}
