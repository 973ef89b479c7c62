export { autoc } from "./autoc.ts";
export { auuc, gainCurve } from "./auuc.ts";
export { type Posterior, type Prior, posteriorOf } from "./bayes.ts";
export { type ArmEffects, armEffects, largestErrorQuantile, shrinkEffects } from "./best-arm.ts";
export {
  type BootstrapOptions,
  bootstrap,
  percentileInterval,
  poissonCounts,
  quantile,
} from "./bootstrap.ts";
export { calibrationOf, type EffectCalibration } from "./calibration.ts";
export { type CovariateBalance, covariateBalance } from "./checks/balance.ts";
export { chiSquareTail } from "./checks/chi-square.ts";
export { type ColumnFinding, inspectColumns, isUnfit } from "./checks/columns.ts";
export { checkExperiment, type ExperimentChecks, experimentWarnings } from "./checks/experiment.ts";
export { type PlaceboRun, placeboRun } from "./checks/placebo.ts";
export { arePropensitiesPlausible, type PropensityFit, propensityFits } from "./checks/propensity.ts";
export { plannedShares, type SampleRatio, sampleRatio } from "./checks/sample-ratio.ts";
export {
  averageOf,
  type Clusters,
  clusteredMean,
  firstRows,
  meanError,
  takeClusters,
} from "./clusters.ts";
export { combinePValues } from "./combine.ts";
export {
  compareRankings,
  type MeasuredRanking,
  measureRanking,
  type QiniBand,
  type RankingMetrics,
} from "./compare.ts";
export { type Adjusted, cuped } from "./cuped.ts";
export { type UpliftBin, upliftByDecile } from "./deciles.ts";
export { doublyRobust } from "./doubly-robust.ts";
export {
  createDriftMeter,
  type DriftMeter,
  type FeatureDrift,
  type FeatureReference,
  learnReference,
  stabilityIndex,
} from "./drift.ts";
export { type EffectContext, effectScores } from "./effect-scores.ts";
export { type EffectLook, type EffectStream, effectSequence } from "./effect-sequence.ts";
export { assignFolds, splitFold } from "./folds.ts";
export { logGamma } from "./gamma.ts";
export { holm } from "./holm.ts";
export { differenceOf, type Estimate, wilson } from "./intervals.ts";
export { nonIncreasing } from "./isotonic.ts";
export { type LinearProjection, projectLinearly } from "./linear-projection.ts";
export { bernoulliSequence } from "./mixture.ts";
export { normalQuantile, normalShare, normalTail } from "./normal.ts";
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
  type ValueOptions,
} from "./off-policy/value.ts";
export {
  type ArmTerms,
  comparePolicies,
  type PolicySample,
  type PolicyValue,
  policyScores,
  policyValue,
} from "./policy.ts";
export { type PlannedArms, type PowerOptions, powerOf, smallestEffect, unitsNeeded } from "./power.ts";
export { aucc, type ProfitCurve, profitCurve } from "./profit.ts";
export { qiniCount, qiniCurve, qiniScore } from "./qini.ts";
export { type Ranking, rankByUplift, type SortedSample, sortByUplift, type UpliftSample } from "./ranking.ts";
export {
  addMoments,
  type JointMoments,
  type Moments,
  NO_MOMENTS,
  ratioOf,
  type Sample,
  sampleOf,
} from "./sample.ts";
export { type SequenceInterval, type SequenceOptions, sequenceFactor, sequenceInterval } from "./sequence.ts";
export { betaShare } from "./student.ts";
export type { ExperimentTable } from "./types.ts";
export { upliftAt, upliftAtByGroup } from "./uplift-at.ts";
export { inverseWeights } from "./weights.ts";
export { type Difference, type DifferenceOptions, differenceOfMeans } from "./welch.ts";
