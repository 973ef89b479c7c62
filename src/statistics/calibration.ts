import { type Clusters, clusteredMean, clusterSums } from "./clusters.ts";
import { upliftByDecile } from "./deciles.ts";
import { around, type Estimate } from "./intervals.ts";
import type { UpliftSample } from "./ranking.ts";

/** Whether predicted uplifts have the right size. */
export interface EffectCalibration {
  /** 1: a predicted difference of one point is a real difference of one point; 0: the ranking is noise. */
  readonly slope: Estimate | null;
  /** Average effect minus average prediction, in the outcome's unit; 0 is right. */
  readonly bias: Estimate;
  /** Mean over deciles of |predicted - observed uplift|, weighted by customers. */
  readonly error: number;
}

/**
 * Calibration of predicted effects: the best linear predictor of the effect given its prediction. It is a
 * regression of the doubly robust scores on the predictions, with heteroscedasticity-robust (HC1) standard
 * errors.
 *
 * Source: Chernozhukov, Demirer, Duflo and Fernández-Val 2018, "Generic machine learning inference on
 * heterogeneous treatment effects", section 3.1.
 *
 * @param effects per row, from `effectScores`
 * @throws as `rankByUplift`
 */
export function calibrationOf(
  sample: UpliftSample,
  effects: Float64Array,
  clusters: Clusters = null,
): EffectCalibration {
  const { scores } = sample;
  const rows = scores.length;
  const meanScore = mean(scores);
  const meanEffect = mean(effects);
  let covariance = 0;
  let variance = 0;
  for (let row = 0; row < rows; row++) {
    const x = (scores[row] as number) - meanScore;
    const y = (effects[row] as number) - meanEffect;
    covariance += x * y;
    variance += x * x;
  }
  const bias = clusteredMean(
    effects.map((effect, row) => effect - (scores[row] as number)),
    clusters,
  );
  return {
    slope:
      variance > 1e-18 * rows
        ? slopeOf(scores, effects, { meanScore, meanEffect, covariance, variance }, clusters)
        : null,
    bias,
    error: decileError(sample),
  };
}

interface Moments {
  readonly meanScore: number;
  readonly meanEffect: number;
  readonly covariance: number;
  readonly variance: number;
}

function slopeOf(
  scores: Float64Array,
  effects: Float64Array,
  moments: Moments,
  clusters: Clusters,
): Estimate {
  const { meanScore, meanEffect, covariance, variance } = moments;
  const rows = scores.length;
  const slope = covariance / variance;
  const parts = clusterSums(
    scores.map((score, row) => {
      const x = score - meanScore;
      return x * ((effects[row] as number) - meanEffect - slope * x);
    }),
    clusters,
  );
  const meat = parts.reduce((sum, part) => sum + part * part, 0);
  return around(slope, Math.sqrt((meat * rows) / Math.max(1, rows - 2)) / variance);
}

function decileError(sample: UpliftSample): number {
  let total = 0;
  let weight = 0;
  for (const { treated, control, predicted, uplift } of upliftByDecile(sample)) {
    if (uplift === null) continue;
    total += (treated + control) * Math.abs(predicted - uplift.value);
    weight += treated + control;
  }
  return weight === 0 ? 0 : total / weight;
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
