export { autoc } from "./autoc.ts";
export { auuc } from "./auuc.ts";
export { type Posterior, posteriorOf } from "./bayes.ts";
export { type ArmEffects, armEffects, largestErrorQuantile, shrinkEffects } from "./best-arm.ts";
export {
  bootstrap,
  percentileInterval,
  poissonCounts,
  quantile,
} from "./bootstrap.ts";
export { calibrationOf, type EffectCalibration } from "./calibration.ts";
export { covariateBalance } from "./checks/balance.ts";
export { association } from "./checks/bins.ts";
export { chiSquareTail } from "./checks/chi-square.ts";
export { inspectColumns, isUnfit } from "./checks/columns.ts";
export {
  checkExperiment,
  type ExperimentChecks,
  experimentWarnings,
  outcomeWarnings,
} from "./checks/experiment.ts";
export { type PlaceboRun, placeboRun } from "./checks/placebo.ts";
export { arePropensitiesPlausible, propensityFits } from "./checks/propensity.ts";
export { type ArmRows, unevenRejections } from "./checks/rejections.ts";
export { plannedShares, sampleRatio } from "./checks/sample-ratio.ts";
export {
  averageOf,
  type Clusters,
  clusteredMean,
  clusterSums,
  drawnRows,
  effectiveClusters,
  firstRows,
  meanError,
  takeClusters,
} from "./clusters.ts";
export { combinePValues } from "./combine.ts";
export {
  compareRankings,
  type MeasuredRanking,
  measureRanking,
  type RankingMetrics,
} from "./compare.ts";
export { cuped } from "./cuped.ts";
export { type UpliftBin, upliftByDecile } from "./deciles.ts";
export { doublyRobust } from "./doubly-robust.ts";
export {
  createDriftMeter,
  type DriftMeter,
  type FeatureReference,
  learnReference,
  stabilityIndex,
} from "./drift.ts";
export { effectScores } from "./effect-scores.ts";
export { assignFolds, splitFold } from "./folds.ts";
export { logGamma } from "./gamma.ts";
export { holm } from "./holm.ts";
export { around, differenceOf, type Estimate, wilson } from "./intervals.ts";
export { nonIncreasing } from "./isotonic.ts";
export { projectLinearly } from "./linear-projection.ts";
export { bernoulliSequence } from "./mixture.ts";
export { normalQuantile, normalTail, Z_95 } from "./normal.ts";
export {
  importanceWeights,
  type LoggedDecisions,
  type Overlap,
  overlapOf,
  type TargetPolicy,
} from "./off-policy/logged.ts";
export { crossFitRewards } from "./off-policy/predict.ts";
export {
  type PolicyEstimate,
  policyEstimates,
  VALUE_ESTIMATORS,
  type ValueEstimator,
} from "./off-policy/value.ts";
export {
  comparePolicies,
  type PolicySample,
  type PolicyValue,
  policyScores,
  policyValue,
} from "./policy.ts";
export { powerOf, smallestEffect, unitsNeeded } from "./power.ts";
export { aucc, type ProfitCurve, profitCurve } from "./profit.ts";
export { qiniCount, qiniCurve, qiniScore } from "./qini.ts";
export { rankByUplift, sortByUplift, type UpliftSample } from "./ranking.ts";
export {
  addMoments,
  type JointMoments,
  NO_MOMENTS,
  ratioOf,
  type Sample,
  sampleOf,
} from "./sample.ts";
export { sequenceFactor, sequenceInterval } from "./sequence.ts";
export { betaShare } from "./student.ts";
export type { ExperimentTable } from "./types.ts";
export { upliftAt, upliftAtByGroup } from "./uplift-at.ts";
export { inverseWeights } from "./weights.ts";
export { type Difference, differenceOfMeans } from "./welch.ts";
