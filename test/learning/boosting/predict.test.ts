import { describe, expect, it } from "vitest";
import { type Column, categoryColumn, createRandom, numberColumn } from "../../../src/core/index.ts";
import { sidesOf } from "../../../src/learning/boosting/grow.ts";
import { addTrees, compileTrees, predictBoosting } from "../../../src/learning/boosting/predict.ts";
import { fitBoosting } from "../../../src/learning/boosting/train.ts";
import type { Tree } from "../../../src/learning/boosting/types.ts";
import { type BinnedRows, binRows, getFeature, learnBins } from "../../../src/learning/features/bins.ts";

const ROWS = 3_000;
const random = createRandom(5);
const table = {
  rows: ROWS,
  columns: new Map<string, Column>([
    ["age", numberColumn(Array.from({ length: ROWS }, () => (random() < 0.1 ? null : 80 * random())))],
    [
      "region",
      categoryColumn(
        Array.from({ length: ROWS }, () =>
          random() < 0.1 ? null : (["n", "e", "s"][(3 * random()) | 0] ?? null),
        ),
      ),
    ],
    ...Array.from(
      { length: 7 },
      (_, j) => [`x${j}`, numberColumn(Array.from({ length: ROWS }, random))] as const,
    ),
  ]),
};
const schema = learnBins(table);
const binned = binRows(schema, table);
const x = getFeature(binned, 8);
const region = getFeature(binned, 1);
const targets = Float64Array.from(x, (bin, row) => bin / 100 + (region[row] as number) + random());
const everyone = Uint32Array.from({ length: ROWS }, (_, row) => row);

/** Tree by tree and node by node, as the type describes it. */
function walk(tree: Tree, rows: BinnedRows, row: number): number {
  let node = tree.feature.length > 0 ? 0 : -1;
  while (node >= 0) {
    const limit = tree.threshold[node] as number;
    const goesLeft = sidesOf({
      set: limit < 0 ? (tree.sets[-limit - 1] ?? null) : null,
      threshold: limit,
      missingLeft: tree.missingLeft[node] === 1,
    });
    const bin = getFeature(rows, tree.feature[node] as number)[row] as number;
    node = (goesLeft[bin] === 1 ? tree.left[node] : tree.right[node]) as number;
  }
  return ~node;
}

describe.each([2, 31, 33, 150])("trees of %i leaves", (leaves) => {
  const model = fitBoosting(
    { binned, features: schema.features, targets, weights: null, rows: everyone },
    {
      loss: "squared",
      trees: 3,
      leaves,
      learningRate: 0.3,
      l2Rows: 0,
      minLeafRows: 1,
      columnShare: 1,
      rowShare: 1,
      patience: 1,
      seed: 1,
    },
  );

  it("have them all", () => {
    expect(model.trees[0]?.values).toHaveLength(leaves);
  });

  it("give every row the sum of the leaves that a walk from node to node ends in, bit by bit", () => {
    const predicted = predictBoosting(model, binned);
    for (let row = 0; row < ROWS; row += 7) {
      const sum = model.trees.reduce(
        (total, tree) => total + (tree.values[walk(tree, binned, row)] as number),
        model.start,
      );
      expect(predicted[row]).toBe(sum);
    }
  });

  it("give as many values as they have outputs", () => {
    const tree = model.trees[0] as Tree;
    const twice = { ...tree, values: Float64Array.from({ length: 2 * leaves }, (_, i) => i) };
    const sums = new Float64Array(2 * ROWS);
    addTrees(compileTrees([twice], 2), binned, sums);
    for (let row = 0; row < ROWS; row += 7) {
      const leaf = walk(tree, binned, row);
      expect([...sums.subarray(2 * row, 2 * row + 2)]).toEqual([2 * leaf, 2 * leaf + 1]);
    }
  });
});

it("a tree of a single leaf adds it to every row", () => {
  const none = new Int32Array(0);
  const leaf: Tree = {
    feature: none,
    threshold: none,
    missingLeft: new Uint8Array(0),
    sets: [],
    left: none,
    right: none,
    values: Float64Array.of(2),
  };
  const predicted = predictBoosting({ kind: "boosting", loss: "squared", start: 1, trees: [leaf] }, binned);
  expect(predicted.every((value) => value === 3)).toBe(true);
});
