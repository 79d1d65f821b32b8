/**
 * Everything that a copy says, on both streams.
 *
 * @module
 */

import type { CopyResult } from "../../copy.ts";
import type { CopyRequest } from "../../copy_request.ts";
import { shortDigest } from "../../oci/digest.ts";
import { OciPushError } from "../../oci/error.ts";
import type { Plan } from "../../plan/plan.ts";
import type { CopyEvent } from "../../transfer/event.ts";
import { type Context, type ParsedWords, usageError, valueOf } from "../command.ts";
import { exitCodeOf } from "../exit_code.ts";
import { Interrupted } from "../run_command.ts";
import { formatDuration, formatSize } from "../units.ts";
import { logLine } from "./log.ts";
import { printError } from "./print_error.ts";
import { Progress, progressStyle } from "./progress.ts";

/** What a report is about. */
export interface ReportContext extends Context {
  /** What is copied. */
  request: CopyRequest;
}

/** Prints what happens, and what came of it. */
export class Report implements Disposable {
  readonly #context: ReportContext;
  readonly #json: boolean;
  readonly #jsonLog: boolean;
  readonly #verbosity: number;
  readonly #progress: Progress;
  readonly #words: ParsedWords;
  #plan: Plan | undefined;
  #arrived = 0;

  /**
   * Reads the options about output.
   *
   * @param words The sorted words.
   * @param context In and out, and what is copied.
   */
  constructor(words: ParsedWords, context: ReportContext) {
    this.#words = words;
    this.#context = context;
    this.#json = oneOf(words, "format", ["text", "json"]) === "json";
    this.#jsonLog = oneOf(words, "log-format", ["text", "json"]) === "json";
    const { quiet = 0, verbose = 0 } = words.flags;
    this.#verbosity = quiet ? -1 : verbose;
    const asked = oneOf(words, "progress", ["auto", "plain", "none"]);
    const silent = quiet > 0 || this.#jsonLog;
    this.#progress = new Progress(context.io, silent ? "none" : progressStyle(context.io, asked));
  }

  /** Takes an event. */
  readonly onEvent = (event: CopyEvent): void => {
    if (event.type === "planned") this.#plan = event.plan;
    if (event.type === "blob-done") this.#arrived++;
    this.#progress.take(event);
    if (this.#jsonLog) {
      if (this.#verbosity >= 0) this.#context.io.err(`${JSON.stringify(event)}\n`);
      return;
    }
    const line = logLine(event, this.#verbosity);
    if (line !== undefined) this.#progress.say(line);
  };

  /**
   * Prints a result: `IMAGE@DIGEST` or one JSON object on stdout, what happened on stderr.
   *
   * @param result What the copy did.
   * @returns The exit code.
   */
  async succeed(result: CopyResult): Promise<number> {
    const { io } = this.#context;
    this.#progress[Symbol.dispose]();
    const document = { schemaVersion: 1, ...result };
    if (this.#verbosity >= 0 && !this.#jsonLog) {
      io.err(`${summarize(result)}\n`);
      for (const { message } of result.warnings) io.err(`warning: ${message}\n`);
    }
    await this.#writeFile(document);
    if (this.#words.flags["github-output"]) {
      const { writeGithubOutput } = await import("./github.ts");
      await writeGithubOutput(result, io);
    }
    io.out(this.#json ? `${JSON.stringify(document)}\n` : `${result.image}@${result.digest}\n`);
    return 0;
  }

  /**
   * Prints a failure, and what became of the destination.
   *
   * @param error What was thrown.
   * @returns The exit code.
   */
  async fail(error: unknown): Promise<number> {
    const { io } = this.#context;
    this.#progress[Symbol.dispose]();
    if (error instanceof Interrupted) {
      io.err(`interrupted; ${this.#state()}\n`);
      return error.exitCode;
    }
    if (error instanceof OciPushError) {
      await this.#writeFile({ error: { ...error.toJSON(), tagChanged: false } });
    }
    const verbose = this.#verbosity > 1;
    printError(error, { io, json: this.#json, verbose, state: this.#state() });
    return exitCodeOf(error);
  }

  /** Ends the progress. */
  [Symbol.dispose](): void {
    this.#progress[Symbol.dispose]();
  }

  /** What the destination is left with: the tag is the last write, so it is as it was. */
  #state(): string {
    const { previousDigest, text } = this.#plan?.destination ?? {};
    const { blobs = 0 } = this.#progress.state;
    const tag = previousDigest
      ? `${text} is still ${shortDigest(previousDigest)}`
      : this.#arrived > 0
      ? `${text} is as it was`
      : "Nothing was written";
    const reusable = this.#arrived > 0
      ? `; ${this.#arrived} of ${blobs} blobs are there and will be reused`
      : "";
    return `${tag}${reusable}.`;
  }

  async #writeFile(document: object): Promise<void> {
    const file = valueOf(this.#words, "output-file");
    if (file === undefined) return;
    const partial = `${file}.${crypto.randomUUID()}`;
    try {
      // Whoever waits for the file finds all of it or nothing.
      await Deno.writeTextFile(partial, `${JSON.stringify(document)}\n`);
      await Deno.rename(partial, file);
    } catch (cause) {
      throw new OciPushError("FILE", `cannot write --output-file ${file}: it cannot be created`, {
        terminal: true,
        file,
      }, cause);
    }
  }
}

function summarize(result: CopyResult): string {
  const { status, image, previousDigest, digest, bytes, blobs, seconds, size = 0 } = result;
  if (status === "unchanged") return `unchanged: ${image} names ${shortDigest(digest)} already`;
  const moved = previousDigest && previousDigest !== digest
    ? `; ${image} moved from ${shortDigest(previousDigest)}`
    : "";
  if (status === "retagged") return `retagged in ${formatDuration(seconds * 1000)}${moved}`;
  const count = blobs.transferred + blobs.mounted + blobs.existing;
  const parts = [
    `${formatSize(bytes)} of ${formatSize(Math.max(size, bytes))} sent`,
    ...(blobs.mounted ? [`${blobs.mounted} mounted`] : []),
    ...(blobs.existing ? [`${blobs.existing} already there`] : []),
  ];
  const what = count === 0 ? "the manifest alone" : `${count} blob${count === 1 ? "" : "s"}`;
  return `copied ${what} in ${formatDuration(seconds * 1000)}: ${parts.join(", ")}${moved}`;
}

function oneOf<T extends string>(words: ParsedWords, name: string, allowed: [T, ...T[]]): T {
  const value = valueOf(words, name) ?? allowed[0];
  if ((allowed as string[]).includes(value)) return value as T;
  throw usageError(`--${name} "${value}" is not one of ${allowed.join(", ")}`);
}
