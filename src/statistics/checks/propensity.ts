/** The sum of an arm's rows, each weighted by 1 / the probability of its arm. */
export interface PropensityFit {
  readonly arm: string;
  /** That sum divided by the rows of all arms: 1 if the column contains the true probabilities. */
  readonly share: number;
  /** Standard error of `share`. */
  readonly error: number;
}

/** Tolerance for rounding and for arms that were left out. */
const TOLERANCE = 0.1;
const CLEAR = 5;

/**
 * Sums 1 / probability over each arm. If the probabilities are those of the arms shown, the expected sum is
 * the number of all rows (Horvitz and Thompson 1952).
 *
 * @param propensity per row, in (0, 1]
 */
export function propensityFits(
  { labels, codes }: { readonly labels: readonly string[]; readonly codes: Int32Array },
  propensity: Float64Array,
): PropensityFit[] {
  const sums = labels.map(() => 0);
  const variances = labels.map(() => 0);
  for (let row = 0; row < codes.length; row++) {
    const arm = codes[row] as number;
    const p = propensity[row] as number;
    sums[arm] = (sums[arm] as number) + 1 / p;
    variances[arm] = (variances[arm] as number) + (1 - p) / (p * p);
  }
  return labels.map((arm, i) => ({
    arm,
    share: (sums[i] as number) / codes.length,
    error: Math.sqrt(variances[i] as number) / codes.length,
  }));
}

/**
 * Whether the sums could be those of the arms shown: none is clearly below 1, and no two clearly differ. All
 * of them may be above 1: then the log omits rows of other arms.
 */
export function arePropensitiesPlausible(fits: readonly PropensityFit[]): boolean {
  const lowest = fits.reduce((a, b) => (b.share < a.share ? b : a));
  const highest = fits.reduce((a, b) => (b.share > a.share ? b : a));
  const clear = (difference: number, error: number) => difference > Math.max(TOLERANCE, CLEAR * error);
  return (
    !clear(1 - lowest.share, lowest.error) &&
    !clear(highest.share / lowest.share - 1, Math.hypot(lowest.error, highest.error) / lowest.share)
  );
}
