/**
 * The walker over an expression's tree.
 *
 * @module
 */

import { FUNCTIONS } from "./functions.ts";
import { applyBinary, applyUnary, asBoolean } from "./operators.ts";
import { listed, quoted, Refusal } from "./refusal.ts";
import type { Scope } from "./scope.ts";
import type { Node } from "./syntax.ts";
import { bounded, Entity, missing, Nil, Table, typeOf, type Value } from "./value.ts";

/** What a chain such as `a?.b.c` is worth once its `?.` met nil. */
const ENDED = Symbol("ended");

/**
 * Evaluates an expression.
 *
 * @param node The root of its tree.
 * @param scope What it can see.
 * @returns Its value; nil is one.
 * @throws {Refusal} For what cannot be evaluated: wrong types, unknown fields.
 * @throws {NotYet} For what needs a step that has not run.
 */
export function evaluate(node: Node, scope: Scope): Value {
  switch (node.type) {
    case "literal":
      return node.value ?? new Nil();
    case "root": {
      // A variable that held all variables would come to hold itself.
      const value = root(node.name, scope);
      return value instanceof Table ? value.detached() : value;
    }
    case "list":
      return bounded(node.items.map((item) => evaluate(item, scope)));
    case "map":
      return bounded(
        new Table(node.entries.map(({ key, value }) => [key, evaluate(value, scope)])),
      );
    case "unary":
      return applyUnary(node.operator, evaluate(node.operand, scope));
    case "binary": {
      const left = evaluate(node.left, scope);
      return applyBinary(node.operator, { left, right: () => evaluate(node.right, scope) });
    }
    case "condition": {
      const test = asBoolean(evaluate(node.test, scope), "?");
      return evaluate(test ? node.consequent : node.alternate, scope);
    }
    case "call":
    case "member":
    case "method": {
      const value = evaluateChain(node, scope);
      return value === ENDED ? new Nil() : value;
    }
  }
}

function evaluateChain(node: Node, scope: Scope): Value | typeof ENDED {
  if (node.type === "call") {
    const args = node.args.map((arg) => evaluate(arg, scope));
    const result = FUNCTIONS.get(node.name)?.call(args, scope.world);
    return bounded(result ?? new Nil());
  }
  if (node.type !== "member" && node.type !== "method") return evaluate(node, scope);
  const object = node.object.type === "root"
    ? root(node.object.name, scope)
    : evaluateChain(node.object, scope);
  if (object === ENDED) return ENDED;
  if (object instanceof Nil) {
    if (node.optional) return ENDED;
    throw missing(object);
  }
  return node.type === "method"
    ? callMethod(object, node.name)
    : member(object, evaluate(node.key, scope));
}

function root(name: string, scope: Scope): Value {
  return scope.names.get(name) ?? new Nil(`${name} is not known here`);
}

function callMethod(object: Value, name: string): Value {
  if (object instanceof Entity) return object.call(name);
  throw new Refusal(`${typeOf(object)} has no methods, ${quoted(`${name}()`)} is none`);
}

function member(object: Value, key: Value): Value {
  if (Array.isArray(object)) return item(object, key);
  if (object instanceof Table || object instanceof Entity) {
    if (typeof key === "string") return object.get(key);
    if (key instanceof Nil && key.why !== undefined) throw missing(key);
    throw new Refusal(`a field is named by a string, not by ${typeOf(key)}`);
  }
  throw new Refusal(
    `${typeOf(object)} has no fields`,
    typeof key === "string" ? `${quoted(key)} was asked for` : undefined,
  );
}

/** A negative index counts from the end, as in expr-lang. */
function item(list: readonly Value[], key: Value): Value {
  if (typeof key !== "number" || !Number.isInteger(key)) {
    throw new Refusal(`an item of a list is named by a whole number, not by ${typeOf(key)}`);
  }
  const found = list.at(key);
  if (found !== undefined) return found;
  const indexes = list.map((_, index) => String(index));
  throw new Refusal(`the list has no item ${key}`, `it has ${listed(indexes)}`);
}
