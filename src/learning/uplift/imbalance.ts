import { drawnRows, normalQuantile } from "../../statistics/index.ts";
import { binCount, getFeature } from "../features/bins.ts";
import type { EncodedExperiment } from "./experiment.ts";

/** The parts of an experiment from which columns are compared between the arms. */
export type BalanceRows = Pick<
  EncodedExperiment,
  "labels" | "arms" | "outcomes" | "propensities" | "bins" | "binned" | "clusters" | "received"
>;

/** A column in groups of about one twentieth of the rows each. */
export interface GroupedColumn {
  readonly feature: string;
  readonly count: number;
  /** Group of each row. */
  readonly groups: Uint8Array;
}

const MAX_GROUPS = 20;
/**
 * Minimum number of rows of a group in the smallest arm, for the normal approximation to be valid in the
 * tails.
 */
const LEAST_ROWS = 50;
/** Probability of a false alarm per experiment. */
export const LEVEL = 0.001;
/** Difference of a group's share, in standard deviations, that is relevant. */
const MATERIAL = 0.05;

/**
 * Columns that differ between the arms although each row is weighted by the inverse of the probability of its
 * arm: the probabilities are wrong, or the columns were recorded after the treatment. The shares of each
 * group of a column are compared, so that any dependence on a column is found, and not only a monotonic one.
 */
export function imbalancedColumns(experiment: BalanceRows): GroupedColumn[] {
  const { labels, bins, binned } = experiment;
  const { units, most } = unitsOf(experiment);
  if (most < 2) return [];
  const columns = bins.features.map((feature, i) =>
    group(feature.name, getFeature(binned, i), binCount(feature), most),
  );
  const comparisons = (labels.length - 1) * columns.reduce((sum, { count }) => sum + count, 0);
  const limit = normalQuantile(1 - LEVEL / (2 * Math.max(1, comparisons)));
  return columns.filter((column) => differs(experiment, units, column, limit));
}

/** Rows that do not depend on each other, and the most groups that they can be compared in. */
export function unitsOf({ arms, labels, clusters }: BalanceRows): {
  readonly units: Uint32Array;
  readonly most: number;
} {
  const units = drawnRows(arms.length, clusters);
  const sizes = new Uint32Array(labels.length);
  for (const row of units) sizes[arms[row] as number] = (sizes[arms[row] as number] as number) + 1;
  return { units, most: Math.min(MAX_GROUPS, Math.floor(Math.min(...sizes) / LEAST_ROWS)) };
}

/** Joins neighbouring bins until each group has its share of the rows. */
function group(feature: string, bins: Uint8Array, binsOf: number, most: number): GroupedColumn {
  const rows = new Uint32Array(binsOf);
  for (const bin of bins) rows[bin] = (rows[bin] as number) + 1;
  const groupOf = new Uint8Array(binsOf);
  let [current, inside, left] = [0, 0, bins.length];
  for (let bin = 0; bin < binsOf; bin++) {
    groupOf[bin] = current;
    inside += rows[bin] as number;
    left -= rows[bin] as number;
    if (inside < bins.length / most || left < bins.length / most) continue;
    current++;
    inside = 0;
  }
  return { feature, count: current + 1, groups: bins.map((bin) => groupOf[bin] as number) };
}

function weightOf({ propensities: { own, shares }, arms }: BalanceRows, row: number): number {
  return 1 / (own === null ? (shares[arms[row] as number] as number) : (own[row] as number));
}

export function differs(
  experiment: BalanceRows,
  units: Uint32Array,
  { count, groups }: GroupedColumn,
  limit: number,
): boolean {
  const { arms, labels } = experiment;
  const sums = labels.map(() => new Float64Array(count));
  const squares = labels.map(() => new Float64Array(count));
  for (const row of units) {
    const [arm, at, weight] = [arms[row] as number, groups[row] as number, weightOf(experiment, row)];
    const [own, ownSquares] = [sums[arm], squares[arm]];
    if (own === undefined || ownSquares === undefined) continue;
    own[at] = (own[at] as number) + weight;
    ownSquares[at] = (ownSquares[at] as number) + weight * weight;
  }
  const totals = sums.map((column) => column.reduce((a, b) => a + b, 0));
  const totalSquares = squares.map((column) => column.reduce((a, b) => a + b, 0));
  const of = (values: readonly Float64Array[], arm: number, at: number) => values[arm]?.[at] ?? 0;
  const total = (arm: number) => totals[arm] as number;
  return labels.slice(1).some((_, i) => {
    const arm = i + 1;
    return groupsOf(count).some((at) => {
      const share = (of(sums, arm, at) + of(sums, 0, at)) / (total(arm) + total(0));
      const difference = of(sums, arm, at) / total(arm) - of(sums, 0, at) / total(0);
      const varianceOf = (own: number) => {
        const inside = of(squares, own, at);
        const outside = (totalSquares[own] as number) - inside;
        return (inside * (1 - share) ** 2 + outside * share ** 2) / total(own) ** 2;
      };
      const error = Math.sqrt(varianceOf(arm) + varianceOf(0));
      const material = MATERIAL * Math.sqrt(share * (1 - share));
      return Math.abs(difference) > Math.max(limit * error, material);
    });
  });
}

export function groupsOf(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

/**
 * One number per row, whose mean is an arm's effect when customers of the same group of a column are
 * compared. Groups without customers of the arm, or of the control, are left out.
 */
export function effectWithin(
  experiment: BalanceRows,
  { groups, count }: GroupedColumn,
  arm: number,
): Float64Array {
  const { arms, outcomes } = experiment;
  const rows = new Float64Array(count);
  const weights = [new Float64Array(count), new Float64Array(count)] as const;
  const sums = [new Float64Array(count), new Float64Array(count)] as const;
  const sideOf = (row: number) => (arms[row] === arm ? 1 : 0);
  for (let row = 0; row < arms.length; row++) {
    const at = groups[row] as number;
    rows[at] = (rows[at] as number) + 1;
    if (arms[row] !== arm && arms[row] !== 0) continue;
    const [own, ownSums] = [weights[sideOf(row)], sums[sideOf(row)]];
    const weight = weightOf(experiment, row);
    own[at] = (own[at] as number) + weight;
    ownSums[at] = (ownSums[at] as number) + weight * (outcomes[row] as number);
  }
  const isCompared = rows.map((_, at) =>
    (weights[0][at] as number) > 0 && (weights[1][at] as number) > 0 ? 1 : 0,
  );
  const compared = rows.reduce((sum, size, at) => sum + size * (isCompared[at] as number), 0);
  const meanOf = (side: 0 | 1, at: number) => (sums[side][at] as number) / (weights[side][at] as number);
  return outcomes.map((outcome, row) => {
    const at = groups[row] as number;
    if (isCompared[at] === 0) return 0;
    let adjusted = meanOf(1, at) - meanOf(0, at);
    if (arms[row] === arm || arms[row] === 0) {
      const side = sideOf(row);
      const scale = (weightOf(experiment, row) * (rows[at] as number)) / (weights[side][at] as number);
      adjusted += (side === 1 ? scale : -scale) * (outcome - meanOf(side, at));
    }
    return (adjusted * arms.length) / compared;
  });
}

export function total(values: Float64Array | undefined): number {
  return values?.reduce((a, b) => a + b, 0) ?? 0;
}
