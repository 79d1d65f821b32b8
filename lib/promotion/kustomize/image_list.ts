/**
 * Editing the text of a kustomization's list of images, line by line.
 *
 * @module
 */

import type { Node, YAMLSeq } from "npm:yaml@2.9.1";
import type { Yaml } from "../yaml.ts";
import { byName, type ImageEntry } from "./image_entry.ts";
import { type Item, type ListStyle, newItem, replaceItem } from "./image_item.ts";
import { lineEnd, lineStart } from "./text_edit.ts";

/**
 * Writes a list of its own.
 *
 * @param entries The entries.
 * @param style How.
 * @returns Whole lines, sorted by name.
 */
export function newList(entries: readonly ImageEntry[], style: ListStyle): string {
  return entries.toSorted(byName).map((entry) => newItem(entry, style)).join("");
}

/**
 * Edits a list in block style: entries of the same name are replaced, others added, all sorted.
 *
 * @param text The whole text.
 * @param entries The new entries.
 * @param options The list's node, and how new lines are written.
 * @returns The whole text anew; undefined where the list is in a form that is not known here.
 */
export function editList(
  text: string,
  entries: readonly ImageEntry[],
  options: ListStyle & { list: YAMLSeq },
): string | undefined {
  const { list, newline, yaml } = options;
  const items = readItems(text, list, yaml);
  const [first] = items ?? [];
  if (!items || !first) return undefined;
  const style = { newline, yaml, indent: text.slice(first.line, text.indexOf("-", first.line)) };

  const pieces: { name: string; text: string }[] = [];
  const done = new Set<string>();
  for (const item of items) {
    const entry = entries.find(({ name }) => name === item.name);
    if (!entry) pieces.push({ name: item.name, text: text.slice(item.start, item.end) });
    else if (!done.has(item.name)) {
      pieces.push({ name: item.name, text: replaceItem(text, entry, { item, style }) });
      done.add(item.name);
    }
  }
  for (const entry of entries) {
    if (!done.has(entry.name)) pieces.push({ name: entry.name, text: newItem(entry, style) });
  }
  const end = items.at(-1)?.end ?? first.end;
  const body = pieces.toSorted(byName)
    .map((piece) => piece.text.endsWith("\n") ? piece.text : `${piece.text}${newline}`).join("");
  const isUnended = end === text.length && !text.endsWith("\n");
  const lines = isUnended ? body.slice(0, -newline.length) : body;
  return `${text.slice(0, first.start)}${lines}${text.slice(end)}`;
}

/** A comment above a dash belongs to the item below it, one indented deeper to the item above. */
function readItems(text: string, list: YAMLSeq, yaml: Yaml): Item[] | undefined {
  const token = list.srcToken;
  if (token?.type !== "block-seq") return undefined;
  const items: Item[] = [];
  for (const [index, node] of list.items.entries()) {
    const dash = token.items[index]?.start.find(({ type }) => type === "seq-item-ind");
    if (!dash || !yaml.isNode(node)) return undefined;
    const line = lineStart(text, dash.offset);
    const indent = text.slice(line, dash.offset);
    const contentEnd = endOf(node, yaml);
    if (contentEnd === undefined || indent.trim() !== "") return undefined;
    let end = text[contentEnd - 1] === "\n" ? contentEnd : lineEnd(text, contentEnd);
    for (let next = end; next < text.length;) {
      const nextEnd = lineEnd(text, next);
      const [, blanks = "", comment] = /^( *)(#?)/.exec(text.slice(next, nextEnd)) ?? [];
      const isBlank = text.slice(next, nextEnd).trim() === "";
      if (!isBlank && (comment === "" || blanks.length <= indent.length)) break;
      if (!isBlank) end = nextEnd;
      next = nextEnd;
    }
    const name = String(yaml.isMap(node) ? node.get("name") : "");
    items.push({ name, start: items.at(-1)?.end ?? line, line, end, node });
  }
  const [first] = items;
  if (first) first.start = firstStart(text, first.line);
  return items;
}

/** Comments right above the first item are its own. */
function firstStart(text: string, line: number): number {
  let start = line;
  while (start > 0) {
    const above = lineStart(text, start - 1);
    if (!/^(?:#.*)?$/.test(text.slice(above, start).trim())) break;
    start = above;
  }
  return start;
}

/** Where the last scalar in a node ends; a collection's own range takes in what follows it. */
function endOf(node: Node, yaml: Yaml): number | undefined {
  if (yaml.isMap(node) && !node.flow) {
    const last = node.items.at(-1);
    const deepest = yaml.isNode(last?.value) ? last.value : last?.key;
    return yaml.isNode(deepest) ? endOf(deepest, yaml) : undefined;
  }
  if (yaml.isSeq(node) && !node.flow) {
    const last = node.items.at(-1);
    return yaml.isNode(last) ? endOf(last, yaml) : undefined;
  }
  return node.range?.[1];
}
