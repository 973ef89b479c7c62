import { createRandom, randomNormal } from "../core/index.ts";
import { averageOf, type Clusters, clusterSums } from "./clusters.ts";
import { Z_95 } from "./normal.ts";
import { inverseForm } from "./quadratic-form.ts";

/**
 * Average effects of several arms against one control, and their covariance: all share the noise of the
 * control.
 */
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
 * Effects shrunk towards 0, to correct for choosing the largest of several noisy effects. All are multiplied
 * by the James-Stein factor
 *
 *     max(0, 1 - (arms - 1) / chi-square of all effects being 0)
 *
 * and no effect is shrunk by more than the largest noise expected among so many arms, sqrt(2 log arms)
 * standard errors, so that many weak arms do not hide a strong one. A single arm is not shrunk, because there
 * is no choice.
 *
 * Source: James and Stein 1961; Efron and Morris 1972, "Limiting the risk of Bayes and empirical Bayes
 * estimators", JASA 67 (limited translation).
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

const DRAWS = 20_000;

/**
 * The number of standard errors within which the largest error among the arms' effects stays in 95 of 100
 * experiments. An interval of this half width is valid for the arm that is chosen for its effect. 1.96 for a
 * single arm; for several, less than Bonferroni's bound, because their errors share the noise of the control.
 * Simulated with a fixed seed, accurate to about 0.01.
 *
 * Source: Dunnett 1955, "A multiple comparison procedure for comparing several treatments with a control",
 * JASA 50 (the equicoordinate quantile).
 */
export function largestErrorQuantile({ covariance }: ArmEffects): number {
  const arms = covariance.length;
  if (arms < 2) return Z_95;
  const factor = choleskyOf(covariance);
  const errors = covariance.map((row, arm) => Math.sqrt(row[arm] ?? 0));
  const random = createRandom(arms);
  const largest = new Float64Array(DRAWS);
  const normal = new Float64Array(arms);
  for (let draw = 0; draw < DRAWS; draw++) {
    for (let arm = 0; arm < arms; arm++) normal[arm] = randomNormal(random);
    for (const [arm, row] of factor.entries()) {
      let sum = 0;
      for (let k = 0; k <= arm; k++) sum += (row[k] ?? 0) * (normal[k] ?? 0);
      const error = errors[arm] ?? 0;
      if (error > 0) largest[draw] = Math.max(largest[draw] ?? 0, Math.abs(sum) / error);
    }
  }
  return largest.sort()[Math.floor(0.95 * DRAWS)] ?? 0;
}

/** The lower Cholesky factor of the matrix; rows without variance stay 0. */
function choleskyOf(matrix: readonly (readonly number[])[]): number[][] {
  const factor: number[][] = matrix.map(() => []);
  for (const [i, row] of matrix.entries()) {
    const own = factor[i] ?? [];
    for (let j = 0; j <= i; j++) {
      const other = factor[j] ?? [];
      let sum = row[j] ?? 0;
      for (let k = 0; k < j; k++) sum -= (own[k] ?? 0) * (other[k] ?? 0);
      const pivot = other[j] ?? 0;
      if (i === j) own[j] = Math.sqrt(Math.max(0, sum));
      else own[j] = pivot > 0 ? sum / pivot : 0;
    }
  }
  return factor;
}
