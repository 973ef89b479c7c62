import type { EncodedExperiment } from "../experiment.ts";
import { blendParts } from "../learners/fit.ts";
import type { LearnerId } from "../types.ts";
import type { HeldOutEffects } from "./compare.ts";
import type { Fold } from "./folds.ts";
import type { LearnUpliftOptions } from "./options.ts";
import { runTasks } from "./run.ts";
import type { LearnerTask } from "./task.ts";

/**
 * Every learner's effects on the folds' test rows. The blend is the mean of two others: if both are compared
 * too, it is not fitted again.
 *
 * @throws ERR_ABORTED
 */
export async function holdOut(
  experiment: EncodedExperiment,
  learners: readonly LearnerId[],
  folds: readonly Fold[],
  { seed, jobs, signal, onProgress }: LearnUpliftOptions,
): Promise<Map<LearnerId, HeldOutEffects>> {
  const parts = blendParts(experiment);
  const isDerived = parts.every((part) => learners.includes(part));
  const fitted = learners.filter((learner) => learner !== "s-blend" || !isDerived);
  const tasks = fitted.flatMap((learner) =>
    folds.map(({ train, test }, fold): LearnerTask => ({ learner, seed: seed + fold, train, test })),
  );
  // One more for the fit on all rows.
  const onDone = onProgress && ((done: number) => onProgress(done, tasks.length + 1));
  const results = await runTasks(experiment, tasks, { jobs, signal, onDone });
  const effects = new Map<LearnerId, HeldOutEffects>(
    fitted.map((learner, l) => [
      learner,
      folds.map((_, fold) => {
        const result = results[l * folds.length + fold];
        return result && "effects" in result ? result.effects : [];
      }),
    ]),
  );
  const [one, other] = parts.map((part) => effects.get(part));
  const blended = isDerived && one && other ? meanOf(one, other) : undefined;
  return new Map(
    learners.map((learner) => [learner, effects.get(learner) ?? blended ?? folds.map(() => [])]),
  );
}

function meanOf(one: HeldOutEffects, other: HeldOutEffects): HeldOutEffects {
  return one.map((byArm, fold) =>
    byArm.map((effects, arm) =>
      effects.map((effect, row) => (effect + (other[fold]?.[arm]?.[row] ?? effect)) / 2),
    ),
  );
}
