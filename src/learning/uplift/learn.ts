import { invalidOption } from "../../core/index.ts";
import { armEffects, averageOf, differenceOf, type Estimate } from "../../statistics/index.ts";
import { doubtsOf } from "./doubts.ts";
import { type ArmRate, averageEffects, outcomeRate } from "./evaluate.ts";
import type { EncodedExperiment } from "./experiment.ts";
import { takeFeatures } from "./learners/cross-fit.ts";
import { plainScores, scoresFrom, scoreTasks } from "./learners/dr.ts";
import { automaticLearners, simplestLearner, suitableLearners } from "./learners/fit.ts";
import type { UpliftMetrics } from "./metrics.ts";
import { partsOf } from "./parts.ts";
import { createRowPredictor } from "./predict.ts";
import { type Slope, shrunkSlope } from "./select/calibrate.ts";
import { type Comparison, compareLearners, MIN_ARM_ROWS, notCompared } from "./select/compare-learners.ts";
import type { LearnUpliftOptions } from "./select/options.ts";
import { runTasks } from "./select/run.ts";
import { bestSingleOffer, heldTogether, promisedEffects, type SingleOffer } from "./select/single.ts";
import type { LearnerId, UpliftModel } from "./types.ts";

/**
 * Chooses a learner by cross-validation, decides whether its predictions may be personal, and fits it on all
 * rows.
 *
 * @throws ERR_OPTION_INVALID the learner does not support the outcome
 * @throws ERR_ABORTED
 */
export async function learnUplift(
  experiment: EncodedExperiment,
  options: LearnUpliftOptions,
): Promise<{ readonly model: UpliftModel; readonly metrics: UpliftMetrics }> {
  const { terms } = options;
  const learners = candidates(experiment, options.learner);
  const rates = experiment.labels.map((_, arm) => outcomeRate(experiment, arm));
  const enough = rates.every(({ rows }) => rows >= MIN_ARM_ROWS);
  const scores = enough ? await scoresOnThreads(experiment, options) : plainScores(experiment, rates);
  const averages = averageEffects(experiment, rates, scores);
  const effects = armEffects(scores, experiment.clusters);
  const promised = promisedEffects(averages, effects);
  const reported = heldTogether(averages, effects);
  const doubts = doubtsOf(experiment, () => scores);
  const single = doubts.length > 0 ? NO_SINGLE_OFFER : bestSingleOffer(terms, promised, effects, experiment);
  const simplest = options.learner === "auto" ? simplestLearner(experiment) : options.learner;
  const compared =
    enough && doubts.length === 0
      ? await compareLearners(experiment, { learners, scores, single, options })
      : await notCompared(experiment, simplest, {
          single,
          why: doubts.length > 0 ? "untold" : "too few",
          options,
        });
  return {
    model: toModel(experiment, {
      ...compared,
      averages: promised,
      controlMean: rates[0]?.outcomeRate.value ?? 0,
    }),
    metrics: {
      learner: compared.learner,
      outcome: experiment.kind,
      choice: compared.choice,
      learners: compared.comparison,
      heterogeneity: compared.heterogeneity,
      propensity: { source: experiment.propensities.source, trimmed: experiment.propensities.trimmed },
      doubts,
      rows: experiment.arms.length,
      folds: compared.folds,
      control: { name: experiment.labels[0] as string, ...(rates[0] as ArmRate) },
      arms: terms.map(({ offerId }, i) => ({
        offerId,
        ...(rates[i + 1] as ArmRate),
        averageUplift: reported[i] as Estimate,
        rawUplift: differenceOf((rates[i + 1] as ArmRate).outcomeRate, (rates[0] as ArmRate).outcomeRate),
        ranking: compared.rankings?.[i] ?? null,
      })),
    },
  };
}

function candidates(experiment: EncodedExperiment, learner: LearnerId | "auto"): LearnerId[] {
  const suitable = suitableLearners(experiment);
  if (learner === "auto") return automaticLearners(experiment);
  if (suitable.includes(learner)) return [learner];
  throw invalidOption(`one of auto, ${suitable.join(", ")}`, "the learner of this outcome", learner);
}

/** Doubly robust scores of every arm and row; the folds are fitted on threads. */
async function scoresOnThreads(
  experiment: EncodedExperiment,
  { seed, jobs, signal }: LearnUpliftOptions,
): Promise<Float64Array[]> {
  const tasks = scoreTasks(experiment, seed);
  const results = await runTasks(experiment, tasks, { jobs, signal });
  return scoresFrom(
    experiment,
    tasks,
    results.map(({ means }) => means),
  );
}

/** If effects cannot be determined, no effect is predicted and no offer is shown. */
const NO_SINGLE_OFFER: SingleOffer = { best: "none", default: "none", worth: null, pValue: 1 };

/** Rows used for the mean of a model's predictions. */
const CENTRE_ROWS = 50_000;

/** For each arm, the calibration of predicted differences on held-out customers. */
function calibrate(
  experiment: EncodedExperiment,
  {
    fitted,
    slopes,
    averages,
  }: Pick<Comparison, "fitted" | "slopes"> & { readonly averages: readonly Estimate[] },
) {
  if (slopes === null) return averages.map(() => undefined);
  const step = Math.ceil(experiment.arms.length / CENTRE_ROWS);
  const rows = Uint32Array.from({ length: Math.ceil(experiment.arms.length / step) }, (_, i) => i * step);
  const { none, offers } = createRowPredictor({ ...fitted, outcome: experiment.kind })(
    takeFeatures(experiment, rows),
  );
  return averages.map(({ value }, arm) => {
    const slope = shrunkSlope(slopes[arm] as Slope);
    const centre = averageOf(offers[arm] ?? none) - averageOf(none);
    return { intercept: value - slope * centre, slope };
  });
}

function toModel(
  experiment: EncodedExperiment,
  compared: Comparison & { readonly averages: readonly Estimate[]; readonly controlMean: number },
): UpliftModel {
  const { labels, kind, schema, bins } = experiment;
  const { none, arms, forest } = compared.fitted;
  const calibrations = calibrate(experiment, compared);
  const isTrees = [none, ...arms.map(({ model }) => model)]
    .flatMap(partsOf)
    .some(({ kind }) => kind === "boosting" || kind === "forest");
  return {
    learner: compared.learner,
    outcome: kind,
    schema,
    bins: isTrees ? bins : null,
    forest,
    control: labels[0] as string,
    controlMean: compared.controlMean,
    none,
    arms: arms.map((arm, i) => ({
      offerId: labels[i + 1] as string,
      ...arm,
      average: compared.averages[i] as Estimate,
      ...(calibrations[i] === undefined ? {} : { calibration: calibrations[i] }),
      isPersonal: compared.isPersonal[i] as boolean,
    })),
    heterogeneity: compared.heterogeneity,
  };
}
