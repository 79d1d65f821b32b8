/**
 * Where in which file something stands, for errors that can be found again.
 *
 * @module
 */

import { type ErrorCode, OciPushError } from "../oci/error.ts";
import { defined } from "./_defined.ts";

/** Keys and indexes from the top of a document down. */
export type Path = readonly (string | number)[];

/** The text a document was read from; data handed over by a program has none. */
export interface Source {
  /** The file's name. */
  file?: string | undefined;
  /** The line, counted from 1, on which a path stands, or the nearest above it. */
  lineOf?(path: Path): number | undefined;
  /** A scalar as it was typed. */
  wordOf?(path: Path): string | undefined;
}

/** A path in a source. */
export class Place {
  /**
   * Names a place.
   *
   * @param source The text.
   * @param path The way to it from the top.
   */
  constructor(readonly source: Source = {}, readonly path: Path = []) {}

  /** The place of a key or an item below this one. */
  at(key: string | number): Place {
    return new Place(this.source, [...this.path, key]);
  }

  /** The scalar there as it was typed, if it was. */
  get word(): string | undefined {
    return this.source.wordOf?.(this.path);
  }

  /** An error about this place; `problem` comes after the colon. */
  error(
    problem: string,
    options: { code?: ErrorCode; action?: string; hint?: string | undefined; did?: string } = {},
  ): OciPushError {
    const { code = "INVALID_DOCUMENT", action = "use", hint, did } = options;
    const { file } = this.source;
    const line = this.source.lineOf?.(this.path);
    return new OciPushError(code, `cannot ${action} ${this}: ${problem}`, {
      terminal: true,
      ...defined({ file, line, path: formatPath(this.path) || undefined, did, hint }),
    });
  }

  /** e.g. `steps[0].config.srcRef (promotion.yaml, line 4)`. */
  toString(): string {
    const { file } = this.source;
    const line = this.source.lineOf?.(this.path);
    const where = file ?? (line === undefined ? undefined : "the document");
    if (this.path.length === 0) return where ?? "the document";
    if (where === undefined) return formatPath(this.path);
    return `${formatPath(this.path)} (${where}${line === undefined ? "" : `, line ${line}`})`;
  }
}

/**
 * Writes a path as people write it.
 *
 * @example
 * ```ts
 * console.assert(formatPath(["steps", 1, "config", "a/b"]) === 'steps[1].config["a/b"]');
 * ```
 * @param path Keys and indexes.
 * @returns The path, with dots and brackets.
 */
export function formatPath(path: Path): string {
  return path.map((key, index) => {
    if (typeof key === "number") return `[${key}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `[${JSON.stringify(key)}]`;
    return index === 0 ? key : `.${key}`;
  }).join("");
}
