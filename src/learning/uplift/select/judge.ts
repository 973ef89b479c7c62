import { createRandom, randomPermutation } from "../../../core/index.ts";
import type { Estimate } from "../../../statistics/index.ts";
import {
  describeStandings,
  type LearnerChoice,
  type LearnerComparison,
  type RankingQuality,
  rankingQuality,
} from "../evaluate.ts";
import { type EncodedExperiment, sampleExperiment } from "../experiment.ts";
import type { Heterogeneity, LearnerId } from "../types.ts";
import { chooseLearner, type HeldOutEffects, tabulateQini } from "./compare.ts";
import { dealAll, FOLDS, type Fold } from "./folds.ts";
import { type ArmTerms, judgeHeterogeneity, unjudged } from "./heterogeneity.ts";
import { runTasks } from "./run.ts";
import type { LearnerTask } from "./task.ts";

export interface LearnUpliftOptions {
  /** One learner by name, or "auto": the best by cross-validation. */
  readonly learner: LearnerId | "auto";
  /** What the arms earn and cost, in their order. */
  readonly terms: readonly ArmTerms[];
  readonly seed: number;
  /** Threads; the result does not depend on it. */
  readonly jobs: number;
  readonly signal?: AbortSignal | undefined;
  /** Told after every model that was fitted. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** Rows that every arm needs for a test fold to say anything. */
export const MIN_ARM_ROWS = 10 * FOLDS;
/** Learners are compared on so many rows at the most, drawn at random; the one chosen then learns from all. */
const MAX_CHOICE_ROWS = 80_000;

/** What is known about the learners before the one taken is fitted on all rows. */
export interface Judgement {
  readonly learner: LearnerId;
  readonly choice: LearnerChoice;
  readonly comparison: readonly LearnerComparison[];
  readonly rankings: readonly RankingQuality[] | null;
  readonly heterogeneity: Heterogeneity;
  readonly isPersonal: readonly boolean[];
  readonly folds: number;
}

/** Where there are too few rows to compare anything. */
export function notCompared(
  learner: LearnerId,
  { learner: asked, terms }: LearnUpliftOptions,
  averages: readonly Estimate[],
): Judgement {
  return {
    learner,
    choice: {
      asked,
      rows: 0,
      reason: `fewer than ${MIN_ARM_ROWS} customers of some arm: nothing was compared`,
    },
    comparison: [],
    rankings: null,
    heterogeneity: unjudged(terms, averages),
    isPersonal: terms.map(() => false),
    folds: FOLDS,
  };
}

interface CompareInput {
  readonly learners: readonly LearnerId[];
  readonly averages: readonly Estimate[];
  readonly options: LearnUpliftOptions;
}

/** Compares learners by cross-validation, chooses one, and judges whether its predictions may be personal. */
export async function compareLearners(
  whole: EncodedExperiment,
  { learners, averages, options }: CompareInput,
): Promise<Judgement> {
  const { seed, terms, jobs, signal, onProgress } = options;
  const experiment = drawSample(whole, seed);
  const folds = dealAll(experiment, seed);
  const tasks = learners.flatMap((learner) =>
    folds.map(({ train, test }, fold): LearnerTask => ({ learner, seed: seed + fold, train, test })),
  );
  // One more for the fit on all rows.
  const onDone = onProgress && ((done: number) => onProgress(done, tasks.length + 1));
  const results = await runTasks(experiment, tasks, { jobs, signal, onDone });
  const effects = new Map<LearnerId, HeldOutEffects>(
    learners.map((learner, l) => [
      learner,
      folds.map((_, fold) => {
        const result = results[l * folds.length + fold];
        return result && "effects" in result ? result.effects : [];
      }),
    ]),
  );
  const weights = terms.map(({ margin }) => (margin > 0 ? margin : 1));
  const table = tabulateQini(experiment, folds, effects, { weights, seed });
  const { chosen, standings } = chooseLearner(table);
  const qualities = new Map(learners.map((id) => [id, qualityOf(experiment, folds, effects, id)]));
  const learner = learners[chosen] as LearnerId;
  const comparison = describeStandings(standings, qualities, weights);
  return {
    learner,
    choice: {
      asked: options.learner,
      rows: experiment.arms.length,
      reason: reasonOf(comparison, learner, options.learner, experiment.arms.length < whole.arms.length),
    },
    comparison,
    rankings: qualities.get(learner) ?? null,
    ...judgeHeterogeneity({ experiment, folds, effects, table, terms, averages, seed }),
    folds: folds.length,
  };
}

function qualityOf(
  experiment: EncodedExperiment,
  folds: readonly Fold[],
  effects: ReadonlyMap<LearnerId, HeldOutEffects>,
  learner: LearnerId,
): RankingQuality[] {
  return rankingQuality(experiment, folds, effects.get(learner) ?? []);
}

function drawSample(experiment: EncodedExperiment, seed: number): EncodedExperiment {
  const rows = experiment.arms.length;
  if (rows <= MAX_CHOICE_ROWS) return experiment;
  const drawn = randomPermutation(rows, createRandom(seed)).subarray(0, MAX_CHOICE_ROWS).sort();
  return sampleExperiment(experiment, drawn);
}

function reasonOf(
  comparison: readonly LearnerComparison[],
  learner: LearnerId,
  asked: LearnerId | "auto",
  isSample: boolean,
): string {
  if (asked !== "auto") return "asked for by name";
  const best = comparison.reduce((top, entry) => (entry.behindBest < top.behindBest ? entry : top));
  const own = comparison.find((entry) => entry.learner === learner);
  const where = isSample ? ", compared on a random part of the customers" : "";
  if (best.learner === learner) return `the highest cross-validated Qini${where}`;
  const [behind, error] = [own?.behindBest.toFixed(2), best.standardError.toFixed(2)];
  return `the first of those less than one standard error behind the best, ${best.learner} (Qini-count ${behind} behind, standard error ${error})${where}`;
}
