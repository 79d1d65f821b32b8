import { assertEquals, assertRejects } from "../../lib/std/assert.ts";
import type { Flags } from "../../lib/cli/flag.ts";
import { readAssignment, readCount, readText } from "../../lib/cli/readers.ts";
import { readWords } from "../../lib/cli/words.ts";
import { OciPushError } from "../../lib/oci/error.ts";

const FLAGS = {
  format: { kind: "value", placeholder: "FORMAT", read: readText, about: "" },
  size: { kind: "value", placeholder: "N", read: readText, env: "SIZE", about: "" },
  retries: { kind: "value", placeholder: "N", read: readCount(0), about: "" },
  annotation: { kind: "list", placeholder: "KEY=VALUE", read: readAssignment, about: "" },
  noOverwrite: { kind: "switch", about: "" },
  dryRun: { kind: "switch", about: "" },
  quiet: { kind: "switch", short: "q", about: "" },
  verbose: { kind: "counter", short: "v", about: "" },
} as const satisfies Flags;

const NOTHING = {
  format: undefined,
  size: undefined,
  retries: undefined,
  annotation: [] as [string, string][],
  noOverwrite: false,
  dryRun: false,
  quiet: false,
  verbose: 0,
};

function read(args: string[], env: Record<string, string> = {}) {
  return readWords(args, { flags: FLAGS, env: (name) => env[name] });
}

const understood: {
  does: string;
  args: string[];
  env?: Record<string, string>;
  names?: string[];
  values?: Partial<Record<keyof typeof FLAGS, unknown>>;
}[] = [
  { does: "finds nothing in nothing", args: [] },
  { does: "keeps names in order", args: ["b", "a"], names: ["b", "a"] },
  {
    does: "keeps numbers as they are typed",
    args: ["1.20", "0x1f", "1e3"],
    names: ["1.20", "0x1f", "1e3"],
  },
  { does: "takes a dash for a name", args: ["-"], names: ["-"] },
  {
    does: "takes flags between names",
    args: ["a", "-q", "b"],
    names: ["a", "b"],
    values: { quiet: true },
  },
  {
    does: "takes the next word for a value",
    args: ["--format", "json", "a"],
    names: ["a"],
    values: { format: "json" },
  },
  {
    does: "takes what is behind an equals sign",
    args: ["--format=json"],
    values: { format: "json" },
  },
  {
    does: "takes a value that is a number below zero",
    args: ["--size", "-1"],
    values: { size: "-1" },
  },
  { does: "takes the same behind an equals sign", args: ["--size=-1"], values: { size: "-1" } },
  { does: "takes a dash for a value", args: ["--size", "-"], values: { size: "-" } },
  {
    does: "takes a value that looks like no flag of its own",
    args: ["--format", "--x"],
    values: { format: "--x" },
  },
  { does: "takes true for a value", args: ["--format", "true"], values: { format: "true" } },
  {
    does: "does not take true for a switch's value",
    args: ["--dry-run", "true"],
    names: ["true"],
    values: { dryRun: true },
  },
  {
    does: "does not read --no-overwrite as the opposite of overwrite",
    args: ["--no-overwrite"],
    values: { noOverwrite: true },
  },
  {
    does: "takes a switch that stands twice",
    args: ["--dry-run", "--dry-run"],
    values: { dryRun: true },
  },
  { does: "counts", args: ["-v", "--verbose", "-vv"], values: { verbose: 4 } },
  { does: "takes letters together", args: ["-qv"], values: { quiet: true, verbose: 1 } },
  {
    does: "keeps equals signs, line ends and anything else in a value",
    args: ["--annotation", "a=b=c\nd", "--annotation=e=", "--annotation", "ü=✓ ,\"'"],
    values: { annotation: [["a", "b=c\nd"], ["e", ""], ["ü", "✓ ,\"'"]] },
  },
  {
    does: "ends flags at two dashes",
    args: ["-q", "--", "-v", "--size", "--"],
    names: ["-v", "--size", "--"],
    values: { quiet: true },
  },
  { does: "reads a number", args: ["--retries", "0"], values: { retries: 0 } },
  { does: "takes a variable for a flag", args: [], env: { SIZE: "7" }, values: { size: "7" } },
  {
    does: "takes the flag before the variable",
    args: ["--size=8"],
    env: { SIZE: "7" },
    values: { size: "8" },
  },
  { does: "takes an empty variable for none", args: [], env: { SIZE: "" } },
];
for (const { does, args, env = {}, names = [], values = {} } of understood) {
  Deno.test(`readWords() ${does}`, async () => {
    assertEquals(await read(args, env), { names, values: { ...NOTHING, ...values } as never });
  });
}

const refused: { args: string[]; env?: Record<string, string>; says: string; hint?: string }[] = [
  { args: ["--forma", "json"], says: "unknown flag --forma; did you mean --format?" },
  { args: ["--no-overwrit"], says: "unknown flag --no-overwrit; did you mean --no-overwrite?" },
  { args: ["--overwrite"], says: "unknown flag --overwrite; did you mean --no-overwrite?" },
  { args: ["--annotations=a=b"], says: "unknown flag --annotations; did you mean --annotation?" },
  { args: ["--zzz=secret"], says: "unknown flag --zzz" },
  { args: ["-x"], says: "unknown flag -x" },
  { args: ["-vx"], says: "unknown flag -x" },
  { args: ["-1"], says: "unknown flag -1" },
  { args: ["--_=x"], says: "unknown flag --_" },
  { args: ["--__proto__=x"], says: "unknown flag --__proto__" },
  { args: ["--constructor"], says: "unknown flag --constructor" },
  {
    args: ["--format"],
    says: "cannot use --format: its value is missing",
    hint: "write --format FORMAT",
  },
  { args: ["--format="], says: "cannot use --format: its value is missing" },
  { args: ["--format", ""], says: "cannot use --format: its value is missing" },
  { args: ["--format", "--size", "1"], says: "cannot use --format: its value is missing" },
  { args: ["--format", "--size=1"], says: "cannot use --format: its value is missing" },
  { args: ["--format=a", "--format", "b"], says: "cannot use --format: it is given 2 times" },
  { args: ["--dry-run=true"], says: "cannot use --dry-run with a value: it takes none" },
  { args: ["--no-overwrite=false"], says: "cannot use --no-overwrite with a value: it takes none" },
  { args: ["--retries", "-1"], says: 'cannot use --retries: "-1" does not fit' },
  { args: ["--annotation", "a"], says: 'cannot use --annotation: "a" has no "="' },
  {
    args: ["--annotation", "=a"],
    says: 'cannot use --annotation: "=a" has nothing before its "="',
  },
];
for (const { args, env = {}, says, hint } of refused) {
  Deno.test(`readWords() refuses ${JSON.stringify(args)}`, async () => {
    const error = await assertRejects(() => read(args, env), OciPushError);
    assertEquals([error.code, error.message], ["INVALID_ARGUMENT", says]);
    if (hint !== undefined) assertEquals(error.hint, hint);
  });
}
