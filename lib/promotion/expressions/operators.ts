/**
 * What the operators do, each for the types it is made for and no other.
 *
 * @module
 */

import { matchesPattern } from "./pattern.ts";
import { quoted, Refusal } from "./refusal.ts";
import { bounded, isEqual, mismatch, Nil, Table, type Value } from "./value.ts";

type Binary = (left: Value, right: Value) => Value;

const BINARY: ReadonlyMap<string, Binary> = new Map<string, Binary>([
  ["==", isEqual],
  ["!=", (left, right) => !isEqual(left, right)],
  ["<", compare((order) => order < 0, "<")],
  ["<=", compare((order) => order <= 0, "<=")],
  [">", compare((order) => order > 0, ">")],
  [">=", compare((order) => order >= 0, ">=")],
  ["+", add],
  ["-", arithmetic((a, b) => a - b, "-")],
  ["*", arithmetic((a, b) => a * b, "*")],
  ["/", arithmetic((a, b) => a / b, "/")],
  ["%", arithmetic((a, b) => a % b, "%")],
  ["in", isIn],
  ["contains", onText((text, part) => text.includes(part), "contains")],
  ["startsWith", onText((text, part) => text.startsWith(part), "startsWith")],
  ["endsWith", onText((text, part) => text.endsWith(part), "endsWith")],
  ["matches", onText(matchesPattern, "matches")],
]);

/** Operators whose right side is evaluated only where it is needed. */
const LAZY = new Set(["&&", "and", "||", "or", "??"]);

/**
 * Tells whether there is such an operator before a value.
 *
 * @param operator Its sign or word.
 * @returns True for `-`, `+`, `!` and `not`.
 */
export function isUnaryOperator(operator: string): boolean {
  return ["-", "+", "!", "not"].includes(operator);
}

/**
 * Tells whether there is such an operator between two values.
 *
 * @param operator Its sign or word, e.g. `==` or `not in`.
 * @returns True for those of the language.
 */
export function isBinaryOperator(operator: string): boolean {
  return LAZY.has(operator) || BINARY.has(operator.replace(/^not /, ""));
}

/**
 * Applies an operator to one value.
 *
 * @param operator `-`, `+`, `!` or `not`.
 * @param value The value after it.
 * @returns The result.
 * @throws {Refusal} For a value of the wrong type.
 */
export function applyUnary(operator: string, value: Value): Value {
  if (operator === "!" || operator === "not") return !asBoolean(value, operator);
  const number = asNumber(value, operator);
  return operator === "-" ? -number : number;
}

/**
 * Applies an operator to two values.
 *
 * @param operator Its sign or word.
 * @param left The value before it.
 * @param right Gives the value after it; called only where that value matters.
 * @returns The result.
 * @throws {Refusal} For values of the wrong types.
 */
export function applyBinary(
  operator: string,
  { left, right }: { left: Value; right: () => Value },
): Value {
  if (operator === "??") return left instanceof Nil ? right() : left;
  if (operator === "&&" || operator === "and") {
    return asBoolean(left, operator) && asBoolean(right(), operator);
  }
  if (operator === "||" || operator === "or") {
    return asBoolean(left, operator) || asBoolean(right(), operator);
  }
  const apply = BINARY.get(operator.replace(/^not /, ""));
  if (!apply) throw new Refusal(`there is no operator ${quoted(operator)}`);
  const result = apply(left, right());
  return operator.startsWith("not ") ? !result : result;
}

/**
 * Takes a value as the boolean it has to be.
 *
 * @param value Any value.
 * @param what What needs it, for the message.
 * @returns The boolean.
 * @throws {Refusal} For any other type.
 */
export function asBoolean(value: Value, what: string): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value === "string") {
    throw new Refusal(
      `${quoted(what)} needs a boolean, not a string`,
      'compare the string: … == "true"',
    );
  }
  throw mismatch(quoted(what), { wanted: "a boolean", got: [value] });
}

function asNumber(value: Value, operator: string): number {
  if (typeof value === "number") return value;
  throw mismatch(quoted(operator), { wanted: "a number", got: [value] });
}

function add(left: Value, right: Value): Value {
  if (typeof left === "string" && typeof right === "string") return bounded(left + right);
  if (typeof left === "number" && typeof right === "number") return finite(left + right, "+");
  throw mismatch('"+"', { wanted: "two strings or two numbers", got: [left, right] });
}

function arithmetic(calculate: (a: number, b: number) => number, operator: string): Binary {
  return (left, right) => {
    if (typeof left === "number" && typeof right === "number") {
      return finite(calculate(left, right), operator);
    }
    throw mismatch(quoted(operator), { wanted: "two numbers", got: [left, right] });
  };
}

function compare(holds: (order: number) => boolean, operator: string): Binary {
  return (left, right) => {
    if (typeof left === "number" && typeof right === "number") return holds(left - right);
    if (typeof left === "string" && typeof right === "string") {
      return holds(left < right ? -1 : left === right ? 0 : 1);
    }
    throw mismatch(quoted(operator), { wanted: "two numbers or two strings", got: [left, right] });
  };
}

function onText(holds: (text: string, part: string) => boolean, operator: string): Binary {
  return (left, right) => {
    if (typeof left === "string" && typeof right === "string") return holds(left, right);
    throw mismatch(quoted(operator), { wanted: "two strings", got: [left, right] });
  };
}

function isIn(left: Value, right: Value): boolean {
  if (Array.isArray(right)) return right.some((item) => isEqual(left, item));
  if (right instanceof Table && typeof left === "string") return right.has(left);
  throw mismatch('"in"', { wanted: "a list, or a string and a map", got: [left, right] });
}

function finite(number: number, operator: string): number {
  if (Number.isFinite(number)) return number;
  throw new Refusal(`${quoted(operator)} gives no finite number there`);
}
