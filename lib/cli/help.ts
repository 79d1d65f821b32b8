/**
 * Help, from what a command declares.
 *
 * @module
 */

import type { Command } from "./command.ts";
import { type Flag, flagName } from "./flag.ts";

/** Where the second column begins: behind the longest flag. */
const COLUMN = 34;
const WIDTH = 79;

/**
 * The help of a command: how it is called, examples, flags by group, where to read more.
 *
 * @param command The command.
 * @returns Lines with their ends; under 80 columns as long as the declarations are short enough.
 */
export function formatHelp(command: Omit<Command, "read">): string {
  const { usage, summary, examples, groups, alsoAs, page } = command;
  return [
    `usage: oci-push ${usage}`,
    summary,
    "",
    ...examples.map((example) => `  oci-push ${example}`),
    ...groups.flatMap(({ title, flags }) => [
      "",
      `${title}:`,
      ...Object.entries(flags).map(formatFlag),
    ]),
    ...(alsoAs
      ? ["", `As in oci-push ${alsoAs.command} --help:`, ...listFlags(alsoAs.groups)]
      : []),
    "",
    `More: ${docsLink(page)}`,
    "",
  ].join("\n");
}

/**
 * Where a page of the documentation is: beside the code, wherever that was loaded from.
 *
 * @param page Its name in `docs/`.
 * @param base The URL of this module.
 * @returns An address for code from the web, else the path in a checkout.
 */
export function docsLink(page: string, base: string = import.meta.url): string {
  return /^https?:/.test(base) ? new URL(`../../docs/${page}`, base).href : `docs/${page}`;
}

function formatFlag([key, flag]: [string, Flag]): string {
  const short = flag.short ? `-${flag.short}, ` : "";
  const placeholder = "placeholder" in flag ? ` ${flag.placeholder}` : "";
  return `  ${short}${flagName(key)}${placeholder}`.padEnd(COLUMN) + flag.about;
}

function listFlags(groups: Command["groups"]): string[] {
  const lines: string[] = [];
  for (const name of groups.flatMap(({ flags }) => Object.keys(flags).map(flagName))) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + name.length > WIDTH) lines.push(`  ${name}`);
    else lines[lines.length - 1] = `${line} ${name}`;
  }
  return lines;
}
