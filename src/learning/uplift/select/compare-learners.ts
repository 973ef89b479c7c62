import { createRandom, randomPermutation } from "../../../core/index.ts";
import { effectiveClusters, normalTail, takeClusters } from "../../../statistics/index.ts";
import { describeStandings, rankingQuality } from "../evaluate.ts";
import { type EncodedExperiment, sampleExperiment } from "../experiment.ts";
import type { FittedLearner } from "../learners/types.ts";
import type { LearnerChoice, LearnerComparison, RankingQuality } from "../metrics.ts";
import type { Heterogeneity, LearnerId } from "../types.ts";
import { guardedSlope, type MeasuredSlope, pooledWith, robustSlope, type Slope } from "./calibrate.ts";
import { chooseLearner, type HeldOutEffects, tabulateQini } from "./compare.ts";
import { fitChosen, type UnseenEffects } from "./fit-chosen.ts";
import { FOLDS, type Fold, repeatsOf, splitRepeatedly } from "./folds.ts";
import { testHeterogeneity, untested } from "./heterogeneity.ts";
import { holdOut } from "./hold-out.ts";
import type { LearnUpliftOptions } from "./options.ts";
import { projectionColumns, projectionPValue } from "./projection.ts";
import type { SingleOffer } from "./single.ts";
import { earningEnough, tabulateValues, type ValueInput } from "./value.ts";

/** Minimum number of rows of every arm for informative test folds. */
export const MIN_ARM_ROWS = 10 * FOLDS;
/** Maximum number of random rows for comparing learners; the chosen one is then trained on all rows. */
const MAX_CHOICE_ROWS = 80_000;
/** The results about the learners, and the chosen one. */
export interface Comparison {
  readonly learner: LearnerId;
  /** The learner on all rows. */
  readonly fitted: FittedLearner;
  readonly choice: LearnerChoice;
  readonly comparison: readonly LearnerComparison[];
  readonly rankings: readonly RankingQuality[] | null;
  readonly heterogeneity: Heterogeneity;
  readonly isPersonal: readonly boolean[];
  /** For each arm, the slope of real on predicted differences; null if there was no comparison. */
  readonly slopes: readonly Slope[] | null;
  readonly folds: number;
}

/** The judgement without a comparison: too few rows, or effects that cannot be determined from the log. */
export async function notCompared(
  experiment: EncodedExperiment,
  learner: LearnerId,
  { single, why, options }: NotCompared,
): Promise<Comparison> {
  const { learner: asked, terms } = options;
  const { fitted } = await fitChosen(experiment, learner, options);
  return {
    learner,
    fitted,
    choice: {
      asked,
      rows: 0,
      isSample: false,
      ground: why === "too few" ? { kind: "too few", needed: MIN_ARM_ROWS } : { kind: "untold" },
    },
    comparison: [],
    rankings: null,
    heterogeneity: untested(terms, single),
    isPersonal: terms.map(() => false),
    slopes: null,
    folds: FOLDS,
  };
}

interface NotCompared extends Pick<CompareInput, "single" | "options"> {
  readonly why: "too few" | "untold";
}

export interface CompareInput {
  readonly learners: readonly LearnerId[];
  /** Doubly robust scores of each arm; one number per row of the whole experiment. */
  readonly scores: readonly Float64Array[];
  readonly single: SingleOffer;
  readonly options: LearnUpliftOptions;
}

/**
 * Compares learners by cross-validation, chooses one, fits it on all rows, and decides whether its predictions may be
 * personal.
 */
export async function compareLearners(
  whole: EncodedExperiment,
  { learners, scores: allScores, single, options }: CompareInput,
): Promise<Comparison> {
  const { seed, terms, policy = "auto" } = options;
  const drawn = drawRows(whole, seed);
  const experiment = drawn === null ? whole : sampleExperiment(whole, drawn);
  const scores = drawn === null ? allScores : allScores.map((column) => takeNumbers(column, drawn));
  const folds = splitRepeatedly(experiment, seed);
  const effects = await holdOut(experiment, learners, folds, options);
  const weights = terms.map(({ margin }) => (margin > 0 ? margin : 1));
  const table = tabulateQini(experiment, folds, effects, { weights, seed });
  const input: ValueInput = { experiment, folds, effects, terms, scores };
  const values = tabulateValues(input);
  const { chosen, standings } = chooseLearner(table, undefined, earningEnough(values, input));
  const qualities = new Map(learners.map((id) => [id, qualityOf(experiment, folds, effects, id)]));
  const learner = learners[chosen] as LearnerId;
  const comparison = describeStandings(standings, qualities, weights);
  const compared = slopesOf(input, effects.get(learner) ?? []);
  const rest = restOf(whole, drawn);
  const { fitted, unseen } = await fitChosen(
    whole,
    learner,
    options,
    drawn && rest && { train: drawn, rows: rest },
  );
  const slopes = unseen && slopesOfRest(whole, allScores, unseen);
  return {
    learner,
    fitted,
    choice: {
      asked: options.learner,
      rows: experiment.arms.length,
      isSample: drawn !== null,
      ground: groundOf(comparison, learner, options.learner),
    },
    comparison,
    rankings: qualities.get(learner) ?? null,
    ...testHeterogeneity({
      ...input,
      table,
      values,
      projections: projectAll(whole, allScores),
      unseen: slopes?.map(({ value, error }) => (error > 0 ? normalTail(value / error) : 1)) ?? null,
      single,
      policy,
    }),
    slopes:
      slopes === null
        ? compared
        : compared.map((slope, arm) => pooledWith(slope, slopes[arm] as MeasuredSlope)),
    folds: folds.length,
  };
}

