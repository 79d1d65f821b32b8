/**
 * The values of expressions: a closed set, through which nothing of JavaScript can be reached.
 *
 * @module
 */

import { suggest } from "../../oci/suggest.ts";
import { listed, quoted, Refusal } from "./refusal.ts";

/** Everything an expression can yield. */
export type Value = Nil | boolean | number | string | readonly Value[] | Table | Entity;

/** Longest text, and most parts of a list or map, that a value may have. */
export const MAX_SIZE = 65_536;
const MAX_DEPTH = 32;

/** The missing value, which remembers why it is missing. */
export class Nil {
  /**
   * Makes a missing value.
   *
   * @param why What was looked for and not found; absent for a written `nil`.
   */
  constructor(readonly why?: string) {}
}

/** A map with any keys; a key that is not there is nil. */
export class Table {
  readonly #entries: ReadonlyMap<string, Value>;

  /**
   * Makes a map.
   *
   * @param entries Keys and values.
   * @param name What messages call it.
   */
  constructor(entries: Iterable<readonly [string, Value]>, readonly name: string = "the map") {
    this.#entries = new Map(entries);
  }

  /** The keys, in order. */
  keys(): string[] {
    return [...this.#entries.keys()];
  }

  /** Whether the key is there. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  /** The same map, if it cannot change any more. */
  detached(): Table {
    return this;
  }

  /** The value of a key, or nil. */
  get(key: string): Value {
    return this.#entries.get(key) ??
      new Nil(`${this.name} has no ${quoted(key)}, it has ${listed(this.keys())}`);
  }
}

/** What an {@linkcode Entity} is made of. */
export interface EntityParts {
  /** Fields as Go spells them: `RepoURL`, `Tag`, `ID`. */
  fields?: Readonly<Record<string, Value>>;
  /** Methods without arguments. */
  methods?: Readonly<Record<string, () => Value>>;
  /** What it is as text, where it can be text. */
  text?: string;
}

/** A thing with fixed fields, such as an image of the freight; a field it cannot have is an error. */
export class Entity {
  readonly #fields: ReadonlyMap<string, Value>;
  readonly #methods: ReadonlyMap<string, () => Value>;
  /** What it is as text, where it can be text. */
  readonly text: string | undefined;

  /**
   * Makes a thing.
   *
   * @param kind What messages call it, e.g. `an image`.
   * @param parts Its fields, methods and text.
   */
  constructor(readonly kind: string, parts: EntityParts) {
    this.#fields = new Map(Object.entries(parts.fields ?? {}));
    this.#methods = new Map(Object.entries(parts.methods ?? {}));
    this.text = parts.text;
  }

