/**
 * Gives the templates of the steps their values, as far as they are known.
 *
 * @module
 */

import { contextEntity, type PromotionContext } from "./context.ts";
import { NotYet, quoted } from "./expressions/refusal.ts";
import type { Scope } from "./expressions/scope.ts";
import { Table, type Value } from "./expressions/value.ts";
import type { Freight } from "./freight.ts";
import type { FreightSet } from "./freight_set.ts";
import type { History } from "./history.ts";
import { conform, PENDING, type Render } from "./schema.ts";
import type { Step } from "./step.ts";
import type { StepConfig, StepDefinition } from "./steps/step_definition.ts";
import { findStep } from "./steps/registry.ts";
import { isConstant, parseTemplate, renderPlain, renderText, renderValue } from "./template.ts";
import type { Variable } from "./variables.ts";

/** What a {@linkcode Resolver} needs to know. */
export interface ResolverOptions {
  /** The steps, in order. */
  steps: readonly Step[];
  /** The surroundings. */
  context: PromotionContext;
  /** The freight that the promotion is about. */
  target: Freight | undefined;
  /** All freight. */
  freight: FreightSet;
  /** Variables given from outside, stronger than the document's and weaker than a step's. */
  variables: Readonly<Record<string, string>>;
  /** What the steps came to so far. */
  history: History;
}

/** A step with its values. */
export interface ResolvedStep {
  /** What does it. */
  definition: StepDefinition;
  /** Its config; a value that is not known yet is a symbol. */
  config: StepConfig;
  /** Whether every value is known. */
  isComplete: boolean;
}

/** Evaluates conditions and configs of steps. */
export class Resolver {
  readonly #options: ResolverOptions;
  readonly #context: Value;
  /** What each document's variables came to; they are the same for all of its steps. */
  readonly #outer = new Map<readonly Variable[], Known>();

  /**
   * Makes a resolver for one run.
   *
   * @param options What the expressions can see.
   */
  constructor(options: ResolverOptions) {
    this.#options = options;
    this.#context = contextEntity(options.context, options.target);
  }

  /**
   * Checks everything that can be checked before the first step runs.
   *
   * @throws {OciPushError} For the first thing that is wrong.
   */
  checkAll(): void {
    for (const [index, step] of this.#options.steps.entries()) {
      const willRun = step.condition === undefined ? true : this.condition(index);
      // Of a step that will not run only the form matters: what it asks for may not be there.
      const { definition, config, isComplete } = this.resolve(index, {
        formOnly: willRun === false,
      });
      if (isComplete) definition.check?.(config, step.place.at("config"));
    }
  }

  /**
   * Evaluates the condition of a step.
   *
   * @param index Which step.
   * @returns What it says; without one, whether nothing failed; undefined where it is not known yet.
   * @throws {OciPushError} `INVALID_EXPRESSION` for one that is neither true nor false.
   */
  condition(index: number): boolean | undefined {
    const step = this.#step(index);
    if (step.condition === undefined) return !this.#options.history.hasFailed;
    const place = step.place.at("if");
    const template = parseTemplate(step.condition, place);
    const value = unlessPending(() => renderPlain(template, this.#scope(index)));
    if (value === PENDING) return undefined;
    if (typeof value === "boolean") return value;
    const found = quoted(typeof value === "string" ? value : JSON.stringify(value));
    throw place.error(`a condition is true or false, this is ${found}`, {
      code: "INVALID_EXPRESSION",
      hint: isConstant(template) ? `write \${{ ${step.condition} }}` : undefined,
    });
  }

  /**
   * Evaluates the config of a step.
   *
   * @param index Which step.
   * @param options `formOnly` leaves expressions as unknown values, once they have been parsed.
   * @returns The step with its values.
   * @throws {OciPushError} `INVALID_DOCUMENT` or `INVALID_EXPRESSION`, with the place.
   */
  resolve(index: number, options: { formOnly?: boolean } = {}): ResolvedStep {
    const { formOnly = false } = options;
    const step = this.#step(index);
    const definition = findStep(step.uses, step.place.at("uses"));
    const scope = formOnly ? undefined : this.#scope(index);
    if (formOnly) { for (const { value, place } of step.variables) parseTemplate(value, place); }
    let isComplete = true;
    const render: Render = (text, { place, isText }) => {
      const template = parseTemplate(text, place);
      if (isConstant(template)) return text;
      const value = scope
        ? unlessPending(() => (isText ? renderText : renderPlain)(template, scope))
        : PENDING;
      if (value === PENDING) isComplete = false;
      return value;
    };
    const place = step.place.at("config");
    const config = conform(step.config, definition.config, { place, render }) as StepConfig;
    return { definition, config, isComplete };
  }

  #step(index: number): Step {
    const step = this.#options.steps[index];
    if (!step) throw new RangeError(`there is no step ${index}`);
    return step;
  }

  #scope(index: number): Scope {
    const { freight, history } = this.#options;
    const { variables, outerVariables } = this.#step(index);
    const { outputs, ...steps } = history.before(index);
    const scope: Scope = {
      names: new Map([["ctx", this.#context], ["outputs", outputs]]),
      world: { freight, steps },
    };
    const known = define(variables, { scope, known: this.#documentVariables(outerVariables) });
    return { ...scope, names: new Map([...scope.names, ["vars", new Variables(known)]]) };
  }

  /** The same for every step, they can look at none. */
  #documentVariables(variables: readonly Variable[]): Known {
    const { freight, history, variables: given } = this.#options;
    const known = this.#outer.get(variables) ??
      define(variables.filter(({ name }) => !Object.hasOwn(given, name)), {
        scope: {
          names: new Map([["ctx", this.#context]]),
          world: { freight, steps: history.before(0) },
        },
        known: new Map(Object.entries(given)),
      });
    this.#outer.set(variables, known);
    return known;
  }
}

type Known = ReadonlyMap<string, Value | typeof PENDING>;

/** Each variable can see those before it. */
function define(
  variables: readonly Variable[],
  { scope, known }: { scope: Scope; known: Known },
): Known {
  const result = new Map(known);
  const names = new Map([...scope.names, ["vars", new Variables(result)]]);
  for (const { name, value, place } of variables) {
    const template = parseTemplate(value, place);
    result.set(name, unlessPending(() => renderValue(template, { ...scope, names })));
  }
  return result;
}

/** `vars`: a map that may grow, and in which some values have to be waited for. */
class Variables extends Table {
  readonly #known: Known;

  constructor(known: Known) {
    super([], "vars");
    this.#known = known;
  }

  override keys(): string[] {
    return [...this.#known.keys()];
  }

  override detached(): Table {
    return new Table(this.keys().map((name) => [name, this.get(name)]), this.name);
  }

  override has(name: string): boolean {
    return this.#known.has(name);
  }

  override get(name: string): Value {
    const value = this.#known.get(name);
    if (value === PENDING) throw new NotYet();
    return value ?? super.get(name);
  }
}

function unlessPending<T>(work: () => T): T | typeof PENDING {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof NotYet) return PENDING;
    throw cause;
  }
}
