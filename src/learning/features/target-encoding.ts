import { type CategoryColumn, createRandom } from "../../core/index.ts";
import { type Clusters, dealFolds } from "../../statistics/index.ts";

/** What the levels of a large category stand for: their mean outcome, drawn towards that of all. */
export interface TargetEncoding {
  /** Mean outcome of all training rows: what an unseen or missing level stands for. */
  readonly prior: number;
  /** Standard deviation of the encoded training rows, above 0. */
  readonly deviation: number;
  /** Per level that training saw. */
  readonly values: ReadonlyMap<string, number>;
}

/** What levels are encoded by. */
export interface EncodingTarget {
  readonly outcomes: Float64Array;
  /** Rows of one cluster are encoded without each other. */
  readonly clusters: Clusters;
}

/** Rows of the mean of all that each level's own mean is mixed with. */
const PRIOR_ROWS = 20;
const FOLDS = 5;

/**
 * Encodes a column of many levels by the outcome. A training row's value comes from the rows of the other folds, so that no row
 * is explained by its own outcome.
 *
 * Source: Micci-Barreca 2001, "A preprocessing scheme for high-cardinality categorical attributes", SIGKDD Explorations 3.
 *
 * @returns the encoding for later rows, and the training rows' own values; null where all rows are encoded alike
 */
export function encodeByTarget(
  { codes, labels }: CategoryColumn,
  { outcomes, clusters }: EncodingTarget,
): { readonly encoding: TargetEncoding; readonly own: Float64Array } | null {
  const foldOf = dealFolds(new Uint8Array(codes.length), FOLDS, createRandom(1), clusters);
  const sums = Array.from({ length: FOLDS + 1 }, () => new Float64Array(labels.length + 1));
  const counts = sums.map(({ length }) => new Float64Array(length));
  const all = labels.length;
  for (let row = 0; row < codes.length; row++) {
    const outcome = outcomes[row] ?? 0;
    const code = codes[row] ?? -1;
    for (const fold of [foldOf[row] ?? 0, FOLDS]) {
      for (const level of code < 0 ? [all] : [code, all]) {
        add(sums[fold], level, outcome);
        add(counts[fold], level, 1);
      }
    }
  }
  const at = (table: readonly Float64Array[], level: number, without: number | null) =>
    (table[FOLDS]?.[level] ?? 0) - (without === null ? 0 : (table[without]?.[level] ?? 0));
  const meanOf = (level: number, without: number | null) => {
    const prior = at(sums, all, without) / Math.max(1, at(counts, all, without));
    if (level < 0) return prior;
    return (at(sums, level, without) + PRIOR_ROWS * prior) / (at(counts, level, without) + PRIOR_ROWS);
  };
  const own = Float64Array.from(codes, (code, row) => meanOf(code, foldOf[row] ?? 0));
  const prior = meanOf(-1, null);
  const deviation = Math.sqrt(own.reduce((sum, value) => sum + (value - prior) ** 2, 0) / own.length);
  if (!(deviation > 1e-9 * Math.max(1, Math.abs(prior)))) return null;
  const seen = labels.flatMap((label, level) =>
    (counts[FOLDS]?.[level] ?? 0) > 0 ? [[label, meanOf(level, null)] as const] : [],
  );
  return { encoding: { prior, deviation, values: new Map(seen) }, own };
}

function add(into: Float64Array | undefined, at: number, value: number): void {
  if (into !== undefined) into[at] = (into[at] ?? 0) + value;
}
