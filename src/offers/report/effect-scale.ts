import type { OutcomeKind } from "../../learning/index.ts";
import {
  digitsFor,
  fixed,
  percent,
  points,
  pointsRange,
  pointsTick,
  range,
  signed,
  tick,
} from "../../reports/index.ts";
import type { Estimate } from "../../statistics/index.ts";

/** How effects on an outcome are written: in percentage points, or as amounts per customer. */
export interface EffectScale {
  /** The unit after an effect: `points`, `per customer`. */
  readonly unit: string;
  /** The effect with its sign. */
  value(effect: number): string;
  /** The effect with its sign and its unit. */
  withUnit(effect: number): string;
  range(effect: Estimate): string;
  tick(effect: number): string;
  /** How customers responded on average, as part of a sentence. */
  response(mean: number): string;
}

export function effectScale(outcome: OutcomeKind): EffectScale {
  if (outcome === "binary") {
    return {
      unit: "points",
      value: (effect) => points(effect, 2),
      withUnit: (effect) => `${points(effect, 2)} points`,
      range: (effect) => pointsRange(effect, 2),
      tick: pointsTick,
      response: (mean) => `of whom ${percent(mean, 2)} responded`,
    };
  }
  const digits = (...values: readonly number[]) => Math.max(2, digitsFor(values));
  return {
    unit: "per customer",
    value: (effect) => signed(effect, digits(effect)),
    withUnit: (effect) => `${signed(effect, digits(effect))} per customer`,
    range: (effect) => range(effect, digits(effect.low, effect.high)),
    tick,
    response: (mean) => `worth ${fixed(mean, digits(mean))} each`,
  };
}
