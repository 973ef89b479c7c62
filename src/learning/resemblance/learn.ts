import { createRandom, LookalikeError, randomPermutation } from "../../core/index.ts";
import { FEATURE_COUNT, PARTS, type ResemblanceMetric } from "../../faces/index.ts";
import { averageOf } from "../../statistics/index.ts";
import { type FitSettings, fitMetric } from "./fit.ts";
import { pick, type Triplets } from "./triplets.ts";

export interface LearnOptions {
  /** Default 1. */
  readonly seed?: number | undefined;
  /** Folds of the cross-validation; default 5. */
  readonly folds?: number | undefined;
}

/** The learned metric, and its improvement on held-out questions about other people. */
export interface LearnedMetric {
  readonly metric: ResemblanceMetric;
  /** Share of the held-out questions on which the base metric agrees with the raters. */
  readonly base: number;
  /** The same for the learned metric. */
  readonly learned: number;
  /** 95 % interval of the gain, by a bootstrap over the probe photos. */
  readonly gain: readonly [from: number, to: number];
  /** Whether the whole interval is above 0. */
  readonly isShown: boolean;
  readonly settings: Pick<FitSettings, "rank" | "weightPull" | "mapPull">;
  readonly questions: number;
}

/** Candidates; the one with the lowest held-out loss is used. */
const TRIED: readonly Pick<FitSettings, "rank" | "weightPull" | "mapPull">[] = [
  { rank: 0, weightPull: 100, mapPull: 0 },
  { rank: 0, weightPull: 1, mapPull: 0 },
  { rank: 0, weightPull: 10, mapPull: 0 },
  { rank: 1, weightPull: 1, mapPull: 2 },
  { rank: 4, weightPull: 1, mapPull: 4 },
  { rank: 8, weightPull: 1, mapPull: 6 },
  { rank: 16, weightPull: 1, mapPull: 8 },
];
/** Maximum numbers of a map per question; larger maps are not tried, because they would overfit. */
const NUMBERS_PER_QUESTION = 1.5;

/** The settings that this number of questions supports. */
export function triedFor(questions: number): typeof TRIED {
  return TRIED.filter(({ rank }) => rank * FEATURE_COUNT <= NUMBERS_PER_QUESTION * questions);
}

/**
 * Learns a metric, cross-validated over the probe photos. The gain is that of the whole procedure: in each
 * fold the settings are chosen on the other folds only.
 *
 * @throws ERR_JUDGEMENTS_INVALID there are fewer probe photos than folds
 */
export function learnMetric(
  triplets: Triplets,
  base: ResemblanceMetric,
  { seed = 1, folds = 5 }: LearnOptions = {},
): LearnedMetric {
  const probes = new Set(triplets.probes).size;
  if (probes < folds) {
    throw new LookalikeError(
      "ERR_JUDGEMENTS_INVALID",
      `Expected answers about at least ${folds} probe photos but found ${probes}`,
      { hint: "Collect answers about more people: the gain is measured on people held out." },
    );
  }
  const fold = foldsOf(triplets.probes, folds, seed);
  const places = triplets.probes.map((_, place) => place);
  const rights = { base: new Float64Array(triplets.count), learned: new Float64Array(triplets.count) };
  for (let held = 0; held < folds; held++) {
    const training = pick(
      triplets,
      places.filter((place) => fold[place] !== held),
    );
    const settings = choose(training, base, seed);
    const metric = fitMetric(training, base, { ...settings, seed });
    for (const place of places.filter((at) => fold[at] === held)) {
      rights.base[place] = isRight(triplets, place, base);
      rights.learned[place] = isRight(triplets, place, metric);
    }
  }
  const settings = choose(triplets, base, seed);
  const gain = gainInterval(triplets.probes, rights, seed);
  return {
    metric: fitMetric(triplets, base, { ...settings, seed }),
    base: averageOf(rights.base),
    learned: averageOf(rights.learned),
    gain,
    isShown: gain[0] > 0,
    settings,
    questions: triplets.count,
  };
}

/** Chooses settings by one split: two thirds of the photos for learning, one third for comparison. */
function choose(triplets: Triplets, base: ResemblanceMetric, seed: number): (typeof TRIED)[number] {
  const fold = foldsOf(triplets.probes, 3, seed + 7);
  const at = (isHeld: boolean) =>
    triplets.probes.flatMap((_, place) => ((fold[place] === 0) === isHeld ? [place] : []));
  const training = pick(triplets, at(false));
  const scored = triedFor(training.count).map((settings) => {
    const metric = fitMetric(training, base, { ...settings, seed });
    return {
      settings,
      right: averageOf(Float64Array.from(at(true), (place) => isRight(triplets, place, metric))),
    };
  });
  // The settings are ordered by their capacity: a larger one must be better by one standard error.
  const error = 0.5 / Math.sqrt(Math.max(1, at(true).length));
  return scored.reduce((best, next) => (next.right > best.right + error ? next : best)).settings;
}

/** 1 if the metric places the chosen photo closer, else 0. */
function isRight(triplets: Triplets, place: number, metric: ResemblanceMetric): number {
  const [a, b] = [triplets.toChosen[place], triplets.toOther[place]];
  if (a === undefined || b === undefined) return 0;
  let margin = 0;
  PARTS.forEach(({ name }, k) => {
    margin += metric.weights[name] * (triplets.parts[place * PARTS.length + k] ?? 0);
  });
  const { rank, values } = metric.map ?? { rank: 0, values: new Float32Array(0) };
  for (let row = 0; row < rank; row++) {
    const line = values.subarray(row * FEATURE_COUNT, (row + 1) * FEATURE_COUNT);
    margin += dot(line, b) ** 2 - dot(line, a) ** 2;
  }
  return margin > 0 ? 1 : 0;
}

/** Assigns questions to folds; questions about one photo share a fold. */
function foldsOf(probes: readonly string[], folds: number, seed: number): number[] {
  const distinct = [...new Set(probes)].toSorted();
  const order = randomPermutation(distinct.length, createRandom(seed));
  const foldOf = new Map(distinct.map((probe, i) => [probe, (order[i] ?? 0) % folds]));
  return probes.map((probe) => foldOf.get(probe) ?? 0);
}

const DRAWS = 1000;

function gainInterval(
  probes: readonly string[],
  { base, learned }: { readonly base: Float64Array; readonly learned: Float64Array },
  seed: number,
): [number, number] {
  const byProbe = new Map<string, { gain: number; count: number }>();
  probes.forEach((probe, place) => {
    const sum = byProbe.get(probe) ?? { gain: 0, count: 0 };
    sum.gain += (learned[place] ?? 0) - (base[place] ?? 0);
    sum.count++;
    byProbe.set(probe, sum);
  });
  const groups = [...byProbe.values()];
  const random = createRandom(seed + 1);
  const draws = Array.from({ length: DRAWS }, () => {
    let [gain, count] = [0, 0];
    for (let i = 0; i < groups.length; i++) {
      const drawn = groups[Math.floor(random() * groups.length)];
      gain += drawn?.gain ?? 0;
      count += drawn?.count ?? 0;
    }
    return gain / Math.max(1, count);
  }).sort((a, b) => a - b);
  return [draws[Math.floor(0.025 * DRAWS)] ?? 0, draws[Math.ceil(0.975 * DRAWS) - 1] ?? 0];
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
