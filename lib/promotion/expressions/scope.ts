/**
 * What an expression can see of the promotion around it.
 *
 * @module
 */

import type { FreightChart, FreightCommit, FreightImage } from "../freight.ts";
import type { Value } from "./value.ts";

/** What an expression is evaluated against. */
export interface Scope {
  /** The roots: `ctx`, `vars`, `outputs`. */
  names: ReadonlyMap<string, Value>;
  /** What the functions look at. */
  world: World;
}

/** What the functions look at. */
export interface World {
  /** The artifacts to promote. */
  freight: FreightView;
  /** The steps so far. */
  steps: StepsView;
}

/** Artifacts, as the functions ask for them. */
export interface FreightView {
  /** Images of a repository, each once. */
  images(repoURL: string, origin?: string): FreightImage[];
  /** Charts of a repository, each once. */
  charts(repoURL: string, options?: ChartFilter): FreightChart[];
  /** Commits of a repository, each once. */
  commits(repoURL: string, origin?: string): FreightCommit[];
  /** Everything there is, in a line, for messages. */
  describe(): string;
}

/** Which charts of a repository are meant. */
export interface ChartFilter {
  /** The name in a classic repository. */
  name?: string | undefined;
  /** The warehouse. */
  origin?: string | undefined;
}

/** The steps so far, as the functions ask for them. */
export interface StepsView {
  /**
   * Whether a step before this one failed and was not allowed to.
   *
   * @throws {NotYet} Before the steps run.
   */
  hasFailed(): boolean;
  /**
   * How an earlier step ended.
   *
   * @throws {Refusal} For an alias that no earlier step has.
   * @throws {NotYet} Before the steps run.
   */
  status(alias: string): string;
}
