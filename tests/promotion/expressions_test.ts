/** The expression language: every operator, function and access, right and wrong. */

import { assertEquals, assertThrows } from "../../lib/std/assert.ts";
import { OciPushError } from "../../lib/oci/error.ts";
import { contextEntity } from "../../lib/promotion/context.ts";
import type { Scope } from "../../lib/promotion/expressions/scope.ts";
import { fromPlain, type Value } from "../../lib/promotion/expressions/value.ts";
import { FreightSet } from "../../lib/promotion/freight_set.ts";
import { History } from "../../lib/promotion/history.ts";
import { Place } from "../../lib/promotion/place.ts";
import { parseTemplate, renderText } from "../../lib/promotion/template.ts";
import { APP, DIGEST, freightOf } from "./_support.ts";

function scope(): Scope {
  const history = new History(["push", "set-image", "bad", "now", "later"]);
  const output = { image: "a/b:1", digest: DIGEST, tag: "1", "odd key": 7 };
  history.add({ alias: "push", uses: "oci-push", status: "Succeeded", output }, { mayFail: false });
  history.add({ alias: "set-image", uses: "k", status: "Skipped", output: {} }, { mayFail: false });
  history.add({ alias: "bad", uses: "k", status: "Failed", output: {} }, { mayFail: true });
  const { outputs, ...steps } = history.before(3);
  const other = { repoURL: APP, tag: "v9", digest: DIGEST };
  const freight = [freightOf(), freightOf({ name: "f2", origin: "second", images: [other] })];
  const vars = {
    name: "web",
    version: "1.20",
    count: 3,
    flag: true,
    list: ["a", "b", "c"],
    map: { k: "v", "a.b": "dotted", deep: { er: [1, { x: "y" }] } },
    empty: "",
  };
  const names: [string, Value][] = [
    ["ctx", contextEntity({ project: "demo", stage: "prod" }, freight[0])],
    ["vars", fromPlain(vars, "vars")],
    ["outputs", outputs],
  ];
  return { names: new Map(names), world: { freight: new FreightSet(freight), steps } };
}

function evaluate(expression: string): string {
  const place = new Place({ file: "p.yaml" }, ["steps", 0, "config", "srcRef"]);
  return renderText(parseTemplate(`\${{ ${expression} }}`, place), scope());
}

const WEB = '"oci://registry.example.com/charts/web"';
const NUM = '"registry.example.com/num"';
const MAIN = 'warehouse("main")';

