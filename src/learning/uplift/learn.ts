import { expected, LookalikeError } from "../../core/index.ts";
import type { Estimate } from "../../statistics/index.ts";
import { type ArmRate, averageEffects, outcomeRate, type UpliftMetrics } from "./evaluate.ts";
import type { EncodedExperiment } from "./experiment.ts";
import { simplestLearner, suitableLearners } from "./learners/fit.ts";
import type { FittedLearner } from "./learners/types.ts";
import { partsOf } from "./parts.ts";
import {
  compareLearners,
  type Judgement,
  type LearnUpliftOptions,
  MIN_ARM_ROWS,
  notCompared,
} from "./select/judge.ts";
import { runTasks } from "./select/run.ts";
import type { LearnerId, UpliftModel } from "./types.ts";

/**
 * Chooses a learner by cross-validation, judges whether its predictions may be personal, and fits it on all rows.
 *
 * @throws ERR_OPTION_INVALID the learner does not suit the outcome
 * @throws ERR_ABORTED
 */
export async function learnUplift(
  experiment: EncodedExperiment,
  options: LearnUpliftOptions,
): Promise<{ readonly model: UpliftModel; readonly metrics: UpliftMetrics }> {
  const { seed, terms } = options;
  const learners = candidates(experiment, options.learner);
  const rates = experiment.labels.map((_, arm) => outcomeRate(experiment, arm));
  const averages = averageEffects(experiment, rates, seed);
  const enough = rates.every(({ rows }) => rows >= MIN_ARM_ROWS);
  const judged = enough
    ? await compareLearners(experiment, { learners, averages, options })
    : notCompared(
        options.learner === "auto" ? simplestLearner(experiment) : options.learner,
        options,
        averages,
      );
  const fitted = await fitOnAll(experiment, judged.learner, options);
  return {
    model: toModel(experiment, fitted, {
      ...judged,
      averages,
      controlMean: rates[0]?.outcomeRate.value ?? 0,
    }),
    metrics: {
      learner: judged.learner,
      outcome: experiment.kind,
      choice: judged.choice,
      learners: judged.comparison,
      heterogeneity: judged.heterogeneity,
      propensity: { source: experiment.propensities.source, trimmed: experiment.propensities.trimmed },
      rows: experiment.arms.length,
      folds: judged.folds,
      control: { name: experiment.labels[0] as string, ...(rates[0] as ArmRate) },
      arms: terms.map(({ offerId }, i) => ({
        offerId,
        ...(rates[i + 1] as ArmRate),
        averageUplift: averages[i] as Estimate,
        ranking: judged.rankings?.[i] ?? null,
      })),
    },
  };
}

function candidates(experiment: EncodedExperiment, learner: LearnerId | "auto"): LearnerId[] {
  const suitable = suitableLearners(experiment);
  if (learner === "auto") return suitable;
  if (suitable.includes(learner)) return [learner];
  throw new LookalikeError(
    "ERR_OPTION_INVALID",
    expected(`one of auto, ${suitable.join(", ")}`, "the learner of this outcome", learner),
  );
}

async function fitOnAll(
  experiment: EncodedExperiment,
  learner: LearnerId,
  { seed, jobs, signal }: LearnUpliftOptions,
): Promise<FittedLearner> {
  const task = { learner, seed, train: null, test: null };
  const [result] = await runTasks(experiment, [task], { jobs, signal });
  if (result === undefined || !("fitted" in result)) throw new TypeError("a fitted learner was expected");
  return result.fitted;
}

function toModel(
  { labels, kind, schema, bins }: EncodedExperiment,
  { none, arms, forest }: FittedLearner,
  judged: Judgement & { readonly averages: readonly Estimate[]; readonly controlMean: number },
): UpliftModel {
  const isTrees = [none, ...arms.map(({ model }) => model)]
    .flatMap(partsOf)
    .some(({ kind }) => kind === "boosting" || kind === "forest");
  return {
    learner: judged.learner,
    outcome: kind,
    schema,
    bins: isTrees ? bins : null,
    forest,
    control: labels[0] as string,
    controlMean: judged.controlMean,
    none,
    arms: arms.map((arm, i) => ({
      offerId: labels[i + 1] as string,
      ...arm,
      average: judged.averages[i] as Estimate,
      isPersonal: judged.isPersonal[i] as boolean,
    })),
    heterogeneity: judged.heterogeneity,
  };
}
