/**
 * Texts with expressions in them: `registry/app:${{ vars.tag }}`.
 *
 * @module
 */

import { evaluate } from "./expressions/evaluate.ts";
import { Refusal } from "./expressions/refusal.ts";
import type { Scope } from "./expressions/scope.ts";
import { type Node, parseExpression } from "./expressions/syntax.ts";
import {
  fromPlain,
  MAX_SIZE,
  missing,
  Nil,
  toPlain,
  toText,
  type Value,
} from "./expressions/value.ts";
import type { Place } from "./place.ts";

/** A text taken apart; strings stand for themselves. */
export interface Template {
  /** What stands between the expressions, and the expressions. */
  parts: (string | Expression)[];
  /** Where it stands. */
  place: Place;
}

/** An expression of a template. */
export interface Expression {
  /** As typed, with `${{` and `}}`. */
  text: string;
  /** Its tree. */
  node: Node;
}

const OPEN = "${{";
const CLOSE = "}}";

/**
 * Takes a text apart; the first `}}` after a `${{` closes it, wherever it stands.
 *
 * @param text The text.
 * @param place Where it stands.
 * @returns Its parts, expressions parsed.
 * @throws {OciPushError} `INVALID_EXPRESSION` for what does not parse.
 */
export function parseTemplate(text: string, place: Place): Template {
  const parts: Template["parts"] = [];
  let index = 0;
  while (index < text.length) {
    const open = text.indexOf(OPEN, index);
    if (open < 0) break;
    if (open > index) parts.push(text.slice(index, open));
    const close = text.indexOf(CLOSE, open + OPEN.length);
    if (close < 0) throw unclosed(text.slice(open), place);
    parts.push(parsePart(text.slice(open, close + CLOSE.length), place));
    index = close + CLOSE.length;
  }
  if (index < text.length) parts.push(text.slice(index));
  return { parts, place };
}

/**
 * Evaluates a template to text. What its expressions yield is not read again: `1.20` stays `1.20`.
 *
 * @param template The parts.
 * @param scope What the expressions can see.
 * @returns The text; one that `quote()` wrapped is unwrapped.
 * @throws {OciPushError} `INVALID_EXPRESSION`, naming the expression, its place and the freight.
 * @throws {NotYet} For what needs a step that has not run.
 */
export function renderText(template: Template, scope: Scope): string {
  const text = joined(template, scope);
  return isConstant(template) ? text : unwrap(text) ?? text;
}

/**
 * Evaluates a template to a value.
 *
 * A text that is one expression keeps that one's type. Otherwise the joined text is read again, but
 * only where that loses nothing: `${{ 1 }}${{ 0 }}` is 10, and `1.${{ 2 }}0` stays a string.
 *
 * @param template The parts.
 * @param scope What the expressions can see.
 * @returns The value; never nil.
 * @throws {OciPushError} `INVALID_EXPRESSION`, naming the expression, its place and the freight.
 * @throws {NotYet} For what needs a step that has not run.
 */
export function renderValue(template: Template, scope: Scope): Value {
  const [first = "", rest = "\n", more] = template.parts;
  if (typeof first !== "string" && rest === "\n" && more === undefined) {
    const value = within(first, { scope, place: template.place }, present);
    return typeof value === "string" ? unwrap(value) ?? value : value;
  }
  const text = joined(template, scope);
  if (isConstant(template)) return text;
  return unwrap(text) ?? guarded(template.place, () => readAgain(text));
}

/**
 * Evaluates a template to plain data, for a field that is no string: the boolean of
 * `${{ vars.insecure }}`, the list of `${{ vars.images }}`, also where the variable is text.
 *
 * @param template The parts.
 * @param scope What the expressions can see.
 * @returns The data; a text without expressions stays one.
 * @throws {OciPushError} `INVALID_EXPRESSION`, naming the expression, its place and the freight.
 * @throws {NotYet} For what needs a step that has not run.
 */
export function renderPlain(template: Template, scope: Scope): unknown {
  const value = renderValue(template, scope);
  if (isConstant(template)) return value;
  return guarded(
    template.place,
    () => toPlain(typeof value === "string" ? readAgain(value) : value),
  );
}

function joined({ parts, place }: Template, scope: Scope): string {
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") text += part;
    else text += within(part, { scope, place }, toText);
    if (parts.length > 1 && text.length > MAX_SIZE) {
      throw place.error(`the text is longer than ${MAX_SIZE} characters`);
    }
  }
  return text;
}

/**
 * Tells whether a template has no expressions.
 *
 * @param template The parts.
 * @returns True when evaluating it gives the text back.
 */
export function isConstant({ parts }: Template): boolean {
  return parts.every((part) => typeof part === "string");
}

/** Reads a text as what it looks like, where writing that gives the same text, or where it is JSON. */
function readAgain(text: string): Value {
  const body = text.trim();
  if (body === "true" || body === "false") return body === "true";
  if (/^-?[0-9]/.test(body) && String(Number(body)) === body) return Number(body);
  if (!/^[[{]/.test(body)) return text;
  try {
    return fromPlain(JSON.parse(body));
  } catch (cause) {
    if (cause instanceof SyntaxError) return text;
    throw cause;
  }
}

function parsePart(text: string, place: Place): Expression {
  const inner = text.slice(OPEN.length, -CLOSE.length);
  const node = guarded(place, () => parseExpression(inner), {
    action: `read ${shorten(text)} at`,
  });
  return { text, node };
}

function unclosed(text: string, place: Place) {
  return place.error("its }} is missing", {
    code: "INVALID_EXPRESSION",
    action: `read ${shorten(text)} at`,
    hint: "in YAML, a blank and # begin a comment: put the whole value in quotes",
  });
}

function within<T>(
  part: Expression,
  { scope, place }: { scope: Scope; place: Place },
  finish: (value: Value) => T,
): T {
  return guarded(place, () => finish(evaluate(part.node, scope)), {
    action: `evaluate ${shorten(part.text)} at`,
    did: `looked into ${scope.world.freight.describe()}`,
  });
}

function guarded<T>(
  place: Place,
  work: () => T,
  context: { action: string; did?: string } = { action: "evaluate" },
): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof Refusal)) throw cause;
    throw place.error(cause.problem, { code: "INVALID_EXPRESSION", hint: cause.hint, ...context });
  }
}

function present(value: Value): Value {
  if (value instanceof Nil) throw missing(value);
  return value;
}

/** What `quote()` made of a value: exactly one JSON string, and the newline of a block scalar. */
function unwrap(text: string): string | undefined {
  const body = text.endsWith("\n") ? text.slice(0, -1) : text;
  if (!/^".*"$/s.test(body)) return undefined;
  try {
    return `${JSON.parse(body)}${text.slice(body.length)}`;
  } catch {
    return undefined;
  }
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 160 ? `${line.slice(0, 157)}…}}` : line;
}