const results: [expression: string, text: string][] = [
  // Literals
  ['"text"', "text"],
  ["'text'", "text"],
  ["`raw \\n`", "raw \\n"],
  ['"tab\\tquote\\" slash\\\\"', 'tab\tquote" slash\\'],
  ['"\\x41\\u00e9\\U0001F600\\101"', "Aé😀A"],
  ['"${{"', "${{"],
  ["42", "42"],
  ["0x1f", "31"],
  ["1.50", "1.5"],
  [".5", "0.5"],
  ["2e3", "2000"],
  ["true", "true"],
  ["[1, 'a', [true]]", '[1,"a",[true]]'],
  ["[1, 2,]", "[1,2]"],
  ["[]", "[]"],
  ["{}", "{}"],
  ['{a: 1, "b c": [2], d: {e: "f"} }', '{"a":1,"b c":[2],"d":{"e":"f"}}'],
  ["{__proto__: 1, constructor: 2}", '{"__proto__":1,"constructor":2}'],
  // Access
  ["vars.name", "web"],
  ['vars["name"]', "web"],
  ["vars['na' + 'me']", "web"],
  ["vars . name", "web"],
  ["vars.list[0]", "a"],
  ["vars.list[-1]", "c"],
  ["vars.map.k", "v"],
  ['vars.map["a.b"]', "dotted"],
  ["vars.map.deep.er[1].x", "y"],
  ["vars?.name", "web"],
  ['vars?.["name"]', "web"],
  ['{in: 1, "not": 2}["not"]', "2"],
  ["ctx.stage", "prod"],
  ["ctx.project + '/' + ctx.stage", "demo/prod"],
  ["ctx.targetFreight.name", "f1"],
  ["ctx.targetFreight.origin.name", "main"],
  ["outputs.push.digest", DIGEST],
  ['outputs["push"].tag', "1"],
  ['outputs.push["odd key"]', "7"],
  ["outputs['set-image']?.digest ?? 'none'", "none"],
  // Nil
  ["vars.typo ?? 'x'", "x"],
  ["vars.name ?? 'x'", "web"],
  ["vars.empty ?? 'x'", ""],
  ["nil ?? nil ?? 'x'", "x"],
  ["vars?.typo?.deeper.still ?? 'x'", "x"],
  ['imageFrom("none")?.tag ?? "x"', "x"],
  ['imageFrom("none")?.tag.x[0].y() ?? "x"', "x"],
  ['imageFrom("none") == nil', "true"],
  ["nil == nil", "true"],
  ["vars.typo != nil", "false"],
  ["ctx.promotion ?? 'by hand'", "by hand"],
  ["1 + (nil ?? 2) * 3", "7"],
  ["!vars.typo ?? false", "true"],
  ["vars.typo ?? vars.name == 'web'", "true"],
  // Numbers and text
  ["1 + 2 * 3", "7"],
  ["(1 + 2) * 3", "9"],
  ["7 / 2", "3.5"],
  ["7 % 4", "3"],
  ["-vars.count + 1", "-2"],
  ["- -1", "1"],
  ["+1", "1"],
  ["10 - 2 - 3", "5"],
  ["'v' + vars.version", "v1.20"],
  // Comparing
  ["1 == 1.0", "true"],
  ["'1' == 1", "false"],
  ["[1, {a: 2}] == [1, {a: 2}]", "true"],
  ["{a: 1} == {a: 2}", "false"],
  ["{a: 1} == {b: 1}", "false"],
  ["'a' < 'b'", "true"],
  ["2 >= 2 and 1 <= 2", "true"],
  ["2 > 2", "false"],
  ["true != false", "true"],
  // Logic
  ["true && false || true", "true"],
  ["true and not false", "true"],
  ["false or !false", "true"],
  ["false && vars.name.x.y", "false"],
  ["true || 1", "true"],
  ["not vars.flag", "false"],
  ["1 == 1 ? 'yes' : 'no'", "yes"],
  ["false ? 1 : true ? 2 : 3", "2"],
  ["vars.flag?'a':'b'", "a"],
  ["true ?.5 : 1", "0.5"],
  // Words
  ["'a' in vars.list", "true"],
  ["'z' not in vars.list", "true"],
  ["'k' in vars.map", "true"],
  ["'x'  not\tin\nvars.map", "true"],
  ["'push' in outputs", "true"],
  ["vars.name contains 'e'", "true"],
  ["vars.name not contains 'e'", "false"],
  ["vars.name startsWith 'w'", "true"],
  ["vars.name endsWith 'w'", "false"],
  ["vars.version matches '^[0-9]+\\\\.[0-9]+$'", "true"],
  ["vars.name matches `^\\d+$`", "false"],
  ["'ab' matches '(a+)+b'", "true"],
  ["'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!' matches '^(a+)+$'", "false"],
  // Functions
  ["len('äö😀')", "3"],
  ["len(vars.list) + len(vars.map) + len([])", "6"],
  ["join(vars.list, '-')", "a-b-c"],
  ["join(vars.list)", "abc"],
  ["join(split('a,b,c', ','), '/')", "a/b/c"],
  ["split('v1.2', '.')[0]", "v1"],
  ["trim('  x ')", "x"],
  ["lower('AbC') + upper('AbC')", "abcABC"],
  ["replace('1.0.0+b', '+', '_')", "1.0.0_b"],
  ["replace('aaa', 'a', 'bb')", "bbbbbb"],
  ["quote(1.5)", "1.5"],
  ["quote(true)", "true"],
  ["quote('a \"b\"')", 'a "b"'],
  ["semverParse('v1.2.3').Major()", "1"],
  ["semverParse('1.2.3').IncMajor().String()", "2.0.0"],
  ["semverParse('1.2.3-rc.1').IncMinor()", "1.3.0"],
  ["semverParse('1.2.3-rc.1').IncPatch()", "1.2.3"],
  ["semverParse('1.2.3').IncPatch()", "1.2.4"],
  ["semverParse('1.2.3-rc.1+b.2').Prerelease()", "rc.1"],
  ["semverParse('1.2.3-rc.1+b.2').Metadata()", "b.2"],
  ["semverParse('v1.2').Patch() + semverParse('1.2.3').Minor()", "2"],
  ["semverParse('1.2.3+b').String()", "1.2.3+b"],
  ["semverDiff('1.2.3', 'v2.0.0')", "Major"],
  ["semverDiff('1.2.3', '1.3')", "Minor"],
  ["semverDiff('1.2.3', '1.2.4')", "Patch"],
  ["semverDiff('1.2.3', '1.2.3+b')", "Metadata"],
  ["semverDiff('1.2.3', 'v1.2.3')", "None"],
  ["semverDiff('1.2.3', 'latest')", "Incomparable"],
  ["always()", "true"],
  ["success()", "true"],
  ["failure()", "false"],
  ["status('push')", "Succeeded"],
  ["status('bad') == 'Failed'", "true"],
  // Freight
  [`imageFrom(${NUM}).tag`, "1.20"],
  [`imageFrom(${NUM}).Tag`, "1.20"],
  [`imageFrom("${APP}", ${MAIN}).digest`, DIGEST],
  [`imageFrom("${APP}", ${MAIN}).RepoURL`, APP],
  [`imageFrom("${APP}", ${MAIN}).repoURL`, APP],
  [`imageFrom("${APP}", ${MAIN}).annotations["a/b"]`, "c"],
  [`imageFrom("${APP}", warehouse("second")).Tag`, "v9"],
  [`imageFrom("${APP}", warehouse("third"))?.Tag ?? "none"`, "none"],
  [`chartFrom(${WEB}, ${MAIN}).version`, "0.3.1+b7"],
  ["chartFrom('https://charts.example.com', 'db', warehouse('main')).Version", "2.0.0"],
  ["chartFrom('https://charts.example.com', 'db', warehouse('main')).name", "db"],
  [`commitFrom("https://github.com/example/app", ${MAIN}).id`, "6dcb09b"],
  [`commitFrom("https://github.com/example/app", ${MAIN}).ID`, "6dcb09b"],
  [`commitFrom("https://github.com/example/app", ${MAIN}).message`, 'fix: "it"'],
  [`commitFrom("https://github.com/example/app", ${MAIN}).branch ?? "main"`, "main"],
  [`${MAIN}.Name + ${MAIN}.kind`, "mainWarehouse"],
];

