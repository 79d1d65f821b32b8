/**
 * Words of an expression, checked and bounded before the parser sees them.
 *
 * The parser is lenient (`f(a b)`, `a;b`, `[,]`) and recursive, so what it gets is written anew
 * from tokens: only what the language has, no deeper than the stack allows.
 *
 * @module
 */

import { quoted, Refusal } from "./refusal.ts";

const MAX_LENGTH = 4096;
const MAX_TOKENS = 1000;
const MAX_BRACKETS = 32;

/** Operators that are words; `not` also stands before its operand. */
const WORD_OPERATORS = new Set([
  "and",
  "or",
  "in",
  "matches",
  "contains",
  "startsWith",
  "endsWith",
]);
const NEGATABLE = new Set(["in", "matches", "contains", "startsWith", "endsWith"]);
const BINARY = new Set([
  "==",
  "!=",
  "<=",
  ">=",
  "<",
  ">",
  "&&",
  "||",
  "??",
  "+",
  "-",
  "*",
  "/",
  "%",
]);
const PREFIX = new Set(["-", "+", "!"]);

const SPACE = /[ \t\r\n]+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /(?:0[xX][0-9a-fA-F]+|(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)/y;
const STRING = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/sy;
const SYMBOL = /\?\.(?![0-9])|\?\?|==|!=|<=|>=|&&|\|\||[()[\]{}.,:?!<>+\-*/%]/y;
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/gs;
const ESCAPED: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

/**
 * Writes an expression anew: one blank between words, plain decimal numbers, double quotes with no
 * other escapes than `\"` and `\\`, `a not in b` as one operator.
 *
 * @param text The expression, without its `${{` and `}}`.
 * @returns The same expression as the parser takes it.
 * @throws {Refusal} For anything that is not of the language, and for what is too long or too deep.
 */
export function canonical(text: string): string {
  if (text.length > MAX_LENGTH) throw new Refusal(`it is longer than ${MAX_LENGTH} characters`);
  const reader = new Reader(text);
  while (!reader.atEnd()) {
    if (reader.words.length >= MAX_TOKENS) {
      throw new Refusal(`it has more than ${MAX_TOKENS} words`);
    }
    reader.readWord();
  }
  reader.finish();
  return reader.words.join(" ");
}

/** Where in the text, which brackets are open, and whether a value or an operator comes next. */
class Reader {
  readonly words: string[] = [];
  readonly #open: string[] = [];
  #index = 0;
  #wantsValue = true;
  #wantsProperty = false;

  constructor(readonly text: string) {}

  atEnd(): boolean {
    this.#take(SPACE);
    return this.#index >= this.text.length;
  }

  readWord(): void {
    const name = this.#take(NAME);
    if (name !== undefined) return this.#name(name);
    if (this.#wantsProperty) throw this.#unexpected("a name");
    const number = this.#wantsValue ? this.#take(NUMBER) : undefined;
    if (number !== undefined) return this.#value(decimal(number));
    const string = this.#take(STRING);
    if (string !== undefined) return this.#value(rewriteString(string));
    const symbol = this.#take(SYMBOL);
    if (symbol === undefined) throw this.#unexpected();
    this.#symbol(symbol);
  }

  finish(): void {
    if (this.words.length === 0) throw new Refusal("there is nothing between ${{ and }}");
    const open = this.#open.at(-1);
    if (open !== undefined) throw new Refusal(`a ${quoted(open.charAt(0))} is not closed`);
    if (this.#wantsValue || this.#wantsProperty) throw new Refusal("it ends too early");
  }

  #name(name: string): void {
    if (this.#wantsProperty) {
      this.#wantsProperty = false;
      this.words.push(name);
    } else if (this.#wantsValue) {
      if (name === "not") this.words.push(name);
      else this.#value(name);
    } else if (name === "not") {
      this.#take(SPACE);
      const next = this.#take(NAME) ?? "";
      if (!NEGATABLE.has(next)) throw new Refusal(`after "not" comes one of ${[...NEGATABLE]}`);
      this.#operator(`not ${next}`);
    } else if (WORD_OPERATORS.has(name)) {
      this.#operator(name);
    } else {
      throw this.#unexpected("an operator", name);
    }
  }

  #value(word: string): void {
    if (!this.#wantsValue) throw this.#unexpected("an operator", word);
    this.words.push(word);
    this.#wantsValue = false;
  }

  #operator(word: string): void {
    this.words.push(word);
    this.#wantsValue = true;
  }

  #symbol(symbol: string): void {
    if (this.#wantsValue) {
      if (PREFIX.has(symbol)) this.words.push(symbol);
      else if (symbol === "(" || symbol === "[" || symbol === "{") this.#push(symbol);
      else if (symbol === ")" || symbol === "]" || symbol === "}") this.#closeEmpty(symbol);
      else throw this.#unexpected("a value", symbol);
    } else if (symbol === ".") {
      this.words.push(symbol);
      this.#wantsProperty = true;
    } else if (symbol === "?.") {
      this.words.push(symbol);
      this.#take(SPACE);
      this.#wantsProperty = this.text.charAt(this.#index) !== "[";
    } else if (symbol === "(") this.#push("( of a call");
    else if (symbol === "[") this.#push("[ of an index");
    else if (symbol === ")" || symbol === "]" || symbol === "}") this.#close(symbol);
    else if (symbol === "," && this.#open.at(-1)?.match(/^(?:\( of a call|\[|\{)$/)) {
      this.#operator(symbol);
    } else if (BINARY.has(symbol) || symbol === "?" || symbol === ":") this.#operator(symbol);
    else throw this.#unexpected("an operator", symbol);
  }

  #push(bracket: string): void {
    if (this.#open.length >= MAX_BRACKETS) {
      throw new Refusal(`it has more than ${MAX_BRACKETS} brackets in each other`);
    }
    this.#open.push(bracket);
    this.words.push(bracket.charAt(0));
    this.#wantsValue = true;
  }

  #close(bracket: string): void {
    const open = this.#open.pop();
    if (
      open === undefined || `${open.charAt(0)}${bracket}`.match(/^(?:\(\)|\[\]|\{\})$/) === null
    ) {
      throw this.#unexpected(undefined, bracket);
    }
    this.words.push(bracket);
    this.#wantsValue = false;
  }

  /** `f()`, `[]`, `{}` and a comma after the last item; but not `()` nor `a[]`. */
  #closeEmpty(bracket: string): void {
    const open = this.#open.at(-1);
    const last = this.words.at(-1);
    const isEmpty = last === open?.charAt(0) && open !== "(" && open !== "[ of an index";
    const isTrailing = last === "," && (open === "[" || open === "{");
    if (!isEmpty && !isTrailing) throw this.#unexpected("a value", bracket);
    if (isTrailing) this.words.pop();
    this.#close(bracket);
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#index;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.#index += found.length;
    return found;
  }

  #unexpected(wanted?: string, word?: string): Refusal {
    const found = word ?? String.fromCodePoint(this.text.codePointAt(this.#index) ?? 32);
    if (word === undefined && /["'`]/.test(found)) return new Refusal("a quote is not closed");
    const hint = wanted === undefined ? undefined : `${wanted} was expected there`;
    return new Refusal(`${quoted(found)} does not belong there`, hint);
  }
}

function decimal(text: string): string {
  const number = Number(text);
  if (!Number.isFinite(number)) throw new Refusal(`${quoted(text)} is too large a number`);
  return String(number);
}

function rewriteString(literal: string): string {
  const inner = literal.slice(1, -1);
  const text = literal.startsWith("`") ? inner : inner.replace(ESCAPE, unescape);
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

function unescape(escape: string, ...groups: (string | undefined)[]): string {
  const [hex, short, long, octal, letter] = groups;
  const code = hex ?? short ?? long;
  if (code !== undefined || octal !== undefined) {
    const point = code === undefined ? parseInt(octal ?? "", 8) : parseInt(code, 16);
    if (point > 0x10ffff) throw new Refusal(`${quoted(escape)} is no character`);
    return String.fromCodePoint(point);
  }
  const plain = Object.hasOwn(ESCAPED, letter ?? "") ? ESCAPED[letter ?? ""] : undefined;
  if (plain === undefined) {
    throw new Refusal(`${quoted(escape)} is no escape`, "a backslash itself is written \\\\");
  }
  return plain;
}
