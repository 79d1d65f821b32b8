/**
 * `oci-push promote`: promotion steps from a file.
 *
 * @module
 */

import type { CopyOptions } from "../copy_request.ts";
import { OciPushError } from "../oci/error.ts";
import { describeResult, type PromotionEvent, type PromotionResult } from "../promotion/event.ts";
import type { Freight } from "../promotion/freight.ts";
import { promote } from "../promotion/promote.ts";
import { resolveDigest } from "../resolve.ts";
import { type Command, type Context, type ParsedWords, usageError, valueOf } from "./command.ts";
import { CONNECTION_GROUPS, OUTPUT_GROUP, readOptions, TRANSFER_GROUP } from "./copy_options.ts";
import { exitCodeOf } from "./exit_code.ts";
import { Interrupted } from "./run_command.ts";
import { logLine } from "./output/log.ts";
import { printError } from "./output/print_error.ts";
import { formatDuration } from "./units.ts";

/** Options of a copy that mean nothing to a whole promotion. */
const NOT_HERE = ["github-output", "output-file", "progress", "log-format"];

/** The command. */
export const command: Command = {
  usage: "promote FILE [options]",
  summary: "Runs promotion steps as Kargo documents them, without a cluster.",
  examples: [
    "promote steps.yaml --freight freight.yaml --stage prod",
    "promote steps.yaml --image sandbox.example.com/app:v1.2.3",
  ],
  groups: [
    {
      title: "Promotion",
      options: [
        { name: "freight", value: "FILE", repeat: true, help: "a Freight, a List, or several" },
        {
          name: "target-freight",
          value: "NAME",
          help: "which one is ctx.targetFreight (the first)",
        },
        {
          name: "image",
          value: "REPO:TAG@DIGEST",
          repeat: true,
          help: "freight by hand",
        },
        { name: "project", value: "NAME", help: "ctx.project" },
        { name: "stage", value: "NAME", help: "ctx.stage" },
        { name: "promotion", value: "NAME", help: "ctx.promotion" },
        { name: "var", value: "K=V", repeat: true, help: "vars.K, stronger than the document's" },
        { name: "workdir", value: "DIR", help: "the folder that paths of steps are in (.)" },
        { name: "dry-run", help: "evaluate and plan everything, write nothing" },
      ],
    },
    ...CONNECTION_GROUPS,
    {
      ...TRANSFER_GROUP,
      options: TRANSFER_GROUP.options.filter(({ name }) => name !== "verify" && name !== "workers"),
    },
    {
      ...OUTPUT_GROUP,
      options: OUTPUT_GROUP.options.filter(({ name }) => !NOT_HERE.includes(name)),
    },
  ],
  page: "promotions.md",
  run,
};

async function run(words: ParsedWords, context: Context): Promise<number> {
  const { io } = context;
  const [file, ...rest] = words.positional;
  if (file === undefined) throw usageError("no file is given", "name the file with the steps");
  if (rest.length > 0) throw usageError(`${rest.join(" ")}: one file is enough`);
  const verbosity = words.flags.quiet ? -1 : words.flags.verbose ?? 0;
  const options: CopyOptions = {
    ...await readOptions(words, context),
    ...(words.flags["insecure-skip-tls-verify"] && {
      source: { insecureSkipTLSVerify: true },
      destination: { insecureSkipTLSVerify: true },
    }),
    onEvent(event) {
      const line = logLine(event, verbosity);
      if (line !== undefined) io.err(`    ${line}\n`);
    },
  };
  const targetFreight = valueOf(words, "target-freight");
  const workdir = valueOf(words, "workdir");
  const result = await promote(await readFile(file), {
    copy: options,
    freight: await readFreights(words, options),
    ...(targetFreight !== undefined && { targetFreight }),
    ctx: Object.fromEntries(
      ["project", "stage", "promotion"].flatMap((name) => {
        const value = valueOf(words, name);
        return value === undefined ? [] : [[name, value]];
      }),
    ),
    vars: readVars(words),
    ...(workdir !== undefined && { workdir }),
    dryRun: Boolean(words.flags["dry-run"]),
    file,
    ...(options.signal && { signal: options.signal }),
    onEvent(event) {
      const line = stepLine(event);
      if (line !== undefined && verbosity >= 0) io.err(`${line}\n`);
    },
  });
  return print(result, { words, context });
}

