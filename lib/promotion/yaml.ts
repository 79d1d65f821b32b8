/**
 * Reading YAML with the line of everything in it.
 *
 * @module
 */

import type { Document, LineCounter, Node, Tags } from "npm:yaml@2.9.1";
import { OciPushError } from "../oci/error.ts";
import { type Path, Place } from "./place.ts";
import { isRecord } from "./schema.ts";

/** One document of a YAML text, as plain data. */
export interface YamlDocument {
  /** Null, scalars, dates, arrays and records. */
  data: unknown;
  /** Its top. */
  place: Place;
}

/** Options of {@linkcode readYaml}. */
export interface ReadYamlOptions {
  /** The file's name, for errors. */
  file?: string | undefined;
}

const MAX_LENGTH = 4 * 1024 * 1024;
const MAX_ALIASES = 100;

/**
 * Reads every document of a YAML or JSON text that is not empty.
 *
 * YAML 1.1 is what Kubernetes reads: `yes` is a boolean, `1_000` a number, `2024-01-01` a date.
 * Where a string is wanted, all of these are refused later, so nothing changes its looks unseen.
 *
 * @param text The text.
 * @param options What to call it.
 * @returns The documents in order.
 * @throws {OciPushError} `INVALID_DOCUMENT`, with the line, for what does not parse.
 */
export async function readYaml(
  text: string,
  options: ReadYamlOptions = {},
): Promise<YamlDocument[]> {
  const { file } = options;
  const top = new Place({ file });
  if (text.length > MAX_LENGTH) throw top.error(`it is larger than ${MAX_LENGTH} characters`);
  // Only a promotion needs it, and it takes longer to load than all the rest.
  const yaml = await import("npm:yaml@2.9.1");
  const lines = new yaml.LineCounter();
  try {
    const documents = yaml.parseAllDocuments(text, {
      schema: "yaml-1.1",
      customTags: (tags) => tags.map(numbersHaveDigits),
      stringKeys: true,
      prettyErrors: false,
      lineCounter: lines,
    });
    return [...documents].flatMap((document) => {
      const [error] = document.errors;
      if (error) {
        const line = lines.linePos(error.pos[0]).line;
        throw new Place({ ...top.source, lineOf: () => line }).error(
          `line ${line} is no YAML: ${error.message}`,
        );
      }
      const data: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
      if (data === null || data === undefined) return [];
      return [{ data, place: placeOf(document, { file, lines, yaml }) }];
    });
  } catch (cause) {
    if (cause instanceof OciPushError) throw cause;
    throw top.error(`it is no YAML: ${(cause as Error).message}`);
  }
}

/**
 * Takes a List, as `kubectl get` prints several objects, apart.
 *
 * @param document Any document.
 * @returns The items of a List with their places, or the document itself.
 */
export function itemsOf(document: YamlDocument): YamlDocument[] {
  const { data, place } = document;
  if (!isRecord(data) || !String(data.kind).endsWith("List") || !Array.isArray(data.items)) {
    return [document];
  }
  return data.items.map((item, index) => ({ data: item, place: place.at("items").at(index) }));
}

/** The library, handed around where it has been loaded. */
export type Yaml = typeof import("npm:yaml@2.9.1");

/** By the letter of YAML 1.1 a lone `.` is a number; nobody who writes `path: .` means one. */
function numbersHaveDigits(tag: Tags[number]): Tags[number] {
  if (typeof tag !== "object" || !tag.test?.test(".")) return tag;
  return { ...tag, test: new RegExp(`(?=.*[0-9])${tag.test.source}`) } as typeof tag;
}

function placeOf(
  document: Document,
  options: { file: string | undefined; lines: LineCounter; yaml: Yaml },
): Place {
  const { file, lines, yaml } = options;
  return new Place({
    file,
    lineOf(path) {
      const { offset } = find(document, { path, yaml });
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
    wordOf(path) {
      const { node, isWhole } = find(document, { path, yaml });
      return isWhole && yaml.isScalar(node) ? node.source : undefined;
    },
  });
}

/** Goes down a path as far as the text does. */
function find(document: Document, { path, yaml }: { path: Path; yaml: Yaml }) {
  let node: Node | null | undefined = document.contents;
  let offset = node?.range?.[0];
  for (const key of path) {
    if (yaml.isAlias(node)) node = node.resolve(document);
    let next: unknown;
    if (yaml.isSeq(node) && typeof key === "number") next = node.items[key];
    else if (yaml.isMap(node)) {
      const pair = node.items.find(({ key: name }) => yaml.isScalar(name) && name.value === key);
      if (yaml.isNode(pair?.key)) offset = pair.key.range?.[0] ?? offset;
      next = pair?.value;
      if (pair && !yaml.isNode(next)) return { node: undefined, offset, isWhole: false };
    }
    if (!yaml.isNode(next)) return { node: undefined, offset, isWhole: false };
    if (typeof key === "number") offset = next.range?.[0] ?? offset;
    node = next;
  }
  return { node, offset, isWhole: true };
}
