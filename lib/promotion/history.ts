/**
 * What the steps so far came to, as expressions see it.
 *
 * @module
 */

import { suggest } from "../oci/suggest.ts";
import { listed, NotYet, quoted, Refusal } from "./expressions/refusal.ts";
import type { StepsView } from "./expressions/scope.ts";
import { fromPlain, Nil, Table, type Value } from "./expressions/value.ts";
import type { StepResult } from "./event.ts";

/** The steps of a run: their names from the start, their results as they come. */
export class History {
  readonly #aliases: readonly string[];
  readonly #results = new Map<string, StepResult>();
  #hasFailed = false;

  /**
   * Begins a run.
   *
   * @param aliases The aliases of all steps, in order.
   */
  constructor(aliases: readonly string[]) {
    this.#aliases = aliases;
  }

  /** Whether a step failed that was not allowed to. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Adds what became of the next step. */
  add(result: StepResult, options: { mayFail: boolean }): void {
    this.#results.set(result.alias, result);
    const failed = result.status === "Failed" || result.status === "Errored";
    if (failed && !options.mayFail) this.#hasFailed = true;
  }

  /** What the step at an index can see: the ones before it. */
  before(index: number): StepsView & { outputs: Table } {
    const earlier = this.#aliases.slice(0, index);
    const resultOf = (alias: string): StepResult => {
      if (!earlier.includes(alias)) throw this.#unknown(alias, earlier);
      const result = this.#results.get(alias);
      if (!result) throw new NotYet();
      return result;
    };
    return {
      outputs: new Outputs(earlier, resultOf),
      status: (alias) => resultOf(alias).status,
      hasFailed: () => {
        for (const alias of earlier) resultOf(alias);
        return this.#hasFailed;
      },
    };
  }

  #unknown(alias: string, earlier: readonly string[]): Refusal {
    if (this.#aliases.includes(alias)) {
      return new Refusal(`step ${quoted(alias)} has not run by then`, "look at earlier steps only");
    }
    const near = suggest(alias, earlier);
    return new Refusal(
      `there is no step ${quoted(alias)}`,
      near === undefined ? `earlier steps: ${listed(earlier)}` : `did you mean ${near}?`,
    );
  }
}

/** `outputs`: a map of the earlier steps, in which an unknown alias is an error. */
class Outputs extends Table {
  readonly #resultOf: (alias: string) => StepResult;

  constructor(aliases: readonly string[], resultOf: (alias: string) => StepResult) {
    super(aliases.map((alias) => [alias, new Nil()]), "outputs");
    this.#resultOf = resultOf;
  }

  override get(alias: string): Value {
    const { status, output } = this.#resultOf(alias);
    const name = `the output of ${alias}`;
    if (status === "Succeeded") return fromPlain(output, name);
    return new Nil(`step ${quoted(alias)} has no output, it is ${status}`);
  }
}
