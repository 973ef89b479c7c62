import { createRandom, randomPermutation } from "../../core/index.ts";
import { assignFolds, type PlaceboRun, placeboRun, splitFold } from "../../statistics/index.ts";
import { rankingQuality } from "./evaluate.ts";
import { type EncodedExperiment, sampleExperiment } from "./experiment.ts";
import { simplestLearner } from "./learners/fit.ts";
import { runTask } from "./select/task.ts";
import type { LearnerId } from "./types.ts";

/** The placebo test of a training. */
export interface TrainingPlacebo extends PlaceboRun {
  /** The tested learner: the simplest that supports the outcome, even if another was chosen. */
  readonly learner: LearnerId;
  /** Number of customers in the test. */
  readonly rows: number;
}

/** Enough rows to show a relevant leak; a larger log is sampled at random. */
const MAX_ROWS = 10_000;
/** With nine degrees of freedom, a false alarm occurs for 1 of 600 offers; with four, for 1 of 120. */
const RUNS = 10;
/** With fewer customers in an arm, half of them is not informative. */
const MIN_ARM_ROWS = 50;

/**
 * Trains on one half of the customers, with shuffled arms, and measures on the other half. No effect exists,
 * so any effect that is found shows that training and measuring are not separate.
 *
 * @returns null if an arm is too small
 */
export function trainingPlacebo(whole: EncodedExperiment, seed: number): TrainingPlacebo | null {
  const experiment = drawSample(whole, seed);
  const { labels, arms, clusters } = experiment;
  const sizes = labels.map((_, arm) => arms.reduce((sum, own) => sum + (own === arm ? 1 : 0), 0));
  if (sizes.some((size) => size < MIN_ARM_ROWS)) return null;
  const learner = simplestLearner(experiment);
  const shares = sizes.map((size) => size / arms.length);
  const measure = (codes: Int32Array, run: number): readonly (number | null)[] => {
    // After shuffling, every customer's probabilities are the arms' shares.
    const propensities = { source: "shares", shares, perArm: null, own: null, trimmed: 0 } as const;
    const shuffled: EncodedExperiment = { ...experiment, arms: codes, propensities };
    const strata = codes.map((arm, row) => 2 * arm + ((experiment.outcomes[row] as number) > 0 ? 1 : 0));
    const fold = splitFold(assignFolds(strata, 2, createRandom(seed + run), clusters), 0);
    const result = runTask(shuffled, { learner, seed: seed + run, ...fold });
    const effects = "effects" in result ? result.effects : [];
    return rankingQuality(shuffled, [fold], [effects]).map(({ qiniCount }) => qiniCount.mean);
  };
  return {
    ...placeboRun({ labels, codes: arms }, measure, { runs: RUNS, seed, clusters }),
    learner,
    rows: arms.length,
  };
}

/** The result in one sentence, for people. */
export function placeboVerdict({ found, offers, runs }: PlaceboRun): string {
  if (!found) return `Placebo: with the offers shuffled ${runs} times it found nothing, as it should`;
  const worst = offers.reduce((top, offer) => (offer.deviations > top.deviations ? offer : top));
  const off = `Qini-count ${worst.mean.toFixed(1)}, ${worst.deviations.toFixed(1)} standard errors above 0`;
  return `Placebo: with the offers shuffled ${runs} times, training still found differences between customers for ${worst.offerId} (${off}): do not trust this training's ranking of customers`;
}

function drawSample(experiment: EncodedExperiment, seed: number): EncodedExperiment {
  const rows = experiment.arms.length;
  if (rows <= MAX_ROWS) return experiment;
  return sampleExperiment(
    experiment,
    randomPermutation(rows, createRandom(seed)).subarray(0, MAX_ROWS).sort(),
  );
}