const errors: [expression: string, problem: string, hint?: string][] = [
  // What does not parse
  ["", "nothing between"],
  ["   ", "nothing between"],
  ["1 +", "ends too early"],
  ["(1", 'a "(" is not closed'],
  ["[1", 'a "[" is not closed'],
  ["1)", '")" does not belong there'],
  ["(1]", '"]" does not belong there'],
  ["()", '")" does not belong there'],
  ["a[]", "does not belong there"],
  ["'open", "a quote is not closed"],
  ["'\\q'", "is no escape", "a backslash itself is written"],
  ["'\\U00110000'", "is no character"],
  ["1 2", '"2" does not belong there'],
  ["len('a' 'b')", "does not belong there"],
  ["'a', 'b'", '"," does not belong there'],
  ["('a', 'b')", '"," does not belong there'],
  ["[, 1]", '"," does not belong there'],
  ["1; 2", '";" does not belong there'],
  ["vars.a = 1", '"=" does not belong there'],
  ["vars.a => 1", "does not belong there"],
  ["vars.name | upper()", '"|" does not belong there'],
  ["1 & 2", '"&" does not belong there'],
  ["~1", '"~" does not belong there'],
  ["1 ** 2", '"*" does not belong there'],
  ["1..3", "does not belong there"],
  ["vars.0", "does not belong there"],
  ["vars.", "ends too early"],
  ["vars?.", "ends too early"],
  ["vars not name", 'after "not" comes'],
  ["true ? 1", 'comes a value, ":"'],
  ["{a}", "colon"],
  ["{a: 1 b: 2}", '"b" does not belong there'],
  ["1e999", "too large a number"],
  ["x".repeat(5000), "longer than 4096"],
  ["1" + "+1".repeat(600), "more than 1000 words"],
  ["(".repeat(40) + "1" + ")".repeat(40), "more than 32 brackets"],
  // What is not there
  ["typo", 'there is no "typo"', "an expression begins with"],
  ["var.name", 'there is no "var"', "did you mean vars?"],
  ["null", 'there is no "null"', '"nil"'],
  ["secrets.x", "Kargo"],
  ["task.outputs.x", "Kargo"],
  ["imageFrm('a')", 'there is no function "imageFrm"', "did you mean imageFrom?"],
  ["secret('a')", 'there is no function "secret"', "there are"],
  ["len", "len is a function", "len(…)"],
  ["len()", "takes 1 argument, not 0", "len(value)"],
  ["success(1)", "takes 0 arguments, not 1"],
  ["vars.name()", "has no methods"],
  ["(vars)('x')", "there is no function"],
  ["vars['x']()", "only a function can be called"],
  ["outputs.nope.digest", 'there is no step "nope"', "push"],
  ["outputs.psh.digest", 'there is no step "psh"', "did you mean push?"],
  ["outputs.later.digest", 'step "later" has not run by then'],
  ["outputs.now.digest", 'step "now" has not run by then'],
  ["outputs.bad.digest", 'step "bad" has no output, it is Failed'],
  ["status('nope')", 'there is no step "nope"'],
  ["status('later')", "has not run by then"],
  ["ctx.stag", 'ctx has no "stag"', "did you mean stage?"],
  [`imageFrom(${NUM}).digst`, 'an image has no "digst"', "did you mean digest?"],
  [`imageFrom(${NUM}).DIGEST`, 'an image has no "DIGEST"'],
  ["semverParse('1.2.3').Bump()", 'a version has no "Bump()"'],
  ["semverParse('1.2.3').major", 'a version has no "major"'],
  ["semverParse('1.2.3').Major(1)", "takes no arguments"],
  // What is missing never becomes text
  ["nil", "it is nil", '?? "default"'],
  ["vars.typo", 'vars has no "typo"', '?? "default"'],
  ["vars.typo.more", 'vars has no "typo"'],
  ["vars.map.nope", 'the map has no "nope", it has k, a.b, deep'],
  ["ctx.promotion", "ctx.promotion was not given: use --promotion"],
  ["'v' + vars.typo", 'vars has no "typo"'],
  ["-vars.typo", 'vars has no "typo"'],
  ["vars.typo > 1", 'vars has no "typo"'],
  ["vars.typo && true", 'vars has no "typo"'],
  ["vars.typo ? 1 : 2", 'vars has no "typo"'],
  ["[vars.typo]", 'vars has no "typo"'],
  ["{a: {b: vars.typo} }", 'vars has no "typo"'],
  ["quote(nil)", "it is nil"],
  ["quote(vars.typo)", 'vars has no "typo"'],
  ["upper(vars.typo)", 'vars has no "typo"'],
  ["len(vars.typo)", 'vars has no "typo"'],
  ["join([vars.typo])", 'vars has no "typo"'],
  ["vars[vars.typo]", 'vars has no "typo"'],
  ['imageFrom("none").tag', 'the freight has no image of "none"'],
  ['imageFrom("none")?.tag', "it is nil"],
  ["chartFrom('https://charts.example.com', 'nope').version", "the freight has no chart"],
  [`commitFrom("https://github.com/example/app", ${MAIN}).branch`, "the freight gives no branch"],
  // What could be two things
  [`imageFrom("${APP}")`, "the freight has 2 different images", "warehouse("],
  [`chartFrom("https://charts.example.com", ${MAIN})`, "2 different charts", '"name"'],
  // Wrong types
  ["'a' + 1", "two strings or two numbers, not a string and a number"],
  ["'a' - 'b'", "two numbers"],
  ["true < false", "two numbers or two strings"],
  ["1 && true", "needs a boolean, not a number"],
  ["'true' && true", "needs a boolean, not a string", '== "true"'],
  ["!1", "needs a boolean"],
  ["-'1'", "needs a number"],
  ["1 ? 2 : 3", "needs a boolean"],
  ["1 in 2", "a list, or a string and a map"],
  ["'a' in 'abc'", "a list, or a string and a map"],
  ["1 contains 2", "two strings"],
  ["1 / 0", "no finite number"],
  ["1 % 0", "no finite number"],
  ["'a'.length", "a string has no fields"],
  ["vars.list.length", "named by a whole number"],
  ["vars.list[1.5]", "named by a whole number"],
  ["vars.list[3]", "the list has no item 3", "0, 1, 2"],
  ["vars.map[1]", "named by a string"],
  ["len(1)", "a string, a list or a map"],
  ["upper(1)", "upper() needs a string, not a number"],
  ["join('a', 'b')", "join() needs a list"],
  ["join([1])", "each item of join() needs a string"],
  ["semverParse('x')", '"x" is no semantic version'],
  ["semverParse(1)", "needs a string"],
  [`imageFrom(${NUM}, "main")`, 'the origin has to be warehouse("name")'],
  [`chartFrom(${WEB}, 1, ${MAIN})`, "needs a string"],
  [`imageFrom(${NUM})`, "an image is not text", ".digest"],
  ["ctx", "ctx is not text"],
  ["'a' matches '('", "is no regular expression: missing closing )"],
  ["'a' matches '(?=a)'", "is no regular expression", "RE2"],
  ["'aa' matches '(a)\\\\1'", "is no regular expression"],
  ["'a' matches '((a{100}){100}){100}'", "is no regular expression"],
  [`'a' matches '${"a".repeat(300)}'`, "longer than 256"],
  [`'${"a".repeat(2000)}' matches 'b'`, "longer than the 1024"],
  // Reaching for JavaScript
  ["this", 'there is no "this"'],
  ["globalThis", 'there is no "globalThis"'],
  ["Deno.exit()", 'there is no "Deno"'],
  ["constructor", 'there is no "constructor"'],
  ["__proto__", 'there is no "__proto__"'],
  ["vars.constructor", 'vars has no "constructor"'],
  ["vars.__proto__", 'vars has no "__proto__"'],
  ["vars['__proto__'].x", 'vars has no "__proto__"'],
  ["vars.toString()", "a map has no methods"],
  ["vars.map.hasOwnProperty('k')", "takes no arguments"],
  ["''.constructor.constructor('return 1')()", "only a function can be called"],
  ["[].map", "named by a whole number"],
  ["len.constructor", "len is a function"],
  ["len['call']", "len is a function"],
  [`imageFrom(${NUM}).constructor`, 'an image has no "constructor"'],
  [`imageFrom(${NUM}).get('Tag')`, "takes no arguments"],
  ["semverParse('1.2.3').constructor()", 'has no "constructor()"'],
  ["ctx.kind", 'ctx has no "kind"'],
  ["constructor('return 1')", 'there is no function "constructor"'],
  ["toString()", 'there is no function "toString"'],
  ["__defineGetter__('a', 1)", "there is no function"],
  // Asking for too much
  [`replace('${"a".repeat(1000)}', 'a', '${"b".repeat(1000)}')`, "longer than 65536"],
  [`join(split(replace('${"a".repeat(900)}', 'a', 'ab'), 'a'), '${"x".repeat(99)}')`, "65536"],
];

