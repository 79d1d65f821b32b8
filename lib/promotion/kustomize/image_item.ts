/**
 * Editing the lines of one entry in a kustomization's list of images.
 *
 * @module
 */

import type { Node, Scalar } from "npm:yaml@2.9.1";
import type { Yaml } from "../yaml.ts";
import { ENTRY_KEYS, type ImageEntry } from "./image_entry.ts";
import { applyEdits, type Edit, lineEnd, lineStart } from "./text_edit.ts";

/** How new lines are written. */
export interface ListStyle {
  /** Blanks before a dash. */
  indent: string;
  /** What ends a line. */
  newline: string;
  /** The library, handed around since it is loaded lazily. */
  yaml: Yaml;
}

/** An item of the list: its lines, with the comments above it. */
export interface Item {
  /** The image it is about; empty where it says none. */
  name: string;
  /** Where the comments above it begin. */
  start: number;
  /** Where its own first line begins. */
  line: number;
  /** After its last line. */
  end: number;
  /** What the lines mean. */
  node: Node;
}

/**
 * Writes an entry anew.
 *
 * @param entry The entry.
 * @param style How.
 * @returns Whole lines.
 */
export function newItem(entry: ImageEntry, { indent, newline, yaml }: ListStyle): string {
  const lines = ENTRY_KEYS.flatMap((key) => {
    const value = entry[key];
    return value === undefined ? [] : [`${key}: ${scalar(value, { yaml })}`];
  });
  return lines.map((line, index) => `${indent}${index === 0 ? "- " : "  "}${line}${newline}`)
    .join("");
}

/**
 * Makes an item another entry, keeping its comments, its order and what need not change.
 *
 * @param text The whole text.
 * @param entry What it becomes.
 * @param options The item, and how new lines are written.
 * @returns The item's lines anew, with the comments above it.
 */
export function replaceItem(
  text: string,
  entry: ImageEntry,
  { item, style }: { item: Item; style: ListStyle },
): string {
  const edits = editsOf(text, entry, { node: item.node, style });
  if (edits) return applyEdits(text, edits, item);
  // A form of its own, such as { name: app, newTag: v1 }: it becomes lines, its comments stay.
  const comments = commentsOf(item.node, style.yaml)
    .map((comment) => `${style.indent}#${comment}${style.newline}`).join("");
  return text.slice(item.start, item.line) + comments + newItem(entry, style);
}

/** The edits that make an item in block style the entry; undefined where it is in another form. */
function editsOf(
  text: string,
  entry: ImageEntry,
  { node, style }: { node: Node; style: ListStyle },
): Edit[] | undefined {
  const { yaml, newline } = style;
  const pairs = linesOf(text, node, yaml);
  if (!pairs || pairs[0]?.name !== "name") return undefined;
  const edits: Edit[] = [];
  const has = (key: string) => pairs.some(({ name }) => name === key);
  const indent = " ".repeat(pairs[0].keyStart - lineStart(text, pairs[0].keyStart));
  let after = pairs[0].end;
  const present = new Set<string>();
  for (const pair of pairs) {
    const key = keyFor(pair.name, { entry, has });
    const value = key === undefined ? undefined : entry[key];
    if (key === undefined || value === undefined) {
      const comment = pair.comment === "" ? "" : `${indent}${pair.comment}${newline}`;
      edits.push({ start: lineStart(text, pair.keyStart), end: pair.end, text: comment });
      continue;
    }
    present.add(key);
    if (key !== pair.name) edits.push({ start: pair.keyStart, end: pair.keyEnd, text: key });
    const written = scalar(value, { yaml, like: pair.value });
    if (written !== text.slice(...pair.valueRange)) {
      const [start, end] = pair.valueRange;
      edits.push({ start, end, text: written });
    }
    after = pair.end;
  }
  // A last line without a newline needs one before others can follow.
  const gap = text[after - 1] === "\n" ? "" : newline;
  const missing = ENTRY_KEYS.filter((key) => entry[key] !== undefined && !present.has(key));
  const lines = missing.map((key) => `${indent}${key}: ${scalar(entry[key] ?? "", { yaml })}`);
  if (lines.length > 0) {
    const added = lines.join(newline);
    edits.push({ start: after, end: after, text: gap ? gap + added : `${added}${newline}` });
  }
  return edits;
}

interface Line {
  name: string;
  keyStart: number;
  keyEnd: number;
  value: Scalar;
  valueRange: [number, number];
  comment: string;
  end: number;
}

/** The pairs of a map that has each of them on a line. */
function linesOf(text: string, node: Node, yaml: Yaml): Line[] | undefined {
  if (!yaml.isMap(node) || node.flow || node.anchor !== undefined) return undefined;
  const lines: Line[] = [];
  for (const { key, value } of node.items) {
    if (!yaml.isScalar(key) || !yaml.isScalar(value) || !key.range || !value.range) {
      return undefined;
    }
    const [start, valueEnd] = value.range;
    const end = lineEnd(text, valueEnd);
    const isOneLine = lineEnd(text, key.range[0]) === end && value.anchor === undefined;
    if (!isOneLine || start === valueEnd) return undefined;
    lines.push({
      name: String(key.value),
      keyStart: key.range[0],
      keyEnd: key.range[1],
      value,
      valueRange: [start, valueEnd],
      comment: text.slice(valueEnd, end).trim(),
      end,
    });
  }
  return lines;
}

/** A tag that becomes a digest, or a digest that becomes a tag, keeps its line. */
function keyFor(
  name: string,
  { entry, has }: { entry: ImageEntry; has: (key: string) => boolean },
): keyof ImageEntry | undefined {
  const key = ENTRY_KEYS.find((known) => known === name);
  if (key === undefined || entry[key] !== undefined) return key;
  const other = key === "newTag" ? "digest" : key === "digest" ? "newTag" : undefined;
  return other !== undefined && entry[other] !== undefined && !has(other) ? other : undefined;
}

/** A scalar that every YAML reader takes for a string, quoted as the one it replaces was. */
function scalar(value: string, { yaml, like }: { yaml: Yaml; like?: Scalar }): string {
  const type = like?.type;
  const style = type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE"
    ? { defaultStringType: type }
    : {};
  return yaml.stringify(value, { schema: "yaml-1.1", lineWidth: 0, ...style }).trimEnd();
}

function commentsOf(node: Node, yaml: Yaml): string[] {
  const comments: string[] = [];
  const add = (comment: string | null | undefined) => {
    if (comment) comments.push(...comment.split("\n"));
  };
  yaml.visit(node, {
    Node(_, inner) {
      // What stands above the item is in the text before it already.
      if (inner !== node) add(inner.commentBefore);
      add(inner.comment);
    },
  });
  return comments;
}
