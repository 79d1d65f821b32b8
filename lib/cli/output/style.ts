/**
 * How stderr looks: colours or none, progress drawn or in lines.
 *
 * @module
 */

import type { Io } from "../io.ts";

/** Puts a colour around a text, or nothing. */
export type Paint = (colour: "red" | "yellow" | "dim", text: string) => string;

/** How progress is shown. */
export type ProgressStyle = "drawn" | "lines" | "none";

const CODES = { red: 31, yellow: 33, dim: 2 };

/**
 * Whether stderr gets colours: by the user's word, else where it is a terminal that has them and
 * NO_COLOR is not set.
 *
 * @param io The environment and the terminal.
 * @param when The user's word.
 * @returns What colours, or leaves texts as they are.
 */
export function createPaint(io: Pick<Io, "env" | "terminal">, when: string = "auto"): Paint {
  const isColoured = when === "always" ||
    when === "auto" && io.terminal() !== undefined && !io.env("NO_COLOR") &&
      io.env("TERM") !== "dumb";
  return (colour, text) => isColoured ? `\x1b[${CODES[colour]}m${text}\x1b[0m` : text;
}

/**
 * How progress is shown: by the user's word, else drawn on a terminal that a person looks at.
 *
 * @param io The environment and the terminal.
 * @param asked The user's word.
 * @returns The style.
 */
export function progressStyle(
  io: Pick<Io, "env" | "terminal">,
  asked: "auto" | "plain" | "none" = "auto",
): ProgressStyle {
  if (asked !== "auto") return asked === "plain" ? "lines" : "none";
  const isWatched = io.terminal() !== undefined && io.env("TERM") !== "dumb" && !io.env("CI");
  return isWatched ? "drawn" : "lines";
}
