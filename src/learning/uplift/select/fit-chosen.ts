import type { EncodedExperiment } from "../experiment.ts";
import { blend } from "../learners/blend.ts";
import { blendParts } from "../learners/fit.ts";
import type { FittedLearner } from "../learners/types.ts";
import type { LearnerId } from "../types.ts";
import type { LearnUpliftOptions } from "./options.ts";
import { runTasks } from "./run.ts";
import type { LearnerTask } from "./task.ts";

/** For each offer, the effects on rows that the model had not seen. */
export interface UnseenEffects {
  readonly rows: Uint32Array;
  readonly effects: readonly Float64Array[];
}

/**
 * Fits a learner on all rows and, at the same time, on some of them to predict others. The parts of a blend are fitted
 * on threads of their own.
 *
 * @throws ERR_ABORTED
 */
export async function fitChosen(
  experiment: EncodedExperiment,
  learner: LearnerId,
  { seed, jobs, signal }: LearnUpliftOptions,
  unseen: { readonly train: Uint32Array; readonly rows: Uint32Array } | null = null,
): Promise<{ readonly fitted: FittedLearner; readonly unseen: UnseenEffects | null }> {
  // Trees take longest, so they start first.
  const parts = learner === "s-blend" ? blendParts(experiment).reverse() : [learner];
  const onAll = parts.map((part): LearnerTask => ({ learner: part, seed, train: null, test: null }));
  const onSome = unseen === null ? [] : [{ learner, seed, train: unseen.train, test: unseen.rows }];
  const results = await runTasks<LearnerTask>(experiment, [...onAll, ...onSome], { jobs, signal });
  const fitted = results.flatMap((result) => ("fitted" in result ? [result.fitted] : []));
  const predicted = results.find((result) => "effects" in result);
  return {
    fitted: learner === "s-blend" ? blend(fitted.reverse()) : (fitted[0] as FittedLearner),
    unseen: unseen && { rows: unseen.rows, effects: predicted?.effects ?? [] },
  };
}
