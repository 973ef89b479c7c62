import { type CategoryColumn, createRandom } from "../../core/index.ts";
import { assignFolds, type Clusters } from "../../statistics/index.ts";

/** Encoding of a large category: the mean outcome of each level, shrunk towards the overall mean. */
export interface TargetEncoding {
  /** Mean outcome of all training rows; used for an unseen or missing level. */
  readonly prior: number;
  /** Standard deviation of the encoded training rows, above 0. */
  readonly deviation: number;
  /** Encoded value of each level in training. */
  readonly values: ReadonlyMap<string, number>;
}

/** The outcome by which levels are encoded. */
export interface EncodingTarget {
  readonly outcomes: Float64Array;
  /** The rows of a cluster are encoded without each other. */
  readonly clusters: Clusters;
}

/** Weight, in rows, of the overall mean in the mean of a level. */
const PRIOR_ROWS = 20;
const FOLDS = 5;

/**
 * Encodes a column with many levels by the outcome. A training row's value comes from the rows of the other
 * folds, so that no row is explained by its own outcome.
 *
 * Source: Micci-Barreca 2001, "A preprocessing scheme for high-cardinality categorical attributes", SIGKDD
 * Explorations 3.
 *
 * @returns the encoding for later rows, and the training rows' own values; null if all rows have the same
 *   encoding
 */
export function encodeByTarget(
  { codes, labels }: CategoryColumn,
  { outcomes, clusters }: EncodingTarget,
): { readonly encoding: TargetEncoding; readonly own: Float64Array } | null {
  const foldOf = assignFolds(new Uint8Array(codes.length), FOLDS, createRandom(1), clusters);
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
