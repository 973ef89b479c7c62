import type { BoostingModel, Tree } from "../../boosting/types.ts";
import { type BinFeature, createBinned, getFeature, setFeature } from "../../features/bins.ts";
import type { EncodedExperiment } from "../experiment.ts";
import type { OutcomeModel } from "../types.ts";
import { fitOutcomeTrees } from "./outcome.ts";
import type { FittedLearner, LearnerInput } from "./types.ts";

/**
 * S-learner of trees: one model of all arms in which the arm is a feature. The model of an arm is the trees
 * with the arm fixed.
 */
export function fitSBoosting({ experiment, rows, seed }: LearnerInput): FittedLearner {
  const { bins, labels } = experiment;
  const index = bins.features.length;
  const arm: BinFeature = { kind: "category", name: "arm", labels: labels.map(String), rare: false };
  const features = [...bins.features, arm];
  const model = fitOutcomeTrees(
    { kind: experiment.kind, clusters: experiment.clusters, bins: { features }, binned: withArm(experiment) },
    rows,
    experiment.outcomes,
    seed,
  );
  if (model.kind !== "boosting") throw new TypeError("a model of trees was expected");
  const knowing = (code: number): OutcomeModel => restrict(model, index, code + 1);
  return {
    none: knowing(0),
    arms: labels.slice(1).map((_, i) => ({ predicts: "outcome", model: knowing(i + 1) })),
    forest: null,
  };
}

/** The bins with the arm as the last feature: bin 1 is the control. */
function withArm({ binned, bins, arms }: EncodedExperiment) {
  const index = bins.features.length;
  const extended = createBinned(binned.rows, Math.ceil((index + 1) / 4));
  for (let feature = 0; feature < index; feature++) {
    setFeature(extended, feature, getFeature(binned, feature));
  }
  setFeature(
    extended,
    index,
    Uint8Array.from(arms, (code) => code + 1),
  );
  return extended;
}

/** The model with one feature fixed to a bin: no tree splits on it any more. */
function restrict(model: BoostingModel, feature: number, bin: number): BoostingModel {
  return { ...model, trees: model.trees.map((tree) => restrictTree(tree, feature, bin)) };
}

function restrictTree(tree: Tree, known: number, bin: number): Tree {
  const nodes: number[] = [];
  const leaves: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const follow = (child: number): number => {
    let at = child;
    while (at >= 0 && tree.feature[at] === known) {
      const set = tree.sets[-(tree.threshold[at] as number) - 1] ?? [];
      at = (set.includes(bin) ? tree.left[at] : tree.right[at]) as number;
    }
    return at;
  };
  // Parents before their children, as the prediction requires.
  const visit = (child: number): number => {
    const at = follow(child);
    if (at < 0) return ~(leaves.push(~at) - 1);
    const number = nodes.push(at) - 1;
    left[number] = visit(tree.left[at] as number);
    right[number] = visit(tree.right[at] as number);
    return number;
  };
  visit(tree.feature.length > 0 ? 0 : -1);
  const sets: (readonly number[])[] = [];
  const threshold = nodes.map((node) => {
    const limit = tree.threshold[node] as number;
    return limit < 0 ? -sets.push(tree.sets[-limit - 1] as readonly number[]) : limit;
  });
  return {
    feature: Int32Array.from(nodes, (node) => tree.feature[node] as number),
    threshold: Int32Array.from(threshold),
    missingLeft: Uint8Array.from(nodes, (node) => tree.missingLeft[node] as number),
    sets,
    left: Int32Array.from(left),
    right: Int32Array.from(right),
    values: Float64Array.from(leaves, (leaf) => tree.values[leaf] as number),
  };
}
