/**
 * The words of a command line, by what the command declares.
 *
 * @module
 */

import { parseArgs } from "../std/cli.ts";
import { type Flag, flagName, type Flags, type Values } from "./flag.ts";
import type { Io } from "./io.ts";
import { usageError } from "./usage_error.ts";

/** A command line, understood. */
export interface Words<F extends Flags> {
  /** Words that are no flags: references, files, hosts. */
  names: string[];
  /** What the flags say. */
  values: Values<F>;
}

/** Options of {@linkcode readWords}. */
export interface ReadWordsOptions<F extends Flags> {
  /** What is declared. */
  flags: F;
  /** Reads the environment, for flags that a variable may stand in for. */
  env: Io["env"];
}

/** Flags by the names that are typed. */
type Table = Map<string, { key: string; flag: Flag }>;

/**
 * Sorts and understands the words behind a command's name.
 *
 * A value stands behind `=` or is the next word, whatever that begins with. A flag for one value
 * that stands twice is an error, since one of the two was not meant.
 *
 * @param args What was typed.
 * @param options What is declared.
 * @returns Names and values.
 * @throws {OciPushError} `INVALID_ARGUMENT` for an unknown flag, naming the nearest one, and for a
 * value that is missing, superfluous or makes no sense.
 */
export async function readWords<F extends Flags>(
  args: readonly string[],
  options: ReadWordsOptions<F>,
): Promise<Words<F>> {
  const { flags, env } = options;
  const table: Table = new Map(
    Object.entries(flags).map(([key, flag]) => [flagName(key), { key, flag }]),
  );
  const names = (kinds: Flag["kind"][]) =>
    [...table].filter(([, { flag }]) => kinds.includes(flag.kind)).map(([name]) => name.slice(2));
  const unknown: string[] = [];
  const parsed = parseArgs(settle(args, table), {
    boolean: names(["switch", "counter"]),
    string: names(["value", "list"]),
    collect: [...table.keys()].map((name) => name.slice(2)),
    alias: Object.fromEntries(
      [...table].flatMap(([name, { flag: { short } }]) => short ? [[name.slice(2), short]] : []),
    ),
    "--": true,
    unknown(word, key) {
      unknown.push(word.startsWith("--") ? word.split("=")[0]! : `-${key}`);
      return false;
    },
  });
  if (unknown[0] !== undefined) throw await unknownFlag(unknown[0], table);

  const values: Record<string, unknown> = {};
  for (const [name, { key, flag }] of table) {
    const given = parsed[name.slice(2)] as unknown[];
    values[key] = understand(flag, { name, given, env });
  }
  return { names: parsed["--"] as string[], values: values as Values<F> };
}

/**
 * Leaves parseArgs nothing to guess: it takes no value that begins with a dash, and takes the word
 * behind a switch for its value. So values are joined to their flags, and names go to the end.
 */
function settle(args: readonly string[], table: Table): string[] {
  const flags: string[] = [];
  const names: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === "--") {
      names.push(...args.slice(i + 1));
      break;
    }
    if (!word.startsWith("-") || word === "-") {
      names.push(word);
      continue;
    }
    const [name = ""] = word.split("=", 1);
    const flag = table.get(name)?.flag;
    const hasValue = word !== name;
    if (!flag || takesValue(flag) === hasValue) {
      flags.push(word);
    } else if (hasValue) {
      throw usageError(`cannot use ${name} with a value: it takes none`, `write ${name} alone`);
    } else {
      const value = args[++i];
      if (value === undefined || table.has(value.split("=", 1)[0]!)) throw noValue(name, flag);
      flags.push(`${name}=${value}`);
    }
  }
  return [...flags, "--", ...names];
}

function understand(
  flag: Flag,
  { name, given, env }: { name: string; given: unknown[]; env: Io["env"] },
): unknown {
  switch (flag.kind) {
    case "switch":
      return given.length > 0;
    case "counter":
      return given.length;
    case "list":
      return given.map((text) => flag.read(filled(text, { name, flag }), name));
    case "value": {
      if (given.length > 1) {
        throw usageError(`cannot use ${name}: it is given ${given.length} times`, "give it once");
      }
      if (given.length === 1) return flag.read(filled(given[0], { name, flag }), name);
      const stored = flag.env && env(flag.env);
      return stored ? flag.read(stored, flag.env!) : undefined;
    }
  }
}

function filled(text: unknown, { name, flag }: { name: string; flag: Flag }): string {
  if (text === "") throw noValue(name, flag);
  return String(text);
}

function takesValue(flag: Flag): boolean {
  return flag.kind === "value" || flag.kind === "list";
}

function noValue(name: string, flag: Flag) {
  const placeholder = "placeholder" in flag ? flag.placeholder : "";
  return usageError(`cannot use ${name}: its value is missing`, `write ${name} ${placeholder}`);
}

async function unknownFlag(typed: string, table: Table) {
  const { suggest } = await import("../oci/suggest.ts");
  const likely = suggest(typed, table.keys());
  return usageError(
    `unknown flag ${typed}${likely ? `; did you mean ${likely}?` : ""}`,
    "--help lists the flags",
  );
}
