import { normalQuantile } from "../../statistics/index.ts";
import {
  type BalanceRows,
  differs,
  type GroupedColumn,
  groupsOf,
  LEVEL,
  total,
  unitsOf,
} from "./imbalance.ts";

/**
 * The position of the rows in the log, in groups, if the shares of the arms change from one to the next: an arm that
 * started later, or probabilities that changed by day. Null if they do not, or if the rows may have been sorted by their
 * arm or outcome: then neighbours have the same one more often than by chance.
 */
export function driftingOrder(experiment: BalanceRows): GroupedColumn | null {
  const { arms, labels } = experiment;
  const { units, most } = unitsOf(experiment);
  if (most < 2) return null;
  const groups = Uint8Array.from(arms, (_, row) => Math.floor((row * most) / arms.length));
  const column: GroupedColumn = { feature: "the order of the rows", count: most, groups };
  const limit = normalQuantile(1 - LEVEL / (2 * most * (labels.length - 1)));
  if (!differs(experiment, units, column, limit)) return null;
  return isSorted(experiment, units, column) ? null : column;
}

/** Share of the outcomes' variance between groups of neighbours that no change over time explains. */
const SORTED_SHARE = 0.2;
/** Standard errors by which neighbours may have the same arm more often than by chance. */
const SORTED_ERRORS = 4;

function isSorted(
  { arms, labels, outcomes }: BalanceRows,
  units: Uint32Array,
  column: GroupedColumn,
): boolean {
  const { groups, count } = column;
  const sizes = groupsOf(count).map(() => new Float64Array(labels.length));
  const sums = new Float64Array(count);
  let [squares, changes] = [0, 0];
  for (const [i, row] of units.entries()) {
    const [at, arm, outcome] = [groups[row] as number, arms[row] as number, outcomes[row] as number];
    const own = sizes[at] as Float64Array;
    own[arm] = (own[arm] as number) + 1;
    sums[at] = (sums[at] as number) + outcome;
    squares += outcome * outcome;
    const before = units[i - 1];
    if (before !== undefined && groups[before] === at && arms[before] !== arm) changes++;
  }
  const rows = sizes.map(total);
  const mean = total(sums) / units.length;
  const between = groupsOf(count).reduce(
    (sum, at) => sum + (rows[at] as number) * ((sums[at] as number) / (rows[at] as number) - mean) ** 2,
    0,
  );
  if (between > SORTED_SHARE * (squares - units.length * mean * mean)) return true;
  const expected = sizes.reduce((sum, own, at) => {
    const all = rows[at] as number;
    return sum + own.reduce((inside, size) => inside + (size * (all - size)) / all, 0);
  }, 0);
  const isPure = sizes.filter((own, at) => Math.max(...own) === rows[at]).length > count / 2;
  return isPure || changes < expected - (SORTED_ERRORS * Math.sqrt(units.length)) / 2;
}
