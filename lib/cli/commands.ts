/**
 * The table of commands.
 *
 * @module
 */

import type { Command } from "./command.ts";

/** A command, not loaded yet. */
export interface CommandEntry {
  /** What it is for, in the list of commands. */
  summary: string;
  /** Loads it. */
  load: () => Promise<{ command: Command }>;
}

/** Commands by name: a start loads what its command needs, and nothing else. */
export const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map<string, CommandEntry>([
  ["copy", { summary: "copy or retag an artifact", load: () => import("./copy.ts") }],
  ["plan", { summary: "the same decisions, nothing written", load: () => import("./plan.ts") }],
  ["promote", { summary: "run Kargo's promotion steps", load: () => import("./promote.ts") }],
  ["login", { summary: "keep credentials where docker does", load: () => import("./login.ts") }],
  ["logout", { summary: "forget them", load: () => import("./logout.ts") }],
  ["serve", { summary: "an embedded registry", load: () => import("./serve.ts") }],
  ["demo", { summary: "all of it, on two embedded registries", load: () => import("./demo.ts") }],
]);
/** Other names that people try. */
export const ALIASES: ReadonlyMap<string, string> = new Map([["cp", "copy"]]);
