import { createRandom, randomNormal } from "../../core/index.ts";
import { FEATURE_COUNT, PARTS, type PartName, type ResemblanceMetric } from "../../faces/index.ts";
import { minimise } from "../choice/lbfgs.ts";
import type { Triplets } from "./triplets.ts";

/** Settings for learning a metric. */
export interface FitSettings {
  /** Rank of the linear map; 0: weights only. */
  readonly rank: number;
  /** Strength of the penalty that pulls the logarithms of weights to those of the base. */
  readonly weightPull: number;
  /** Strength of the penalty that pulls the map to zero. */
  readonly mapPull: number;
  readonly seed: number;
}

/** Initial weight of parts whose weight in the base is smaller, so that they can be learned. */
const LEAST_WEIGHT = 0.02;

/**
 * Learns a metric from judgements: a logistic model of the difference of squared distances (a triplet loss as
 * of Tamuz et al. 2011, "Adaptively learning the crowd kernel"), first the weights of the parts, then an
 * additional low-rank linear map, each pulled to the base by a ridge penalty.
 *
 * @returns a metric in the scale of the base: the sums of the weights are equal
 */
export function fitMetric(
  triplets: Triplets,
  base: ResemblanceMetric,
  settings: FitSettings,
): ResemblanceMetric {
  const start = PARTS.map(({ name }) => Math.log(Math.max(base.weights[name], LEAST_WEIGHT)));
  const sharpness = fitSharpness(triplets, start);
  const logs = fitWeights(
    triplets,
    start.map((log) => log + sharpness),
    settings.weightPull,
  );
  const map = settings.rank === 0 ? new Float64Array(0) : fitMap(triplets, logs, settings);
  // Parts without a difference, such as parts that the photos do not have, were not learned.
  const learned = logs.map((log, k) => (isConstant(triplets, k) ? Number.NEGATIVE_INFINITY : log));
  return inScaleOf(base, learned, map);
}

function isConstant({ count, parts }: Triplets, part: number): boolean {
  for (let i = 0; i < count; i++) if (parts[i * PARTS.length + part] !== 0) return false;
  return true;
}

/** The logarithm of a common factor of all weights: how certain the answers are under the base metric. */
function fitSharpness(triplets: Triplets, logs: readonly number[]): number {
  const margins = marginsOf(triplets, logs);
  const best = minimise((x, gradient) => {
    const factor = Math.exp(x[0] ?? 0);
    let value = 0.01 * (x[0] ?? 0) ** 2;
    let slope = 0.02 * (x[0] ?? 0);
    for (const margin of margins) {
      value += softplus(-factor * margin);
      slope -= factor * margin * logistic(-factor * margin);
    }
    gradient[0] = slope;
    return value;
  }, Float64Array.of(1));
  return best[0] ?? 0;
}

function fitWeights(triplets: Triplets, prior: readonly number[], pull: number): readonly number[] {
  const { count, parts } = triplets;
  const size = PARTS.length;
  const best = minimise((x, gradient) => {
    const weights = x.map(Math.exp);
    let value = 0;
    prior.forEach((log, k) => {
      const away = (x[k] ?? 0) - log;
      value += pull * away * away;
      gradient[k] = 2 * pull * away;
    });
    for (let i = 0; i < count; i++) {
      let margin = 0;
      for (let k = 0; k < size; k++) margin += (weights[k] ?? 0) * (parts[i * size + k] ?? 0);
      value += softplus(-margin);
      const slope = logistic(-margin);
      for (let k = 0; k < size; k++)
        gradient[k] = (gradient[k] ?? 0) - slope * (weights[k] ?? 0) * (parts[i * size + k] ?? 0);
    }
    // A trial step may overflow; it is then too long.
    return Number.isFinite(value) ? value : Number.POSITIVE_INFINITY;
  }, Float64Array.from(prior));
  return [...best];
}

/** The rows of the map, in the scale of the logistic model. */
function fitMap(
  triplets: Triplets,
  logs: readonly number[],
  { rank, mapPull, seed }: FitSettings,
): Float64Array {
  const margins = marginsOf(triplets, logs);
  const random = createRandom(seed);
  const start = Float64Array.from({ length: rank * FEATURE_COUNT }, () => 0.05 * randomNormal(random));
  return minimise(
    (x, gradient) => {
      let value = 0;
      for (let i = 0; i < x.length; i++) {
        value += mapPull * (x[i] ?? 0) ** 2;
        gradient[i] = 2 * mapPull * (x[i] ?? 0);
      }
      for (let i = 0; i < triplets.count; i++) {
        const [a, b] = [triplets.toChosen[i], triplets.toOther[i]];
        if (a !== undefined && b !== undefined)
          value += addMapped(x, gradient, { a, b, margin: margins[i] ?? 0 });
      }
      return value;
    },
    start,
    { maxIterations: 40, tolerance: 1e-4 },
  );
}

/** Adds the loss of one question and its part of the gradient. */
function addMapped(
  x: Float64Array,
  gradient: Float64Array,
  { a, b, margin }: { readonly a: Float32Array; readonly b: Float32Array; readonly margin: number },
): number {
  const rank = x.length / FEATURE_COUNT;
  const [alongA, alongB] = [new Float64Array(rank), new Float64Array(rank)];
  let whole = margin;
  for (let row = 0; row < rank; row++) {
    let [dotA, dotB] = [0, 0];
    for (let k = 0, at = row * FEATURE_COUNT; k < FEATURE_COUNT; k++, at++) {
      dotA += (x[at] as number) * (a[k] as number);
      dotB += (x[at] as number) * (b[k] as number);
    }
    alongA[row] = dotA;
    alongB[row] = dotB;
    whole += dotB * dotB - dotA * dotA;
  }
  const slope = -2 * logistic(-whole);
  for (let row = 0; row < rank; row++) {
    const [dotA, dotB] = [alongA[row] as number, alongB[row] as number];
    for (let k = 0, at = row * FEATURE_COUNT; k < FEATURE_COUNT; k++, at++)
      gradient[at] = (gradient[at] as number) + slope * (dotB * (b[k] as number) - dotA * (a[k] as number));
  }
  return softplus(-whole);
}

function inScaleOf(base: ResemblanceMetric, logs: readonly number[], map: Float64Array): ResemblanceMetric {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const learned = logs.map(Math.exp);
  // If the photos differ in no part, nothing was learned.
  if (sum(learned) === 0) return base;
  const scale = sum(Object.values(base.weights)) / sum(learned);
  const weights = Object.fromEntries(PARTS.map(({ name }, k) => [name, scale * (learned[k] ?? 0)]));
  return {
    weights: weights as Record<PartName, number>,
    map:
      map.length === 0
        ? null
        : {
            rank: map.length / FEATURE_COUNT,
            values: Float32Array.from(map, (value) => Math.sqrt(scale) * value),
          },
  };
}

function marginsOf({ count, parts }: Triplets, logs: readonly number[]): Float64Array {
  const weights = logs.map(Math.exp);
  return Float64Array.from({ length: count }, (_, i) =>
    weights.reduce((sum, weight, k) => sum + weight * (parts[i * weights.length + k] ?? 0), 0),
  );
}

function softplus(x: number): number {
  return x > 30 ? x : Math.log1p(Math.exp(x));
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
