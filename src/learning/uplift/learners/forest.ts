import { createRandom, type Random, randomPermutation } from "../../../core/index.ts";
import { sidesOf } from "../../boosting/grow.ts";
import type { Tree } from "../../boosting/types.ts";
import { getFeature } from "../../features/bins.ts";
import type { EncodedExperiment } from "../experiment.ts";
import { type ArmSums, type ForestData, findDivergence, sumOver } from "./divergence.ts";
import type { FittedLearner, LearnerInput } from "./types.ts";

const TREES = 60;
/** Maximum number of rows for growing and filling a tree. */
const MAX_TREE_ROWS = 100_000;
const MAX_DEPTH = 6;
/** Rows at which a leaf's difference has half of the weight and its parent's the other half. */
const PRIOR_ROWS = 200;

/**
 * A forest for any number of arms: each tree splits where the squared Euclidean divergence between the arms'
 * mean outcomes increases most. Its leaves are honest: the means are those of rows that were not used for the
 * splits.
 *
 * Source: Rzepakowski and Jaroszewicz 2012, "Decision trees for uplift modeling with single and multiple
 * treatments", Knowledge and Information Systems 32; honesty: Athey and Imbens 2016, PNAS 113.
 */
export function fitForest({ experiment, rows, seed }: LearnerInput): FittedLearner {
  const random = createRandom(seed);
  const columns = experiment.bins.features.map((_, feature) => getFeature(experiment.binned, feature));
  const weights = inverseOwn(experiment);
  const data: ForestData = { experiment, columns, weights };
  const trees = Array.from({ length: TREES }, () => growTree(data, rows, random));
  return {
    none: { kind: "forest", output: 0 },
    arms: experiment.labels.slice(1).map((_, i) => ({
      predicts: "outcome",
      model: { kind: "forest", output: i + 1 },
    })),
    forest: trees,
  };
}

function inverseOwn({ propensities, arms }: EncodedExperiment): Float64Array | null {
  const { own, shares } = propensities;
  return own === null
    ? null
    : own.map((probability, row) => (shares[arms[row] as number] as number) / probability);
}

interface Grown {
  readonly feature: number[];
  readonly threshold: number[];
  readonly missingLeft: number[];
  readonly sets: (readonly number[])[];
  readonly left: number[];
  readonly right: number[];
  readonly values: number[];
}

function growTree(data: ForestData, all: Uint32Array, random: Random): Tree {
  const shuffled = randomPermutation(all.length, random);
  const size = Math.min(MAX_TREE_ROWS, Math.floor(all.length * 0.6));
  const drawn = shuffled.subarray(0, size).map((i) => all[i] as number);
  const half = size >> 1;
  const grown: Grown = {
    feature: [],
    threshold: [],
    missingLeft: [],
    sets: [],
    left: [],
    right: [],
    values: [],
  };
  const root = {
    growing: drawn.subarray(0, half),
    filling: drawn.subarray(half),
    means: meansOf(sumOver(data, drawn.subarray(half)), null),
    depth: 0,
  };
  visit(data, grown, root, random);
  return {
    feature: Int32Array.from(grown.feature),
    threshold: Int32Array.from(grown.threshold),
    missingLeft: Uint8Array.from(grown.missingLeft),
    sets: grown.sets,
    left: Int32Array.from(grown.left),
    right: Int32Array.from(grown.right),
    values: Float64Array.from(grown.values),
  };
}

interface Node {
  /** Rows for choosing splits, and rows for the values of the leaves. */
  readonly growing: Uint32Array;
  readonly filling: Uint32Array;
  /** Mean outcome of each arm. */
  readonly means: Float64Array;
  readonly depth: number;
}

/** @returns the node's number, or ~leaf */
function visit(data: ForestData, grown: Grown, node: Node, random: Random): number {
  const split = node.depth < MAX_DEPTH ? findDivergence(data, node.growing, random) : null;
  if (split === null) {
    const arms = node.means.length;
    grown.values.push(...node.means);
    return ~(grown.values.length / arms - 1);
  }
  const number = grown.feature.push(split.feature) - 1;
  grown.threshold.push(split.set === null ? split.threshold : -grown.sets.push(split.set));
  grown.missingLeft.push(split.missingLeft ? 1 : 0);
  grown.left.push(0);
  grown.right.push(0);
  const goesLeft = sidesOf(split);
  const bins = data.columns[split.feature] as Uint8Array;
  const side = (rows: Uint32Array, wanted: number) =>
    rows.filter((row) => goesLeft[bins[row] as number] === wanted);
  const child = (wanted: number): Node => {
    const filling = side(node.filling, wanted);
    return {
      growing: side(node.growing, wanted),
      filling,
      means: meansOf(sumOver(data, filling), node.means),
      depth: node.depth + 1,
    };
  };
  grown.left[number] = visit(data, grown, child(1), random);
  grown.right[number] = visit(data, grown, child(0), random);
  return number;
}

/** Mean outcome of each arm, shrunk towards the parent's by `PRIOR_ROWS`. */
function meansOf(sums: ArmSums, parent: Float64Array | null): Float64Array {
  return Float64Array.from({ length: sums.length / 2 }, (_, arm) => {
    const prior = parent === null ? 0 : PRIOR_ROWS;
    const rows = (sums[2 * arm] as number) + prior;
    return rows > 0 ? ((sums[2 * arm + 1] as number) + prior * (parent?.[arm] ?? 0)) / rows : 0;
  });
}
