/**
 * Setting images in a kustomization, whose comments, order and formatting stay.
 *
 * @module
 */

import type { Document, Pair, YAMLSeq } from "npm:yaml@2.9.1";
import { OciPushError } from "../../oci/error.ts";
import type { Place } from "../place.ts";
import { isRecord } from "../schema.ts";
import type { Yaml } from "../yaml.ts";
import { byName, type ImageEntry, withKept } from "./image_entry.ts";
import { editList, newList } from "./image_list.ts";
import { lineEnd, newlineOf } from "./text_edit.ts";

/** Options of {@linkcode setImages}. */
export interface SetImagesOptions {
  /** The file, for errors. */
  place: Place;
}

/**
 * Sets images in a kustomization.
 *
 * Each entry replaces the one of the same name; the list is sorted by name. Everything else keeps
 * its bytes: the text is edited, not written anew, unless its `images` are in an odd form.
 *
 * @param text The kustomization.
 * @param images What the images become, each name once.
 * @param options The file, for errors.
 * @returns The new text, and the entries with what they kept.
 * @throws {OciPushError} `INVALID_DOCUMENT` for a text that is no kustomization.
 */
export async function setImages(
  text: string,
  images: readonly ImageEntry[],
  options: SetImagesOptions,
): Promise<{ text: string; images: ImageEntry[] }> {
  const { place } = options;
  const yaml = await import("npm:yaml@2.9.1");
  try {
    const document = parse(text, yaml);
    const before = read(document, place);
    const entries = images.map((entry) => withKept(entry, find(before.images, entry.name)));
    const expected = { ...before, images: merge(before.images, entries) };
    // What cannot be edited is written anew, and neither is believed before it is read again.
    for (const write of [editText, rewrite]) {
      const result = write(text, entries, { yaml, document });
      if (result !== undefined && isAsExpected(result, { expected, yaml })) {
        return { text: result, images: entries };
      }
    }
  } catch (cause) {
    if (cause instanceof OciPushError) throw cause;
    throw place.error((cause as Error).message);
  }
  throw place.error("its images are written in a way that cannot be edited", {
    hint: "write them as a list of name, newName, newTag and digest, without anchors",
  });
}

/** A text that was read, with the library that read it. */
interface Parsed {
  yaml: Yaml;
  document: Document;
}

/** With the failsafe schema every scalar is text: `newTag: 1.20` stays what it is. */
function parse(text: string, yaml: Yaml): Document {
  const options = { schema: "failsafe", keepSourceTokens: true, prettyErrors: false } as const;
  const [document = new yaml.Document(null, options), second] = yaml.parseAllDocuments(
    text,
    options,
  );
  const [error] = document.errors;
  if (error) {
    const line = text.slice(0, error.pos[0]).split("\n").length;
    throw new SyntaxError(`line ${line} is no YAML: ${error.message}`);
  }
  if (second) throw new SyntaxError("it holds several YAML documents");
  return document;
}

type Content = Record<string, unknown> & { images: object[] };

function read(document: Document, place: Place): Content {
  const data: unknown = document.toJS() ?? {};
  if (!isRecord(data)) throw place.error("a kustomization is a map");
  const images = data.images === "" ? [] : data.images ?? [];
  if (!Array.isArray(images) || !images.every(isRecord)) {
    throw place.at("images").error("a list of maps is wanted there");
  }
  return { ...data, images };
}

function find(images: readonly object[], name: string): Record<string, unknown> | undefined {
  return images.filter(isRecord).find((image) => image.name === name);
}

function merge(images: readonly object[], entries: readonly ImageEntry[]): object[] {
  const others = images.filter((image) => entries.every(({ name }) => !find([image], name)));
  return [...others, ...entries].toSorted(byName);
}

