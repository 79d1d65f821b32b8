// deno-lint-ignore-file camelcase -- the fields are named by jsep
/**
 * The grammar of expr-lang, as far as it is spoken here, given to the parser jsep.
 *
 * @module
 */

// @ts-types="./jsep.d.ts"
import { Jsep, type JsepHook, type JsepNode, type JsepReader } from "npm:jsep@1.6.0";
import { canonical } from "./tokens.ts";
import { Refusal } from "./refusal.ts";

/** A node as jsep gives it; `syntax.ts` makes something closed of it. */
export type { JsepNode };

const UNARY = { "-": 1, "+": 1, "!": 1, not: 1 };

// Precedences in expr-lang's order; its `??` binds tighter than anything else between two values.
const BINARY = {
  "||": 1,
  or: 1,
  "&&": 2,
  and: 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  ">": 3,
  "<=": 3,
  ">=": 3,
  in: 3,
  matches: 3,
  contains: 3,
  startsWith: 3,
  endsWith: 3,
  "not in": 3,
  "not matches": 3,
  "not contains": 3,
  "not startsWith": 3,
  "not endsWith": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
  "??": 6,
};

const GRAMMAR = {
  unary_ops: UNARY,
  binary_ops: BINARY,
  right_associative: new Set<string>(),
  literals: { true: true, false: false, nil: null },
  max_unop_len: longest(UNARY),
  max_binop_len: longest(BINARY),
};

/**
 * Parses an expression into jsep's tree.
 *
 * @param text The expression, without its `${{` and `}}`.
 * @returns The root of the tree.
 * @throws {Refusal} For what does not parse.
 */
export function parseTree(text: string): JsepNode {
  const words = canonical(text);
  try {
    return withGrammar(() => new Jsep(words).parse());
  } catch (cause) {
    if (cause instanceof Refusal) throw cause;
    const description = (cause as { description?: unknown }).description;
    const problem = typeof description === "string" ? lowerFirst(description) : "it does not parse";
    throw new Refusal(problem);
  }
}

/**
 * jsep keeps its grammar in static fields. They are ours for the length of one synchronous call
 * only, since the program that imports this module may use jsep for something else.
 */
function withGrammar<T>(parse: () => T): T {
  const theirs = { hooks: Jsep.hooks };
  for (const key of Object.keys(GRAMMAR)) Reflect.set(theirs, key, Reflect.get(Jsep, key));
  Object.assign(Jsep, GRAMMAR, {
    hooks: Object.assign(Object.create(Object.getPrototypeOf(Jsep.hooks)), {
      "gobble-token": [readMap],
      "after-expression": [readCondition],
    }),
  });
  try {
    return parse();
  } finally {
    Object.assign(Jsep, theirs);
  }
}

/** `{ key: value, "other key": value }` */
const readMap: JsepHook = function (env) {
  if (!eat(this, "{")) return;
  const entries: { key: unknown; value: JsepNode }[] = [];
  while (!eat(this, "}")) {
    if (entries.length > 0 && !eat(this, ",")) this.throwError("a comma is missing in the map");
    const key = at(this, '"') ? this.gobbleStringLiteral().value : this.gobbleIdentifier().name;
    if (!eat(this, ":")) this.throwError("a colon is missing in the map");
    const value = this.gobbleExpression();
    if (!value) this.throwError("a value is missing in the map");
    entries.push({ key, value });
  }
  env.node = this.gobbleTokenProperty({ type: "MapExpression", entries });
};

/** `test ? consequent : alternate` */
const readCondition: JsepHook = function (env) {
  if (!env.node || !eat(this, "?")) return;
  const consequent = this.gobbleExpression();
  if (!consequent || !eat(this, ":")) {
    this.throwError('after "?" comes a value, ":" and another one');
  }
  const alternate = this.gobbleExpression();
  if (!alternate) this.throwError('a value is missing after ":"');
  env.node = { type: "ConditionalExpression", test: env.node, consequent, alternate };
};

function at(reader: JsepReader, char: string): boolean {
  reader.gobbleSpaces();
  return reader.code === char.charCodeAt(0);
}

function eat(reader: JsepReader, char: string): boolean {
  if (!at(reader, char)) return false;
  reader.index++;
  return true;
}

function longest(operators: Record<string, number>): number {
  return Math.max(...Object.keys(operators).map((operator) => operator.length));
}

function lowerFirst(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
