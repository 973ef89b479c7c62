import { averageOf, type Clusters, clusterSums } from "./clusters.ts";
import { inverseForm } from "./quadratic-form.ts";

/** Average effects of several arms against one control, and their covariance: the control's noise is common to all. */
export interface ArmEffects {
  readonly effects: readonly number[];
  readonly covariance: readonly (readonly number[])[];
}

/** @param scores doubly robust scores, one array per arm with one number per row */
export function armEffects(scores: readonly Float64Array[], clusters: Clusters = null): ArmEffects {
  const effects = scores.map(averageOf);
  const parts = scores.map((column, arm) =>
    clusterSums(
      column.map((score) => score - (effects[arm] as number)),
      clusters,
    ),
  );
  const rows = scores[0]?.length ?? 1;
  const count = parts[0]?.length ?? 1;
  const scale = count / Math.max(1, count - 1) / (rows * rows);
  const covariance = parts.map((a) =>
    parts.map((b) => {
      let sum = 0;
      for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
      return scale * sum;
    }),
  );
  return { effects, covariance };
}

/**
 * Effects drawn towards 0 for the noise that choosing the largest of them would pick: all by the James-Stein factor
 *
 *     max(0, 1 - (arms - 1) / chi-square of all effects being 0)
 *
 * and none by more than noise alone makes of the largest of so many, sqrt(2 log arms) standard errors, so that one strong
 * arm does not pay for many weak ones. A single arm stays as it is: nothing is chosen between.
 *
 * Source: James and Stein 1961; Efron and Morris 1972, "Limiting the risk of Bayes and empirical Bayes estimators",
 * JASA 67 (limited translation).
 */
export function shrinkEffects({ effects, covariance }: ArmEffects): number[] {
  const chiSquare = inverseForm(covariance, effects);
  const factor = Math.max(0, 1 - (effects.length - 1) / Math.max(1e-12, chiSquare));
  const largest = Math.sqrt(2 * Math.log(Math.max(1, effects.length)));
  return effects.map((effect, arm) => {
    const error = Math.sqrt(covariance[arm]?.[arm] ?? 0);
    const moved = effect * (1 - factor);
    return effect - Math.sign(moved) * Math.min(Math.abs(moved), largest * error);
  });
}