/** Edits the text where `images` is absent, empty, or a list in block style. */
function editText(
  text: string,
  entries: readonly ImageEntry[],
  { yaml, document }: Parsed,
): string | undefined {
  const root = document.contents;
  const isEmpty = root === null || (yaml.isScalar(root) && !root.source);
  if (!isEmpty && (!yaml.isMap(root) || root.flow)) return undefined;
  const newline = newlineOf(text);
  const pairs: Pair[] = yaml.isMap(root) ? root.items : [];
  const pair = pairs.find(({ key }) => yaml.isScalar(key) && key.value === "images");
  const style = { indent: listIndent(pairs, { text, yaml }), newline, yaml };
  if (!pair) {
    // After a document end marker nothing may follow.
    if (/^\.\.\./m.test(text)) return undefined;
    const gap = text === "" || text.endsWith("\n") ? "" : newline;
    return `${text}${gap}images:${newline}${newList(entries, style)}`;
  }
  const { key, value } = pair;
  if (yaml.isSeq(value) && !value.flow) return editList(text, entries, { list: value, ...style });
  const isUnset = yaml.isScalar(value) ? value.value === "" : isEmptyList(value, yaml);
  if (!isUnset || !yaml.isNode(key) || !yaml.isNode(value)) return undefined;
  const start = text.indexOf(":", key.range?.[1]) + 1;
  const valueEnd = value.range?.[1] ?? start;
  const end = lineEnd(text, valueEnd);
  const rest = text.slice(Math.max(start, valueEnd), end).trimEnd();
  const list = newList(entries, style);
  return `${text.slice(0, start)}${rest}${newline}${list}${text.slice(end)}`;
}

function isEmptyList(value: unknown, yaml: Yaml): value is YAMLSeq {
  return yaml.isSeq(value) && value.items.length === 0;
}

/** New lists are indented as the file's others are. */
function listIndent(pairs: readonly Pair[], { text, yaml }: { text: string; yaml: Yaml }): string {
  for (const { value } of pairs) {
    if (!yaml.isSeq(value) || value.flow || !value.range) continue;
    const line = text.slice(text.lastIndexOf("\n", value.range[0]) + 1, value.range[0]);
    if (/^ *$/.test(line)) return line;
  }
  return "";
}

/** Leaves the writing to the library, which keeps comments but not every blank. */
function rewrite(
  text: string,
  entries: readonly ImageEntry[],
  { yaml, document }: Parsed,
): string | undefined {
  if (!yaml.isMap(document.contents)) return undefined;
  const list = document.get("images", true);
  const nodes: unknown[] = yaml.isSeq(list) ? list.items : [];
  const nameOf = (node: unknown) => String(yaml.isMap(node) ? node.get("name") : "");
  const kept = nodes.filter((node) => entries.every(({ name }) => name !== nameOf(node)));
  const added = entries.map((entry) => {
    const node = document.createNode(entry);
    const old = nodes.find((other) => nameOf(other) === entry.name);
    if (yaml.isNode(old) && old.commentBefore) node.commentBefore = old.commentBefore;
    yaml.visit(node, {
      Scalar(_, scalar) {
        if (needsQuotes(String(scalar.value), yaml)) scalar.type = "QUOTE_DOUBLE";
      },
    });
    return node;
  });
  const sorted = [...kept, ...added].toSorted((a, b) =>
    byName({ name: nameOf(a) }, { name: nameOf(b) })
  );
  const fresh = new yaml.YAMLSeq(document.schema);
  fresh.items = sorted;
  document.set("images", fresh);
  return document.toString({ lineWidth: 0 }).replaceAll("\n", newlineOf(text));
}

function needsQuotes(text: string, yaml: Yaml): boolean {
  return yaml.stringify(text, { schema: "yaml-1.1", lineWidth: 0 }).trimEnd() !== text;
}

function isAsExpected(text: string, options: { expected: Content; yaml: Yaml }): boolean {
  const { expected, yaml } = options;
  try {
    const { images, ...others } = parse(text, yaml).toJS() as Content;
    const { images: wanted, ...rest } = expected;
    return JSON.stringify([sorted(images), others]) === JSON.stringify([sorted(wanted), rest]);
  } catch {
    return false;
  }
}

/** The order of the keys in an entry is free. */
function sorted(images: readonly object[]): unknown[] {
  return images.map((image) => Object.entries(image).toSorted());
}
