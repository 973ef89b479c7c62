import { differenceOf, type Estimate, meanOf, wilson } from "./intervals.ts";
import { sortByUplift, type UpliftSample } from "./ranking.ts";

/** Customers of neighbouring ranks; the first bin contains the highest scores. */
export interface UpliftBin {
  /** From 1. */
  readonly bin: number;
  /**
   * Number of treated customers. May be fractional: if a tie crosses a boundary, its customers are divided in
   * proportion.
   */
  readonly treated: number;
  readonly control: number;
  /** Mean of the scores, which are the predicted uplifts. */
  readonly predicted: number;
  /** Mean outcome of each arm; null if the bin has no customer of the arm. */
  readonly treatedRate: Estimate | null;
  readonly controlRate: Estimate | null;
  /** Observed uplift: the difference of the two rates, with a 95 % interval. */
  readonly uplift: Estimate | null;
}

/**
 * Observed uplift in bins with equal numbers of customers, ordered by predicted uplift. Intervals are
 * Newcombe's for outcomes of 0 and 1, and Welch's (normal) for others. Weighted rows count with their
 * effective number (Kish 1965).
 *
 * @param bins default 10: deciles
 * @throws as `rankByUplift`
 */
export function upliftByDecile(sample: UpliftSample, bins = 10): UpliftBin[] {
  const { scores, outcomes } = sample;
  const { rows, order, ends, treated, weights } = sortByUplift(sample);
  const isBinary = outcomes.every((outcome) => outcome === 0 || outcome === 1);
  const sums = Array.from({ length: bins }, () => ({ arms: [emptySums(), emptySums()], scores: 0 }));
  const size = rows / bins;
  let start = 0;
  for (let position = 0; position < rows; position++) {
    if (ends[position] === 0) continue;
    const end = position + 1;
    // Every customer of the step is in each bin with the share of the step that the bin covers.
    for (let bin = Math.floor(start / size); bin < bins && bin * size < end; bin++) {
      const covered = Math.min(end, (bin + 1) * size) - Math.max(start, bin * size);
      if (covered <= 0) continue;
      const share = covered / (end - start);
      const target = sums[bin] as (typeof sums)[number];
      for (let at = start; at < end; at++) {
        const row = order[at] as number;
        const weight = share * (weights?.[at] ?? 1);
        addTo(target.arms[treated[at] as number] as Sums, outcomes[row] as number, { weight, share });
        target.scores += weight * (scores[row] as number);
      }
    }
    start = end;
  }
  return sums.map(({ arms, scores: scoreSum }, bin) => {
    const [control, shown] = arms as [Sums, Sums];
    const rate = (sum: Sums) => (sum.rows > 1e-9 ? rateOf(sum, isBinary) : null);
    const treatedRate = rate(shown);
    const controlRate = rate(control);
    return {
      bin: bin + 1,
      treated: shown.rows,
      control: control.rows,
      predicted: scoreSum / (shown.rows + control.rows),
      treatedRate,
      controlRate,
      uplift: treatedRate && controlRate && differenceOf(treatedRate, controlRate),
    };
  });
}

interface Sums {
  rows: number;
  sum: number;
  squares: number;
  /** Sum of weight squared times share, from which the effective number of rows is calculated. */
  weightSquares: number;
}

function emptySums(): Sums {
  return { rows: 0, sum: 0, squares: 0, weightSquares: 0 };
}

function addTo(sums: Sums, outcome: number, { weight, share }: { weight: number; share: number }): void {
  sums.rows += weight;
  sums.sum += weight * outcome;
  sums.squares += weight * outcome * outcome;
  sums.weightSquares += (weight * weight) / share;
}

function rateOf({ rows, sum, squares, weightSquares }: Sums, isBinary: boolean): Estimate {
  const effective = (rows * rows) / weightSquares;
  const part = effective / rows;
  return isBinary
    ? wilson(Math.min(sum, rows) * part, effective)
    : meanOf(effective, sum * part, squares * part);
}
