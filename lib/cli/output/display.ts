/**
 * Everything that a command says on stderr while it works.
 *
 * @module
 */

import { after } from "../../registry/after.ts";
import type { CopyEvent } from "../../transfer/event.ts";
import type { Values } from "../flag.ts";
import type { OUTPUT } from "../flags.ts";
import type { Io } from "../io.ts";
import { eventLine, type Verbosity, verbosityOf } from "./event_line.ts";
import { frameLines, totalLine } from "./progress_lines.ts";
import { nextProgress, noProgress, type ProgressState } from "./progress_state.ts";
import { Screen } from "./screen.ts";
import { createPaint, type Paint, progressStyle } from "./style.ts";

/** What the flags say about it. */
export type DisplayOptions = Partial<Values<typeof OUTPUT.flags>>;

/** Time, for a display; tests bring their own. */
export interface DisplayClock {
  /** Milliseconds. */
  now: () => number;
  /** Calls back once, unless it is disposed of before. */
  after: (ms: number, call: () => void) => Disposable;
}

/** Nothing is drawn for what takes less, in milliseconds. */
const PATIENCE = 300;
const FRAME = 100;
/** Without a terminal: the first line, and the time between further ones, in milliseconds. */
const FIRST_LINE = 10_000;
const NEXT_LINE = 30_000;
/** For so long after one blob started over it is not said of others, in milliseconds. */
const RETRY_SILENCE = 10_000;

const CLOCK: DisplayClock = { now: () => performance.now(), after };

/** Says what happens, as far as the flags ask for it, until it is disposed of. */
export class Display implements Disposable {
  readonly #io: Io;
  readonly #clock: DisplayClock;
  readonly #screen: Screen;
  readonly #paint: Paint;
  readonly #verbosity: Verbosity;
  readonly #isJson: boolean;
  #timer: Disposable | undefined;
  /** Until when something is known, e.g. that a registry is waited for. */
  readonly #known = new Map<string, number>();
  #progress: ProgressState;

  /**
   * Begins to show.
   *
   * @param io Where to.
   * @param options What the flags say.
   * @param clock Time.
   */
  constructor(io: Io, options: DisplayOptions = {}, clock: DisplayClock = CLOCK) {
    const { quiet = false, verbose = 0, logFormat, progress, color } = options;
    this.#io = io;
    this.#clock = clock;
    this.#screen = new Screen(io);
    this.#paint = createPaint(io, color);
    this.#verbosity = quiet ? -1 : Math.min(verbose, 2) as Verbosity;
    this.#isJson = logFormat === "json";
    this.#progress = noProgress(clock.now());
    const style = quiet || this.#isJson ? "none" : progressStyle(io, progress);
    if (style === "drawn") this.#in(PATIENCE, () => this.#draw());
    if (style === "lines") this.#in(FIRST_LINE, () => this.#sayProgress());
  }

  /** How far the copy is. */
  get progress(): ProgressState {
    return this.#progress;
  }

  /** Takes what happens; a function that can be handed on. */
  readonly take = (event: CopyEvent): void => {
    this.#progress = nextProgress(this.#progress, event, this.#clock.now());
    if (this.#isJson) {
      if (event.type !== "request" || this.#verbosity > 1) {
        this.#record(event.type === "planned" ? withoutBytes(event) : event);
      }
      return;
    }
    if (verbosityOf(event) > this.#verbosity || this.#isKnown(event)) return;
    this.#screen.print(eventLine(event));
  };

  /**
   * Something that is good to know.
   *
   * @param text Without a label.
   */
  note(text: string): void {
    this.#tell({ type: "note", message: text }, `note: ${text}`);
  }

  /**
   * Something that should not go unsaid.
   *
   * @param warning Its words, and a code where scripts may look for it.
   */
  warn(warning: { code?: string; message: string }): void {
    this.#tell(
      { type: "warning", ...warning },
      `${this.#paint("yellow", "warning:")} ${warning.message}`,
    );
  }

  /**
   * What was done, in a line.
   *
   * @param text The line.
   * @param record The same for a log of records.
   */
  say(text: string, record: object = { type: "summary", message: text }): void {
    this.#tell(record, text);
  }

  /** Something else begins: what was said of progress belongs to what is over. */
  reset(): void {
    this.#screen[Symbol.dispose]();
    this.#progress = noProgress(this.#clock.now());
  }

  /** Ends the showing and takes the last frame away. */
  [Symbol.dispose](): void {
    this.#timer?.[Symbol.dispose]();
    this.#screen[Symbol.dispose]();
  }

  #tell(record: object, line: string): void {
    if (this.#verbosity < 0) return;
    if (this.#isJson) this.#record(record);
    else this.#screen.print(line);
  }

  #record(record: object): void {
    if (this.#verbosity < 0) return;
    this.#io.err(`${JSON.stringify({ time: new Date().toISOString(), ...record })}\n`);
  }

  /** Many blobs wait for the same registry at once, or start over for the same reason: once will do. */
  #isKnown(event: CopyEvent): boolean {
    if (this.#verbosity > 0) return false;
    if (event.type !== "wait" && event.type !== "blob-retry") return false;
    const [subject, ms] = event.type === "wait"
      ? [event.registry, event.ms]
      : [event.type, RETRY_SILENCE];
    const now = this.#clock.now();
    if (now < (this.#known.get(subject) ?? -Infinity)) return true;
    this.#known.set(subject, now + ms);
    return false;
  }

  /** One timer at a time, none before it is needed: they cost a retag milliseconds. */
  #in(ms: number, call: () => void): void {
    this.#timer = this.#clock.after(ms, call);
  }

  #draw(): void {
    const size = this.#io.terminal();
    if (size && this.#isUnderWay) {
      this.#screen.draw(frameLines(this.#progress, { ...size, now: this.#clock.now() }));
    }
    this.#in(FRAME, () => this.#draw());
  }

  #sayProgress(): void {
    if (this.#isUnderWay) this.#screen.print(totalLine(this.#progress, this.#clock.now()));
    this.#in(NEXT_LINE, () => this.#sayProgress());
  }

  get #isUnderWay(): boolean {
    return this.#progress.planned || this.#progress.requests > 0;
  }
}

/** The plan without its documents, which nobody looks for in a log. */
function withoutBytes(event: CopyEvent & { type: "planned" }): object {
  const manifests = event.plan.manifests.map(({ bytes: _, ...manifest }) => manifest);
  return { ...event, plan: { ...event.plan, manifests } };
}
