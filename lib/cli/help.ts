/**
 * Help, from what a command declares.
 *
 * @module
 */

import type { Command, Option } from "./command.ts";

const WIDTH = 79;
const COLUMN = 31;

/**
 * The help of a command: what it does, examples, options by group, where to read more.
 *
 * @param command The command.
 * @returns Lines of at most 79 columns.
 */
export function formatHelp(command: Command): string {
  const { usage, summary, examples, groups, page } = command;
  return [
    `usage: oci-push ${usage}`,
    "",
    ...wrap(summary, WIDTH),
    "",
    ...examples.map((example) => `  $ oci-push ${example}`),
    ...groups.flatMap(({ title, options }) => ["", `${title}:`, ...options.flatMap(formatOption)]),
    "",
    `More: docs/${page}`,
    "",
  ].join("\n");
}

function formatOption({ name, short, value, help }: Option): string[] {
  const left = `  ${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
  const lines = wrap(help, WIDTH - COLUMN);
  if (left.length >= COLUMN - 1) return [left, ...lines.map((line) => " ".repeat(COLUMN) + line)];
  return lines.map((line, i) => (i === 0 ? left : "").padEnd(COLUMN) + line);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line && line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = line ? `${line} ${word}` : word;
  }
  return lines;
}