function projectAll({ matrix, schema, arms, clusters }: EncodedExperiment, scores: readonly Float64Array[]) {
  const columns = projectionColumns(schema, effectiveClusters(arms.length, clusters));
  return scores.map((column) => projectionPValue(column, matrix, columns, clusters));
}

/** For each arm, the mean over the repeats. */
function slopesOf({ experiment, folds, scores }: ValueInput, effects: HeldOutEffects): MeasuredSlope[] {
  const repeats = repeatsOf(folds.length);
  return scores.map((column, arm) => {
    const slopes = repeats.map(([first, end]) =>
      robustSlope(
        folds.slice(first, end).map(({ test }, i) => ({
          rows: test,
          effects: effects[first + i]?.[arm] ?? new Float64Array(test.length),
        })),
        column,
        experiment.clusters,
      ),
    );
    const mean = (of: (slope: MeasuredSlope) => number) =>
      slopes.reduce((sum, slope) => sum + of(slope), 0) / slopes.length;
    return {
      value: mean(({ value }) => value),
      error: mean(({ error }) => error),
      squares: mean(({ squares }) => squares),
    };
  });
}

/** Rows outside the comparison; null if all were compared. */
function restOf({ arms, clusters }: EncodedExperiment, drawn: Uint32Array | null): Uint32Array | null {
  if (drawn === null) return null;
  const isDrawn = new Uint8Array(arms.length);
  for (const row of drawn) isDrawn[row] = 1;
  const drawnClusters = new Set(takeClusters(clusters, drawn) ?? []);
  return Uint32Array.from(isDrawn.keys()).filter(
    (row) => isDrawn[row] === 0 && !drawnClusters.has(clusters?.[row] ?? -1),
  );
}

/** The slope of each arm's effects on the customers outside the comparison, by a model of those inside it. */
function slopesOfRest(
  { clusters }: EncodedExperiment,
  scores: readonly Float64Array[],
  { rows, effects }: UnseenEffects,
): MeasuredSlope[] {
  return scores.map((column, arm) => {
    const own = effects[arm];
    return own
      ? guardedSlope(robustSlope([{ rows, effects: own }], column, clusters), column)
      : { value: 1, error: Number.POSITIVE_INFINITY, squares: 0 };
  });
}

function takeNumbers(values: Float64Array, rows: Uint32Array): Float64Array {
  return Float64Array.from(rows, (row) => values[row] as number);
}

function qualityOf(
  experiment: EncodedExperiment,
  folds: readonly Fold[],
  effects: ReadonlyMap<LearnerId, HeldOutEffects>,
  learner: LearnerId,
): RankingQuality[] {
  return rankingQuality(experiment, folds, effects.get(learner) ?? []);
}

/** Rows on which learners are compared; null: all. */
function drawRows({ arms }: EncodedExperiment, seed: number): Uint32Array | null {
  if (arms.length <= MAX_CHOICE_ROWS) return null;
  return randomPermutation(arms.length, createRandom(seed)).subarray(0, MAX_CHOICE_ROWS).sort();
}

function groundOf(
  comparison: readonly LearnerComparison[],
  learner: LearnerId,
  asked: LearnerId | "auto",
): LearnerChoice["ground"] {
  if (asked !== "auto") return { kind: "asked" };
  const best = comparison.reduce((top, entry) => (entry.behindBest < top.behindBest ? entry : top));
  if (best.learner === learner) return { kind: "best" };
  const behind = comparison.find((entry) => entry.learner === learner)?.behindBest ?? 0;
  return { kind: "near best", best: best.learner, behind, standardError: best.standardError };
}
