/**
 * Words of a command line, by what the command declares.
 *
 * @module
 */

import { parseArgs } from "../std/cli.ts";
import { type Command, type Option, type ParsedWords, usageError } from "./command.ts";

/**
 * Sorts the words behind a command's name.
 *
 * A value may stand behind `=` or as the next word, whatever it begins with. An option that takes
 * one value and stands twice is an error, since one of the two was not meant.
 *
 * @param words What was typed.
 * @param command What is declared.
 * @returns Words, values, flags.
 * @throws {OciPushError} `INVALID_ARGUMENT` for an unknown option, with the nearest one, and for a
 * missing or superfluous value.
 */
export async function parseWords(
  words: readonly string[],
  command: Pick<Command, "groups">,
): Promise<ParsedWords> {
  const options = [
    ...command.groups.flatMap((group) => group.options),
    { name: "help", short: "h", help: "" },
  ];
  const unknown: string[] = [];
  const parsed = parseArgs(joinValues(words, options), {
    string: [...options.filter(({ value }) => value).map(({ name }) => name), "_"],
    boolean: options.filter(({ value }) => !value).map(({ name }) => name),
    collect: options.map(({ name }) => name),
    "--": true,
    unknown(word, key) {
      if (key === undefined) return true;
      unknown.push(word);
      return false;
    },
  });
  if (unknown[0] !== undefined) throw await unknownOption(unknown[0], options);

  const values: Record<string, string[]> = {};
  const flags: Record<string, number> = {};
  for (const { name, value, repeat } of options) {
    const given = parsed[name] as (string | boolean)[];
    if (!value) {
      flags[name] = given.filter((set) => set === true).length;
      continue;
    }
    if (given.length === 0) continue;
    if (given.length > 1 && !repeat) {
      throw usageError(`--${name} is given ${given.length} times`, "leave all but one of them out");
    }
    values[name] = given.map(String);
  }
  const positional = [...parsed._.map(String), ...parsed["--"] as string[]];
  return { positional, values, flags };
}

/** `--name value` as `--name=value`, and short options by their names: nothing is left to guess. */
function joinValues(words: readonly string[], options: Option[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    if (word === "--") return [...joined, ...words.slice(i)];
    const letters = /^-([a-z]+)$/.exec(word)?.[1];
    const shorts = letters && [...letters].map((letter) => options.find((o) => o.short === letter));
    if (shorts && shorts.every((option) => option && !option.value)) {
      joined.push(...shorts.map((option) => `--${option!.name}`));
      continue;
    }
    const [, name = "", given] = /^--([^=]+)(=?)/s.exec(word) ?? [];
    const option = options.find((option) => option.name === name);
    if (option?.value && !given) {
      const value = words[++i];
      if (value === undefined) {
        throw usageError(`--${name} needs a value`, `--${name} ${option.value}`);
      }
      joined.push(`${word}=${value}`);
    } else if (option && !option.value && given) {
      throw usageError(`--${name} takes no value`, `write --${name}`);
    } else {
      joined.push(word);
    }
  }
  return joined;
}

async function unknownOption(word: string, options: Option[]) {
  const typed = word.split("=")[0]!;
  const { suggest } = await import("../oci/suggest.ts");
  const likely = suggest(typed, options.map(({ name }) => `--${name}`));
  return usageError(
    `unknown option ${typed}${likely ? `; did you mean ${likely}?` : ""}`,
    "--help lists the options",
  );
}
