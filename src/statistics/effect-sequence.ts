import { gammaExponentialMixture } from "./mixture.ts";

/** A stream of randomised units with bounded outcomes, in the order in which they were read. */
export interface EffectStream {
  readonly outcomes: ArrayLike<number>;
  /** 1 for the arm, 0 for the control, per unit. */
  readonly treated: ArrayLike<number>;
  /** The probability of the arm, the same for all units, in (0, 1). */
  readonly propensity: number;
  /** The smallest and the largest possible outcome. */
  readonly support: readonly [low: number, high: number];
  /** An outcome's approximate variance; it affects the width but not the coverage. */
  readonly variance: number;
  /** The number of units at which the sequence should be narrowest. */
  readonly best: number;
}

export interface EffectLook {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly pValue: number;
}

/**
 * The average effect after every unit, with an exact confidence sequence (95 %): no normal approximation, so
 * it is valid from the first unit. Each unit's outcome is predicted by its arm's mean so far.
 *
 * Source: Howard, Ramdas, McAuliffe and Sekhon 2021, Annals of Statistics 49, section 4.2.
 */
export function effectSequence(stream: EffectStream): EffectLook[] {
  const { outcomes, treated, propensity, support } = stream;
  const range = support[1] - support[0];
  const mixture = gammaExponentialMixture((2 * range) / Math.min(propensity, 1 - propensity), {
    best: stream.best * stream.variance * (1 / propensity + 1 / (1 - propensity)),
    alpha: ALPHA / 2,
  });
  const sums: [number, number] = [0, 0];
  const counts: [number, number] = [0, 0];
  const means: [number, number] = [(support[0] + support[1]) / 2, (support[0] + support[1]) / 2];
  let sum = 0;
  let spread = 0;
  return Array.from({ length: outcomes.length }, (_, i) => {
    const arm = treated[i] === 1 ? 1 : 0;
    const outcome = outcomes[i] ?? Number.NaN;
    const predicted = means[1] - means[0];
    const weight = arm === 1 ? 1 / propensity : -1 / (1 - propensity);
    const score = predicted + weight * (outcome - means[arm]);
    sum += score;
    spread += (score - predicted) ** 2;
    sums[arm] += outcome;
    counts[arm]++;
    // An arm without units so far predicts 0 from the second unit on, as in the published sequence.
    for (const side of [0, 1] as const) means[side] = sums[side] / Math.max(1, counts[side]);
    const value = sum / (i + 1);
    const radius = mixture.bound(spread, ALPHA / 2) / (i + 1);
    return {
      value,
      low: Math.max(-range, value - radius),
      high: Math.min(range, value + radius),
      pValue: Math.min(1, Math.exp(-mixture.log(sum, spread))),
    };
  });
}

const ALPHA = 0.05;
