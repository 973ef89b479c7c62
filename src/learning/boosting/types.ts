/**
 * A decision tree over binned features. Inner nodes are numbered from the root, 0; a child below 0 is the
 * leaf `~child`. A tree without inner nodes is a single leaf.
 */
export interface Tree {
  /** Index of the feature of each inner node. */
  readonly feature: Int32Array;
  /** For a number: the highest bin that goes left. For a category: -1 - the index in `sets`. */
  readonly threshold: Int32Array;
  /** For a number: whether bin 0 (missing) goes left, 1 or 0. */
  readonly missingLeft: Uint8Array;
  /** Bins of a category that go left. */
  readonly sets: readonly (readonly number[])[];
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** One value per leaf, or one per leaf and output. */
  readonly values: Float64Array;
}

export type Loss = "logistic" | "squared";

/** The sum of `start` and one leaf of every tree; for the logistic loss, a log-odds. */
export interface BoostingModel {
  readonly kind: "boosting";
  readonly loss: Loss;
  readonly start: number;
  readonly trees: readonly Tree[];
}

export interface BoostingOptions {
  readonly loss: Loss;
  /** Maximum number of trees. */
  readonly trees: number;
  /** Maximum number of leaves of a tree, from 2. */
  readonly leaves: number;
  /** Share of each tree's step that is used, in (0, 1]. */
  readonly learningRate: number;
  /** L2 penalty of a leaf's value, in rows of average curvature. */
  readonly l2Rows: number;
  /** Minimum size of a leaf, in rows of average curvature. */
  readonly minLeafRows: number;
  /** Share of the features that each tree may split on, in (0, 1]. */
  readonly columnShare: number;
  /** Share of the rows on which each tree is grown, in (0, 1]. */
  readonly rowShare: number;
  /** Training stops after this number of trees without a lower loss on the validation rows. */
  readonly patience: number;
  readonly seed: number;
}
