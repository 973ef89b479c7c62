import { normalQuantile, normalShare } from "./normal.ts";
import { sequenceFactor } from "./sequence.ts";

/** Two planned arms: how much one unit varies, and how many units each arm gets. */
export interface PlannedArms {
  readonly mean: number;
  readonly variance: number;
  readonly control: number;
  readonly arm: number;
  /**
   * Whether the mean is a rate, so that an absolute effect also changes the arm's variance. Default false.
   */
  readonly isRate?: boolean | undefined;
}

export interface PowerOptions {
  /** Two-sided level; default 0.05. */
  readonly alpha?: number | undefined;
  /** Whether effects are shares of the mean; their standard error is by the delta method. Default true. */
  readonly relative?: boolean | undefined;
  /**
   * Number of units to which a confidence sequence is tuned that reads the result; null (default): one look
   * at the end.
   */
  readonly tuning?: number | null | undefined;
}

/**
 * Statistical power: the probability that the effect's interval at the planned size excludes 0. With a
 * confidence sequence it is the probability at the last look, which is a lower bound of the probability at
 * any look.
 *
 * @param effect a share of the mean (relative), or in the unit of the mean
 */
export function powerOf(plan: PlannedArms, effect: number, options: PowerOptions = {}): number {
  const { relative = true } = options;
  const error = plannedError(plan, effect, relative);
  const critical = criticalOf(plan, options);
  const shift = effect / error;
  return normalShare(shift - critical) + normalShare(-shift - critical);
}

/**
 * The smallest effect above 0 that is detected with the given power.
 *
 * @param power in (alpha, 1), default 0.8
 * @returns null if no effect is large enough: the error of a relative effect grows with the effect
 */
export function smallestEffect(plan: PlannedArms, power = 0.8, options: PowerOptions = {}): number | null {
  let high = plannedError(plan, 0, options.relative ?? true);
  if (!Number.isFinite(high) || high === 0) return null;
  for (let doubled = 0; powerOf(plan, high, options) < power; doubled++) {
    if (doubled > 60) return null;
    high *= 2;
  }
  let low = 0;
  for (let step = 0; step < 200 && high - low > 1e-13 * high; step++) {
    const middle = (low + high) / 2;
    if (powerOf(plan, middle, options) < power) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * Number of units in both arms together to detect an absolute effect with a single look at the end.
 *
 * @param share of the units that go to the arm, in (0, 1), default 0.5
 * @param variances of one unit in the control and in the arm
 */
export function unitsNeeded(
  effect: number,
  variances: { readonly control: number; readonly arm: number },
  { alpha = 0.05, power = 0.8, share = 0.5 } = {},
): number {
  const z = normalQuantile(1 - alpha / 2) + normalQuantile(power);
  return (z ** 2 * (variances.control / (1 - share) + variances.arm / share)) / effect ** 2;
}

function plannedError(plan: PlannedArms, effect: number, relative: boolean) {
  const { mean, variance, control, arm, isRate = false } = plan;
  if (!relative) {
    const rate = Math.min(1, Math.max(0, mean + effect));
    return Math.sqrt((isRate ? rate * (1 - rate) : variance) / arm + variance / control);
  }
  const grown = (1 + effect) ** 2;
  return Math.sqrt((variance / arm + (variance * grown) / control) / mean ** 2);
}

function criticalOf({ control, arm }: PlannedArms, { alpha = 0.05, tuning = null }: PowerOptions): number {
  return tuning === null ? -normalQuantile(alpha / 2) : sequenceFactor(control + arm, { tuning, alpha });
}
