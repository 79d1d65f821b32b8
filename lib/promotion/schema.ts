/**
 * The shape that a document or a step's config has to have.
 *
 * @module
 */

import { suggest } from "../oci/suggest.ts";
import { listed, quoted } from "./expressions/refusal.ts";
import type { Place } from "./place.ts";

/** What is allowed at a place. */
export type Schema =
  & (
    | { type: "string" | "boolean" | "any" }
    | { type: "integer"; least: number }
    | { type: "list"; of: Schema }
    | { type: "map"; of: Schema }
    | ObjectSchema
  )
  & { required?: boolean };

/** A record with known keys. */
export interface ObjectSchema {
  /** Always `object`. */
  type: "object";
  /** What each key may hold. */
  fields: Readonly<Record<string, Schema>>;
  /** Lets other keys pass unseen. */
  isOpen?: boolean;
}

/** Stands for a value that is not known yet; it is taken to be right. */
export const PENDING = Symbol("pending");

/** Gives a text its value, or {@linkcode PENDING}; `isText` where a string has to come of it. */
export type Render = (text: string, options: { place: Place; isText: boolean }) => unknown;

/** Far more than anybody writes, and few enough that nothing takes long with them. */
const MAX_ITEMS = 1000;

/** Options of {@linkcode conform}. */
export interface ConformOptions {
  /** Where the data stands. */
  place: Place;
  /** Evaluates the expressions of a text. @default {(text) => text} */
  render?: Render;
}

/**
 * Checks data against a schema and gives its strings their values.
 *
 * Null counts as absent, as it does in Kubernetes.
 *
 * @param data Plain data.
 * @param schema What it has to be.
 * @param options Where it stands, and how its expressions are evaluated.
 * @returns A copy with the same keys, those that are null left out.
 * @throws {OciPushError} `INVALID_DOCUMENT` for what the schema does not allow, with its place.
 */
export function conform(data: unknown, schema: Schema, options: ConformOptions): unknown {
  const { place, render = (text) => text } = options;
  const isText = schema.type === "string";
  const value = typeof data === "string" ? render(data, { place, isText }) : data;
  if (value === PENDING) return value;
  switch (schema.type) {
    case "any":
      return value;
    case "string":
      if (typeof value === "string") return value;
      break;
    case "boolean":
      if (typeof value === "boolean") return value;
      break;
    case "integer":
      if (Number.isSafeInteger(value) && Number(value) >= schema.least) return value;
      break;
    case "list":
      if (!Array.isArray(value)) break;
      if (value.length > MAX_ITEMS) throw place.error(`a list has at most ${MAX_ITEMS} items`);
      return value.map((item, index) =>
        conform(item, schema.of, { place: place.at(index), render })
      );
    case "map":
      if (!isRecord(value)) break;
      return Object.fromEntries(
        Object.entries(value).map((
          [key, item],
        ) => [key, conform(item, schema.of, { place: place.at(key), render })]),
      );
    case "object":
      if (!isRecord(value)) break;
      return conformRecord(value, schema, { place, render });
  }
  throw wrongType(value, schema, place);
}

function conformRecord(
  data: Readonly<Record<string, unknown>>,
  schema: ObjectSchema,
  options: Required<ConformOptions>,
): Record<string, unknown> {
  const { place, render } = options;
  const known = Object.keys(schema.fields);
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(data)) {
    const field = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
    if (!field && !schema.isOpen) {
      const near = suggest(key, known);
      throw place.at(key).error(`there is no key ${quoted(key)} here`, {
        hint: near === undefined ? `the keys are ${listed(known)}` : `did you mean ${near}?`,
      });
    }
    if (field && value !== null && value !== undefined) {
      result[key] = conform(value, field, { place: place.at(key), render });
    }
  }
  for (const [key, field] of Object.entries(schema.fields)) {
    if (field.required && !Object.hasOwn(result, key)) {
      throw place.error(`${quoted(key)} is missing`);
    }
  }
  return result;
}

function wrongType(value: unknown, schema: Schema, place: Place) {
  const word = place.word ?? (typeof value === "object" ? undefined : String(value));
  const found = describe(value, word);
  const problem = `${WANTED[schema.type]} is wanted, ${found} was found`;
  const isScalar = typeof value !== "object" || value instanceof Date;
  if (schema.type !== "string" || !isScalar || word === undefined) return place.error(problem);
  return place.error(problem, { hint: `put it in quotes to keep it as it is: ${quoted(word)}` });
}

const WANTED: Readonly<Record<Schema["type"], string>> = {
  any: "anything",
  string: "a string",
  boolean: "true or false",
  integer: "a whole number",
  list: "a list",
  map: "a map of strings",
  object: "a map",
};

function describe(value: unknown, word: string | undefined): string {
  if (value === null || value === undefined) return "nothing";
  if (value instanceof Date) return `the date ${word ?? value.toISOString()}`;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return `the string ${quoted(value)}`;
  if (typeof value === "object") return "a map";
  return `the ${typeof value} ${word}`;
}

/**
 * Tells whether data is a record: a map of YAML, an object of JSON.
 *
 * @param data Anything.
 * @returns True for what has string keys and no class of its own.
 */
export function isRecord(data: unknown): data is Record<string, unknown> {
  if (typeof data !== "object" || data === null || Array.isArray(data)) return false;
  const prototype: unknown = Object.getPrototypeOf(data);
  return prototype === null || prototype === Object.prototype;
}
