/**
 * `ctx`: what surrounds a promotion.
 *
 * @module
 */

import { Entity, Nil, type Value } from "./expressions/value.ts";
import type { Freight } from "./freight.ts";

/** What surrounds a promotion; each is missing until somebody gives it. */
export interface PromotionContext {
  /** The project. */
  project?: string;
  /** The stage that is promoted to. */
  stage?: string;
  /** The name of the promotion. */
  promotion?: string;
}

/**
 * Makes the root `ctx` of the expressions.
 *
 * @param context Project, stage and promotion.
 * @param target The freight that the promotion is about, if there is any.
 * @returns The value of `ctx`.
 */
export function contextEntity(context: PromotionContext, target: Freight | undefined): Entity {
  const given = (name: keyof PromotionContext): Value =>
    context[name] ?? new Nil(`ctx.${name} was not given: use --${name}`);
  const origin = target?.origin ?? new Nil("the target freight has no origin");
  return new Entity("ctx", {
    fields: {
      project: given("project"),
      stage: given("stage"),
      promotion: given("promotion"),
      targetFreight: new Entity("ctx.targetFreight", {
        fields: {
          name: target?.name ?? new Nil("the target freight has no name: use --freight"),
          origin: new Entity("ctx.targetFreight.origin", { fields: { name: origin } }),
        },
      }),
    },
  });
}
