import type { Table } from "../../core/index.ts";
import { compileTrees, predictBoosting } from "../boosting/predict.ts";
import { fitBoostingStopped } from "../boosting/train.ts";
import type { BoostingModel, BoostingOptions } from "../boosting/types.ts";
import { type BinSchema, binRows, learnBins } from "../features/bins.ts";

/** One boosted model per class, for the probability that this class is chosen rather than any other. */
export interface BoostedChoice {
  readonly bins: BinSchema;
  /** In the order of the classes. */
  readonly classes: readonly BoostingModel[];
}

const TREES: Omit<BoostingOptions, "seed"> = {
  loss: "logistic",
  trees: 120,
  leaves: 8,
  learningRate: 0.08,
  l2Rows: 5,
  minLeafRows: 20,
  columnShare: 0.8,
  rowShare: 1,
  patience: 12,
};

/**
 * Boosting of one class against the rest, for each class.
 *
 * Source: Friedman 2001, "Greedy function approximation"; Rifkin and Klautau 2004, "In defense of one-vs-all
 * classification", JMLR 5.
 *
 * @param chosen the chosen class of each row of the table
 * @param rows the rows to learn from
 */
export function fitBoostedChoice(
  table: Table,
  chosen: Int32Array,
  { classes, rows, seed }: { readonly classes: number; readonly rows: Uint32Array; readonly seed: number },
): BoostedChoice {
  const bins = learnBins(table);
  const binned = binRows(bins, table);
  const models = Array.from({ length: classes }, (_, k) => {
    const targets = Float64Array.from(chosen, (own) => (own === k ? 1 : 0));
    const data = { binned, features: bins.features, targets, weights: null, rows };
    return fitBoostingStopped(data, { ...TREES, seed: seed + k });
  });
  return { bins, classes: models };
}

/**
 * The probabilities of the classes, scaled to sum to 1.
 *
 * @returns `rows x classes`
 * @throws ERR_FEATURE_MISSING, ERR_FEATURE_INVALID
 */
export function predictBoostedChoice({ bins, classes }: BoostedChoice, table: Table): Float64Array {
  const binned = binRows(bins, table);
  const columns = classes.map((model) => predictBoosting(model, binned, compileTrees(model.trees)));
  const probabilities = new Float64Array(table.rows * classes.length);
  for (let row = 0; row < table.rows; row++) {
    const total = columns.reduce((sum, column) => sum + (column[row] as number), 0);
    for (const [k, column] of columns.entries()) {
      probabilities[row * classes.length + k] = (column[row] as number) / total;
    }
  }
  return probabilities;
}