for (const [expression, text] of results) {
  Deno.test(`\${{ ${expression} }} is ${JSON.stringify(text)}`, () => {
    assertEquals(evaluate(expression), text);
  });
}

for (const [expression, problem, hint] of errors) {
  const name = expression.length > 80 ? `${expression.slice(0, 80)}…` : expression;
  Deno.test(`\${{ ${name} }} is refused: ${problem}`, () => {
    const error = assertThrows(() => evaluate(expression), OciPushError, problem);
    assertEquals(error.code, "INVALID_EXPRESSION");
    assertEquals([error.terminal, error.details.file], [true, "p.yaml"]);
    assertEquals(error.details.path, "steps[0].config.srcRef");
    assertEquals(error.hint?.includes(hint ?? "") ?? hint === undefined, true, error.hint);
  });
}

Deno.test("an error names the expression, its place and the freight there was", () => {
  const error = assertThrows(() => evaluate("vars.typo"), OciPushError);
  assertEquals(
    error.message,
    "cannot evaluate ${{ vars.typo }} at steps[0].config.srcRef (p.yaml): " +
      'vars has no "typo", it has name, version, count, flag, list, map, empty',
  );
  assertEquals(
    error.details.did?.startsWith("looked into freight f1: images registry.example.com/app, "),
    true,
    error.details.did,
  );
});
