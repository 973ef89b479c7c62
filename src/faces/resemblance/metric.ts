import { FEATURE_COUNT, PART_RANGES, PARTS, type PartName } from "./features.ts";

/** Greatest weight of a part. Weights that sum to 1 place two different people 1 apart on average. */
export const MOST_WEIGHT = 10;

/** The weight of each part, 0 to `MOST_WEIGHT`; 0 leaves it out. */
export type ResemblanceWeights = Readonly<Record<PartName, number>>;

/** New weights of some parts; undefined leaves a weight as it is. */
export type WeightChanges = { readonly [part in PartName]?: number | undefined };

/** A low-rank linear map, learned from people's judgements. */
export interface ResemblanceMap {
  /** Number of rows, at most 16. */
  readonly rank: number;
  /** Row-major: `rank` rows of `FEATURE_COUNT`. */
  readonly values: Float32Array;
}

/**
 * How resemblance is measured: its square is the sum over the parts of weight times squared distance, plus
 * the squared length of the mapped difference. Without a map two different people are 1 apart on average.
 */
export interface ResemblanceMetric {
  readonly weights: ResemblanceWeights;
  readonly map: ResemblanceMap | null;
}

/**
 * Learned on 101 pairs of faces that people posted as look-alikes, regularised towards round numbers
 * (docs/faces.md). The sum is 1 if all parts are known.
 */
export const DEFAULT_WEIGHTS: Readonly<Record<"withLook" | "withoutLook", ResemblanceWeights>> = {
  withLook: { identity: 0.345, shape: 0.04, traits: 0.04, look: 0.54, age: 0.01, smile: 0.025, hair: 0 },
  withoutLook: { identity: 0.76, shape: 0.083, traits: 0.105, look: 0, age: 0.015, smile: 0.037, hair: 0 },
};

/**
 * The default metric for faces with these feature parts.
 *
 * @example
 * const metric = defaultMetric(new Set(["identity", "shape"]));
 */
export function defaultMetric(parts: ReadonlySet<PartName>, weights: WeightChanges = {}): ResemblanceMetric {
  const base = DEFAULT_WEIGHTS[parts.has("look") ? "withLook" : "withoutLook"];
  return restrict(reweigh({ weights: base, map: null }, weights), parts);
}

/** The metric without the parts that are missing for some faces; its map does not use them either. */
export function restrict(metric: ResemblanceMetric, parts: ReadonlySet<PartName>): ResemblanceMetric {
  const missing = PARTS.map(({ name }) => name).filter((name) => !parts.has(name));
  const without = Object.fromEntries(missing.map((name) => [name, 0]));
  const { map } = metric;
  if (map === null) return { weights: { ...metric.weights, ...without }, map };
  const values = map.values.slice();
  for (let row = 0; row < map.rank; row++) {
    for (const name of missing) {
      const [from, to] = PART_RANGES[name];
      values.fill(0, row * FEATURE_COUNT + from, row * FEATURE_COUNT + to);
    }
  }
  return { weights: { ...metric.weights, ...without }, map: { rank: map.rank, values } };
}

/**
 * Returns the metric with some weights changed.
 *
 * @example
 * const metric = reweigh(defaultMetric(parts), { age: 0.05 });
 */
export function reweigh(metric: ResemblanceMetric, changes: WeightChanges): ResemblanceMetric {
  const weights = Object.fromEntries(
    PARTS.map(({ name }) => [name, changes[name] ?? metric.weights[name]]),
  ) as Record<PartName, number>;
  return { weights, map: metric.map };
}

/** Whether a metric compares anything: a weight is above 0, or its map uses a part. */
export function measures({ weights, map }: ResemblanceMetric): boolean {
  return Object.values(weights).some((weight) => weight > 0) || (map?.values.some(Boolean) ?? false);
}

/** Length of the vectors of a metric. */
export function vectorSize({ weights, map }: ResemblanceMetric): number {
  return PARTS.reduce((sum, { name, size }) => sum + (weights[name] > 0 ? size : 0), map?.rank ?? 0);
}

/**
 * The vector of a face: the Euclidean distance between two vectors of one metric is their resemblance, 0 for the same face.
 *
 * @param features `FEATURE_COUNT` numbers
 *
 * @example
 * const resemblance = euclideanDistance(resemblanceVector(a, metric), resemblanceVector(b, metric));
 */
export function resemblanceVector(features: Float32Array, metric: ResemblanceMetric): Float32Array {
  const vector = new Float32Array(vectorSize(metric));
  let at = 0;
  for (const { name } of PARTS) {
    const weight = metric.weights[name];
    if (!(weight > 0)) continue;
    const factor = Math.sqrt(weight);
    const [from, to] = PART_RANGES[name];
    for (let i = from; i < to; i++) vector[at++] = factor * (features[i] as number);
  }
  const { rank, values } = metric.map ?? { rank: 0, values: new Float32Array(0) };
  for (let row = 0; row < rank; row++) {
    let sum = 0;
    for (let i = 0; i < FEATURE_COUNT; i++)
      sum += (values[row * FEATURE_COUNT + i] as number) * (features[i] as number);
    vector[at++] = sum;
  }
  return vector;
}
