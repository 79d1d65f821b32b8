/**
 * The tree of an expression: a closed set of nodes, the only ones that can be evaluated.
 *
 * @module
 */

import { suggest } from "../../oci/suggest.ts";
import { FUNCTIONS } from "./functions.ts";
import { type JsepNode, parseTree } from "./grammar.ts";
import { isBinaryOperator, isUnaryOperator } from "./operators.ts";
import { listed, quoted, Refusal } from "./refusal.ts";

/** Names that an expression may begin with. */
export const ROOTS = ["ctx", "vars", "outputs"] as const;

/** A node of an expression. */
export type Node =
  | { type: "literal"; value: boolean | number | string | null }
  | { type: "root"; name: string }
  | { type: "list"; items: Node[] }
  | { type: "map"; entries: { key: string; value: Node }[] }
  | { type: "member"; object: Node; key: Node; optional: boolean }
  | { type: "method"; object: Node; name: string; optional: boolean }
  | { type: "call"; name: string; args: Node[] }
  | { type: "unary"; operator: string; operand: Node }
  | { type: "binary"; operator: string; left: Node; right: Node }
  | { type: "condition"; test: Node; consequent: Node; alternate: Node };

/**
 * Parses an expression; names, functions and the number of their arguments are checked already.
 *
 * @example
 * ```ts
 * const node = parseExpression('imageFrom("nginx").tag ?? "latest"');
 * console.assert(node.type === "binary");
 * ```
 * @param text The expression, without its `${{` and `}}`.
 * @returns The root of its tree.
 * @throws {Refusal} For what does not parse, and for names and functions there are not.
 */
export function parseExpression(text: string): Node {
  return close(parseTree(text));
}

/** Makes a node of the closed set; what has none is refused. */
function close(node: JsepNode): Node {
  switch (node.type) {
    case "Literal":
      return closeLiteral(node.value);
    case "Identifier":
      return closeName(String(node.name));
    case "ArrayExpression":
      return { type: "list", items: nodes(node.elements).map(close) };
    case "MapExpression":
      return { type: "map", entries: closeEntries(node.entries) };
    case "MemberExpression":
      return closeMember(node);
    case "CallExpression":
      return closeCall(node);
    case "UnaryExpression":
      return closeUnary(node);
    case "BinaryExpression":
      return closeBinary(node);
    case "ConditionalExpression":
      return {
        type: "condition",
        test: close(child(node.test)),
        consequent: close(child(node.consequent)),
        alternate: close(child(node.alternate)),
      };
    case "ThisExpression":
      return closeName("this");
    default:
      throw new Refusal("it is not one expression");
  }
}

function closeLiteral(value: unknown): Node {
  if (value === null || ["boolean", "number", "string"].includes(typeof value)) {
    return { type: "literal", value: value as boolean | number | string | null };
  }
  throw new Refusal("it is not one expression");
}

function closeName(name: string): Node {
  if ((ROOTS as readonly string[]).includes(name)) return { type: "root", name };
  if (FUNCTIONS.has(name)) throw new Refusal(`${name} is a function`, `call it: ${name}(…)`);
  if (name === "null" || name === "undefined") {
    throw new Refusal(`there is no ${quoted(name)}`, 'the missing value is called "nil"');
  }
  if (name === "task" || name === "secrets") {
    throw new Refusal(`${quoted(name)} lives in Kargo's cluster and is not here`);
  }
  const near = suggest(name, [...ROOTS, "true", "false", "nil"]);
  throw new Refusal(
    `there is no ${quoted(name)}`,
    near === undefined
      ? `an expression begins with ${listed(ROOTS)}, a function, or a value in quotes`
      : `did you mean ${near}?`,
  );
}

function closeEntries(entries: unknown): { key: string; value: Node }[] {
  return (entries as { key: string; value: JsepNode }[]).map(({ key, value }) => ({
    key,
    value: close(value),
  }));
}

function closeMember(node: JsepNode): Node {
  const property = child(node.property);
  return {
    type: "member",
    object: close(child(node.object)),
    key: node.computed === true
      ? close(property)
      : { type: "literal", value: String(property.name) },
    optional: node.optional === true,
  };
}

function closeCall(node: JsepNode): Node {
  const callee = child(node.callee);
  const args = nodes(node.arguments).map(close);
  if (callee.type === "MemberExpression" && callee.computed !== true) {
    const name = String(child(callee.property).name);
    if (args.length > 0) throw new Refusal(`the method ${name}() takes no arguments`);
    const optional = callee.optional === true;
    return { type: "method", object: close(child(callee.object)), name, optional };
  }
  if (callee.type !== "Identifier") throw new Refusal("only a function can be called");
  const name = String(callee.name);
  const known = FUNCTIONS.get(name);
  if (!known) {
    const near = suggest(name, FUNCTIONS.keys());
    throw new Refusal(
      `there is no function ${quoted(name)}`,
      near === undefined
        ? `there are ${[...FUNCTIONS.keys()].join(", ")}`
        : `did you mean ${near}?`,
    );
  }
  const [least, most] = known.takes;
  if (args.length < least || args.length > most) {
    const wanted = least === most ? String(least) : `${least} to ${most}`;
    const noun = wanted === "1" ? "argument" : "arguments";
    throw new Refusal(`${name}() takes ${wanted} ${noun}, not ${args.length}`, known.usage);
  }
  return { type: "call", name, args };
}

function closeUnary(node: JsepNode): Node {
  const operator = String(node.operator);
  if (!isUnaryOperator(operator)) throw new Refusal(`there is no operator ${quoted(operator)}`);
  return { type: "unary", operator, operand: close(child(node.argument)) };
}

function closeBinary(node: JsepNode): Node {
  const operator = String(node.operator);
  if (!isBinaryOperator(operator)) throw new Refusal(`there is no operator ${quoted(operator)}`);
  const left = close(child(node.left));
  const right = close(child(node.right));
  // jsep binds `!` tighter than anything, expr-lang binds `??` tighter than `!`.
  if (operator === "??" && left.type === "unary") {
    return { ...left, operand: { type: "binary", operator, left: left.operand, right } };
  }
  return { type: "binary", operator, left, right };
}

function child(value: unknown): JsepNode {
  if (typeof value === "object" && value !== null && "type" in value) return value as JsepNode;
  throw new Refusal("it is not one expression");
}

function nodes(value: unknown): JsepNode[] {
  return Array.isArray(value) ? value.map(child) : [];
}