function print(
  result: PromotionResult,
  { words, context: { io, signal } }: { words: ParsedWords; context: Context },
): number {
  const json = valueOf(words, "format") === "json";
  const failed = result.steps.filter(({ status }) => status === "Failed" || status === "Errored");
  if (json) {
    io.out(`${JSON.stringify(result)}\n`);
  } else {
    for (const { error } of failed) {
      if (error) printError(OciPushError.fromJSON(error), { io, json: false });
    }
    if (words.flags["dry-run"]) io.out(describeDryRun(result));
    if (!words.flags.quiet) io.err(`${result.status}: ${describeResult(result)}\n`);
  }
  switch (result.status) {
    case "Succeeded":
      return 0;
    case "Errored":
      return 75;
    case "Aborted":
      return signal.reason instanceof Interrupted
        ? signal.reason.exitCode
        : exitCodeOf(signal.reason);
    default:
      return 1;
  }
}

function stepLine(event: PromotionEvent): string | undefined {
  switch (event.type) {
    case "step-start":
      return `[${event.index + 1}/${event.total}] ${event.alias} (${event.uses})`;
    case "step-retry":
      return `    ${event.error.message}; try ${event.attempt + 1} in ${
        formatDuration(event.wait)
      }`;
    case "step-end": {
      const { result, index, total, elapsed, summary } = event;
      const output = Object.entries(result.output).map(([key, value]) =>
        `${key}=${String(value).split("\n")[0]}`
      );
      const parts = [
        result.status,
        formatDuration(elapsed),
        ...(summary ? [summary] : []),
        ...output,
      ];
      return `[${index + 1}/${total}] ${result.alias}: ${parts.join("  ")}`;
    }
  }
}

function describeDryRun({ steps }: PromotionResult): string {
  return steps.map(({ alias, uses, status, config, plan }) => {
    const shown = {
      alias,
      uses,
      status,
      ...(config && { config }),
      ...(plan ? { plan: brief(plan) } : {}),
    };
    return `${JSON.stringify(shown, undefined, 2)}\n`;
  }).join("");
}

/** A plan without the bytes of its manifests, which nobody reads. */
function brief(plan: unknown): unknown {
  return JSON.parse(JSON.stringify(plan, (key, value) => key === "bytes" ? undefined : value));
}

async function readFreights(words: ParsedWords, options: CopyOptions): Promise<Freight[]> {
  const files = words.values.freight ?? [];
  const images = words.values.image ?? [];
  const freights: Freight[] = [];
  if (files.length > 0) {
    const { readFreight } = await import("../promotion/freight_file.ts");
    for (const file of files) freights.push(...await readFreight(await readFile(file), { file }));
  }
  if (images.length === 0) return freights;
  const { overlayFreight, readImageOptions } = await import("../promotion/image_option.ts");
  const overlay = await readImageOptions(images, {
    resolve: (reference) => resolveDigest(reference, options),
    ...(options.signal && { signal: options.signal }),
  });
  return overlayFreight(freights, overlay);
}

function readVars(words: ParsedWords): Record<string, string> {
  return Object.fromEntries((words.values.var ?? []).map((text) => {
    const equals = text.indexOf("=");
    if (equals > 0) return [text.slice(0, equals), text.slice(equals + 1)];
    throw usageError(`--var "${text}" has no "="`, "write --var NAME=VALUE");
  }));
}

async function readFile(file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (cause) {
    const why = cause instanceof Deno.errors.NotFound
      ? "there is no such file"
      : "it cannot be read";
    throw new OciPushError("FILE", `cannot read ${file}: ${why}`, { terminal: true, file }, cause);
  }
}
