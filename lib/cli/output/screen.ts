/**
 * Stderr as a screen: lines that stay, and below them a frame that is drawn anew.
 *
 * @module
 */

import type { Io } from "../io.ts";

/** Writes lines and frames, until it is disposed of. */
export class Screen implements Disposable {
  readonly #io: Pick<Io, "err" | "terminal">;
  #frame: readonly string[] = [];

  /**
   * Begins with no frame.
   *
   * @param io Where to.
   */
  constructor(io: Pick<Io, "err" | "terminal">) {
    this.#io = io;
  }

  /**
   * Writes a line that stays, above the frame.
   *
   * @param line Without its end.
   */
  print(line: string): void {
    this.#io.err(`${this.#erasure()}${line}\n`);
    this.#frame = [];
  }

  /**
   * Draws a frame in the place of the last one.
   *
   * @param lines None wider than the terminal.
   */
  draw(lines: readonly string[]): void {
    // The cursor is hidden only while this is written: however the process ends, it is there.
    this.#io.err(
      `\x1b[?25l${this.#erasure()}${lines.map((line) => `${line}\n`).join("")}\x1b[?25h`,
    );
    this.#frame = lines;
  }

  /** Takes the frame away. */
  [Symbol.dispose](): void {
    if (this.#frame.length > 0) this.#io.err(this.#erasure());
    this.#frame = [];
  }

  /** Back to where the frame began; lines may have been wrapped by a terminal made narrower. */
  #erasure(): string {
    if (this.#frame.length === 0) return "";
    const columns = this.#io.terminal()?.columns ?? Infinity;
    const rows = this.#frame.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(line.length / columns)),
      0,
    );
    // Line by line: tmux takes a screen that is erased from its top for one to be kept in history.
    // The line that the cursor is in goes, too: the terminal may have written ^C there.
    return `\r\x1b[2K${"\x1b[1A\x1b[2K".repeat(rows)}`;
  }
}
