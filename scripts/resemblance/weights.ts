import { createRandom, randomPermutation } from "../../src/core/index.ts";
import { PART_RANGES, PARTS, type PartName, type ResemblanceWeights } from "../../src/faces/index.ts";
import { minimise } from "../../src/learning/choice/lbfgs.ts";
import type { Distances } from "./ranking.ts";

/** Squared distances of the pairs' left to right faces, part by part. */
export type PartDistances = Readonly<Record<PartName, Distances>>;

export function partDistances(left: readonly Float32Array[], right: readonly Float32Array[]): PartDistances {
  const tables = PARTS.map(({ name }) => [name, left.map((a) => right.map((b) => squared(a, b, name)))]);
  return Object.fromEntries(tables) as PartDistances;
}

function squared(a: Float32Array, b: Float32Array, part: PartName): number {
  const [from, to] = PART_RANGES[part];
  let sum = 0;
  for (let i = from; i < to; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2;
  return sum;
}

/** Squared resemblance under given weights. */
export function weigh(parts: PartDistances, weights: ResemblanceWeights): Distances {
  const used = PARTS.filter(({ name }) => weights[name] > 0);
  return parts.identity.map((row, i) =>
    row.map((_, j) => used.reduce((sum, { name }) => sum + weights[name] * (parts[name][i]?.[j] ?? 0), 0)),
  );
}

export interface WeightFit {
  /** Weights before any pair is seen; parts of weight 0 stay out. They add up to 1. */
  readonly prior: ResemblanceWeights;
  /** How strongly the logarithms of the weights are pulled to those of the prior. */
  readonly pull: number;
}

/**
 * Learns weights from pairs: the partner's share of a softmax of negative squared resemblance over the right faces, and
 * over the left ones, is to be large (a conditional logit, McFadden 1974), with a ridge towards the prior. The common
 * factor of the weights is free.
 *
 * @param pairs places of the pairs to learn from
 * @returns weights that add up to 1
 */
export function fitWeights(
  parts: PartDistances,
  pairs: readonly number[],
  { prior, pull }: WeightFit,
): ResemblanceWeights {
  const names = PARTS.map(({ name }) => name).filter((name) => prior[name] > 0);
  const logs = names.map((name) => Math.log(prior[name]));
  const tables = names.map((name) => pairs.map((i) => pairs.map((j) => parts[name][i]?.[j] ?? 0)));
  const start = Float64Array.from([...logs, 2]);
  const best = minimise((x, gradient) => objective(x, gradient, { tables, logs, pull }), start);
  const learned = names.map((_, k) => Math.exp(best[k] ?? 0));
  const total = learned.reduce((sum, weight) => sum + weight, 0);
  return Object.fromEntries(
    PARTS.map(({ name }) => [name, (learned[names.indexOf(name)] ?? 0) / total]),
  ) as Record<PartName, number>;
}

interface Task {
  /** Per part a table of squared distances. */
  readonly tables: readonly Distances[];
  readonly logs: readonly number[];
  readonly pull: number;
}

/** x: logarithms of the weights, then that of their common factor. */
function objective(x: Float64Array, gradient: Float64Array, { tables, logs, pull }: Task): number {
  const size = logs.length;
  const factors = logs.map((_, k) => Math.exp((x[k] ?? 0) + (x[size] ?? 0)));
  const count = tables[0]?.length ?? 0;
  const logits = Array.from({ length: count }, (_, i) =>
    Array.from({ length: count }, (_, j) =>
      factors.reduce((sum, factor, k) => sum - factor * (tables[k]?.[i]?.[j] ?? 0), 0),
    ),
  );
  // Slope of the loss by each logit.
  const slopes = logits.map((row) => row.map(() => 0));
  let value = 0;
  for (let i = 0; i < count; i++) {
    const line = Array.from({ length: count }, (_, j) => j);
    value += softmaxLoss(
      line.map((j) => logits[i]?.[j] ?? 0),
      i,
      (j, slope) => add(slopes, [i, j], slope),
    );
    value += softmaxLoss(
      line.map((j) => logits[j]?.[i] ?? 0),
      i,
      (j, slope) => add(slopes, [j, i], slope),
    );
  }
  const away = logs.map((log, k) => (x[k] ?? 0) - log);
  const common = away.reduce((sum, one) => sum + one, 0) / size;
  gradient.fill(0);
  for (let k = 0; k < size; k++) {
    let slope = 0;
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++) slope -= (slopes[i]?.[j] ?? 0) * (tables[k]?.[i]?.[j] ?? 0);
    const pulled = (away[k] ?? 0) - common;
    value += pull * pulled * pulled;
    gradient[k] = slope * (factors[k] ?? 0) + 2 * pull * pulled;
    gradient[size] = (gradient[size] ?? 0) + slope * (factors[k] ?? 0);
  }
  return value;
}

function add(slopes: number[][], [i, j]: readonly [number, number], slope: number): void {
  const row = slopes[i];
  if (row !== undefined) row[j] = (row[j] ?? 0) + slope;
}

/** Half the negative log-likelihood of the right place, and its slope by each logit. */
function softmaxLoss(logits: readonly number[], right: number, give: (j: number, slope: number) => void) {
  const most = Math.max(...logits);
  const exponentials = logits.map((logit) => Math.exp(logit - most));
  const total = exponentials.reduce((sum, one) => sum + one, 0);
  exponentials.forEach((one, j) => {
    give(j, (one / total - (j === right ? 1 : 0)) / 2);
  });
  return (Math.log(total) + most - (logits[right] ?? 0)) / 2;
}

/**
 * Ranks of the partners among all faces, each under weights that were learned without its pair.
 *
 * @returns per repetition, pair and direction, as `Ranking.ranks`
 */
export function crossValidatedRanks(
  parts: PartDistances,
  fit: WeightFit,
  { folds, repeats, seed }: { readonly folds: number; readonly repeats: number; readonly seed: number },
): number[] {
  const count = parts.identity.length;
  const random = createRandom(seed);
  const ranks: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const order = randomPermutation(count, random);
    for (let fold = 0; fold < folds; fold++) {
      const isHeld = (pair: number) => (order[pair] ?? 0) % folds === fold;
      const pairs = Array.from({ length: count }, (_, pair) => pair);
      const weights = fitWeights(
        parts,
        pairs.filter((pair) => !isHeld(pair)),
        fit,
      );
      const distances = weigh(parts, weights);
      for (const held of pairs.filter(isHeld)) {
        const own = distances[held]?.[held] ?? 0;
        ranks.push((distances[held] ?? []).filter((distance) => distance < own).length);
        ranks.push(distances.filter((row) => (row[held] ?? 0) < own).length);
      }
    }
  }
  return ranks;
}
