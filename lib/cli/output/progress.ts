/**
 * Progress on stderr: drawn on a terminal, a plain line now and then elsewhere.
 *
 * @module
 */

import type { CopyEvent } from "../../transfer/event.ts";
import type { Io } from "../command.ts";
import { frame, totalLine } from "./progress_lines.ts";
import { nextProgress, NO_PROGRESS, type ProgressState } from "./progress_state.ts";

/** How progress is shown. */
export type ProgressStyle = "drawn" | "plain" | "none";

/** Nothing is drawn for a copy shorter than this, in milliseconds. */
const PATIENCE = 300;
const FRAME = 100;
/** The first plain line, and those after it, in milliseconds. */
const FIRST_LINE = 10_000;
const NEXT_LINE = 30_000;

/** Shows how far a copy is, until it is disposed of. */
export class Progress implements Disposable {
  readonly #io: Io;
  readonly #style: ProgressStyle;
  readonly #now: () => number;
  #timer: ReturnType<typeof setInterval> | undefined;
  #state: ProgressState = NO_PROGRESS;
  #drawn = 0;
  #nextLine = FIRST_LINE;
  #started: number | undefined;

  /**
   * Begins to show.
   *
   * @param io Where to.
   * @param style How.
   * @param now Milliseconds.
   */
  constructor(io: Io, style: ProgressStyle, now: () => number = () => performance.now()) {
    this.#io = io;
    this.#style = style;
    this.#now = now;
  }

  /** How far the copy is. */
  get state(): ProgressState {
    return this.#state;
  }

  /**
   * Takes an event.
   *
   * @param event What happened.
   */
  take(event: CopyEvent): void {
    this.#state = nextProgress(this.#state, event, this.#now());
    if (event.type === "planned") this.#begin();
  }

  /**
   * Writes a line that stays, above whatever is drawn.
   *
   * @param line Without its end.
   */
  say(line: string): void {
    this.#erase();
    this.#io.err(`${line}\n`);
  }

  /** Ends the showing and takes the last frame away. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#erase();
  }

  /** Begins to show, if there is something to be shown: a timer costs a retag milliseconds. */
  #begin(): void {
    this.#started ??= this.#now();
    if (this.#style === "none" || this.#state.blobs === 0 || this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#tick(), this.#style === "drawn" ? FRAME : 1000);
    Deno.unrefTimer(this.#timer);
  }

  #tick(): void {
    const { blobs, blobsDone } = this.#state;
    if (this.#started === undefined || blobs === 0) return;
    const now = this.#now();
    const elapsed = now - this.#started;
    if (this.#style === "plain") {
      if (elapsed < this.#nextLine || blobsDone === blobs) return;
      this.#nextLine += NEXT_LINE;
      return this.#io.err(`${totalLine(this.#state, now)}\n`);
    }
    const size = this.#io.terminal();
    if (!size || elapsed < PATIENCE) return;
    const lines = frame(this.#state, { ...size, now });
    this.#erase();
    // The cursor is hidden only while a frame is written: whatever ends the process, it is there.
    this.#io.err(`\x1b[?25l${lines.join("\n")}\n\x1b[?25h`);
    this.#drawn = lines.length;
  }

  #erase(): void {
    if (this.#drawn > 0) this.#io.err(`\x1b[${this.#drawn}A\x1b[J`);
    this.#drawn = 0;
  }
}

/**
 * How progress is shown, by the user's word and by what stderr is.
 *
 * @param io The environment and the terminal.
 * @param asked `auto`, `plain` or `none`.
 * @returns The style.
 */
export function progressStyle(io: Io, asked: "auto" | "plain" | "none"): ProgressStyle {
  if (asked !== "auto") return asked;
  const dumb = io.env("TERM") === "dumb" || Boolean(io.env("CI"));
  return io.terminal() && !dumb ? "drawn" : "plain";
}