  /** Names of the fields, in their documented spelling. */
  keys(): string[] {
    return [...this.#fields.keys()].map(lowerFirst);
  }

  /** The value of a field in either spelling, `Digest` or `digest`. */
  get(name: string): Value {
    for (const [field, value] of this.#fields) {
      if (name === field || name === lowerFirst(field)) return value;
    }
    const known = [...this.keys(), ...[...this.#methods.keys()].map((method) => `${method}()`)];
    throw unknownName({ what: this.kind, name, known });
  }

  /** What a method returns. */
  call(name: string): Value {
    const method = this.#methods.get(name);
    if (!method) {
      throw unknownName({ what: this.kind, name: `${name}()`, known: this.#methodNames() });
    }
    return method();
  }

  #methodNames(): string[] {
    return [...this.#methods.keys()].map((method) => `${method}()`);
  }
}

/**
 * Names the type of a value for a message.
 *
 * @param value Any value.
 * @returns e.g. `a string`, `nil`, `an image`.
 */
export function typeOf(value: Value): string {
  if (value instanceof Nil) return "nil";
  if (value instanceof Entity) return value.kind;
  if (value instanceof Table) return "a map";
  if (typeof value === "object") return "a list";
  return `a ${typeof value}`;
}

/**
 * Takes plain data, as JSON or YAML holds it, into the language.
 *
 * @param data Null, scalars, arrays and records.
 * @param name What messages call it, if it is a record.
 * @returns The value.
 * @throws {Refusal} For data that is too large or too deep.
 */
export function fromPlain(data: unknown, name?: string): Value {
  const convert = (part: unknown, depth: number): Value => {
    if (typeof part === "string" || typeof part === "boolean") return part;
    if (typeof part === "number") return part;
    if (typeof part !== "object" || part === null) return new Nil();
    if (depth === 0) throw tooDeep();
    if (Array.isArray(part)) return part.map((item) => convert(item, depth - 1));
    const entries = Object.entries(part).map(([key, item]) =>
      [key, convert(item, depth - 1)] as const
    );
    return new Table(entries, part === data ? name : undefined);
  };
  return bounded(convert(data, MAX_DEPTH));
}

/**
 * Gives a value back as plain data.
 *
 * @param value Any value.
 * @returns What `JSON.stringify` can write; a record has no prototype.
 * @throws {Refusal} For nil at any depth, and for what is neither text nor plain.
 */
export function toPlain(value: Value): unknown {
  if (value instanceof Nil) throw missing(value);
  if (value instanceof Entity) return entityText(value);
  if (value instanceof Table) {
    const plain: Record<string, unknown> = Object.create(null);
    for (const key of value.keys()) plain[key] = toPlain(value.get(key));
    return plain;
  }
  return typeof value === "object" ? value.map(toPlain) : value;
}

/**
 * Writes a value as text; a missing one never becomes any.
 *
 * @param value Any value.
 * @returns A string as it is, everything else as JSON.
 * @throws {Refusal} For nil at any depth, and for what has no text.
 */
export function toText(value: Value): string {
  if (typeof value === "string") return value;
  if (value instanceof Entity) return entityText(value);
  return JSON.stringify(toPlain(value));
}

/**
 * Compares two values deeply; values of different types are not equal.
 *
 * @param a One value.
 * @param b The other.
 * @returns Whether they are the same.
 */
export function isEqual(a: Value, b: Value): boolean {
  if (a instanceof Nil) return b instanceof Nil;
  if (a instanceof Table && b instanceof Table) {
    const keys = a.keys();
    return keys.length === b.keys().length &&
      keys.every((key) => b.has(key) && isEqual(a.get(key), b.get(key)));
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isEqual(item, b[index]));
  }
  if (a instanceof Entity && b instanceof Entity) {
    const keys = a.keys();
    return a.kind === b.kind && a.text === b.text &&
      keys.every((key) => isEqual(a.get(key), b.get(key)));
  }
  return a === b;
}

/**
 * Refuses a value that has grown too large or too deep to work with.
 *
 * @param value Any value.
 * @returns The value.
 * @throws {Refusal} Beyond {@linkcode MAX_SIZE} characters and parts, or 32 levels.
 */
export function bounded<V extends Value>(value: V): V {
  let left = MAX_SIZE;
  const visit = (part: Value, depth: number): void => {
    if (depth > MAX_DEPTH) throw tooDeep();
    left -= typeof part === "string" ? part.length : 1;
    if (left < 0) throw new Refusal(`the value is larger than ${MAX_SIZE} characters`);
    if (part instanceof Table) {
      for (const key of part.keys()) {
        left -= key.length;
        visit(part.get(key), depth + 1);
      }
    } else if (Array.isArray(part)) {
      for (const item of part) visit(item, depth + 1);
    }
  };
  visit(value, 0);
  return value;
}

/**
 * The refusal of a nil where a value is needed.
 *
 * @param nil The nil, with its reason.
 * @returns What to throw.
 */
export function missing(nil: Nil): Refusal {
  return new Refusal(
    nil.why ?? "it is nil, which is no value",
    `put a value for that case after it: … ?? "default"`,
  );
}

/**
 * The refusal of values of the wrong type; of a missing one, the reason why it is missing.
 *
 * @param what The operator or function.
 * @param options What it needs, and what it got.
 * @returns What to throw.
 */
export function mismatch(what: string, options: { wanted: string; got: Value[] }): Refusal {
  const nil = options.got.find((value) => value instanceof Nil && value.why !== undefined);
  if (nil instanceof Nil) return missing(nil);
  const got = options.got.map(typeOf).join(" and ");
  return new Refusal(`${what} needs ${options.wanted}, not ${got}`);
}

function tooDeep(): Refusal {
  return new Refusal(`the value is nested more than ${MAX_DEPTH} deep`);
}

function entityText(entity: Entity): string {
  if (entity.text !== undefined) return entity.text;
  throw new Refusal(
    `${entity.kind} is not text`,
    `take one of its fields: ${listed(entity.keys().map((key) => `.${key}`))}`,
  );
}

function unknownName(options: { what: string; name: string; known: string[] }): Refusal {
  const { what, name, known } = options;
  const near = suggest(name, known);
  return new Refusal(
    `${what} has no ${quoted(name)}`,
    near === undefined ? `it has ${listed(known)}` : `did you mean ${near}?`,
  );
}

/** `RepoURL` is documented as `repoURL`, `ID` as `id`. */
function lowerFirst(name: string): string {
  return name === name.toUpperCase()
    ? name.toLowerCase()
    : `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
}
