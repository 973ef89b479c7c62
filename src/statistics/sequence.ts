/** An interval that is simultaneously valid at all looks, at any times and any number of them. */
export interface SequenceInterval {
  readonly low: number;
  readonly high: number;
  /** Valid at every look, in [0, 1]: stopping as soon as it is below alpha keeps the error rate at alpha. */
  readonly pValue: number;
}

export interface SequenceOptions {
  /** The size of the sample, both arms together, at which the interval should be narrowest: the planned one. */
  readonly tuning: number;
  /** In (0, 1), default 0.05. */
  readonly alpha?: number | undefined;
}

/**
 * Asymptotic confidence sequence of an estimate with a standard error:
 *
 *     estimate +- s sqrt(2 (n r^2 + 1) / (n^2 r^2) log(sqrt(n r^2 + 1) / alpha)),   s^2 = n x standardError^2
 *
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021, "Time-uniform central limit theory and asymptotic
 * confidence sequences", arXiv 2103.06476, equation 9; r as in their appendix, tuned to `tuning` units.
 *
 * @param n units behind the estimate, both arms together, at least 2
 */
export function sequenceInterval(
  { value, standardError }: { readonly value: number; readonly standardError: number },
  n: number,
  { tuning, alpha = 0.05 }: SequenceOptions,
): SequenceInterval {
  const factor = sequenceFactor(n, { tuning, alpha });
  const half = standardError * factor;
  const size = n * tunedRho(tuning, alpha) ** 2 + 1;
  const squared = (value / standardError) ** 2;
  const pValue = Math.sqrt(size) * Math.exp((-squared * (size - 1)) / (2 * size));
  return { low: value - half, high: value + half, pValue: Math.min(1, pValue) };
}

/**
 * Half width of the sequence at `n` units, in standard errors; always more than the 1.96 of a single look.
 */
export function sequenceFactor(n: number, { tuning, alpha = 0.05 }: SequenceOptions): number {
  const size = n * tunedRho(tuning, alpha) ** 2 + 1;
  return Math.sqrt(((2 * size) / (size - 1)) * Math.log(Math.sqrt(size) / alpha));
}

function tunedRho(tuning: number, alpha: number): number {
  const odds = -2 * Math.log(alpha);
  return Math.sqrt((odds + Math.log(odds + 1)) / tuning);
}
