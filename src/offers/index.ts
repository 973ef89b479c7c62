export {
  type Allocation,
  type Allocator,
  type AllocatorOptions,
  createAllocator,
  type LimitedOffer,
} from "./choose/allocate.ts";
export { chooseBest, NO_OFFER } from "./choose/worth.ts";
export { autoc } from "./measure/autoc.ts";
export { auuc, gainCurve } from "./measure/auuc.ts";
export { type BootstrapOptions, bootstrap, percentileInterval } from "./measure/bootstrap.ts";
export { calibrationOf, type EffectCalibration } from "./measure/calibration.ts";
export { type CovariateBalance, covariateBalance } from "./measure/checks/balance.ts";
export { chiSquareTail } from "./measure/checks/chi-square.ts";
export { type ColumnFinding, inspectColumns, isUnfit } from "./measure/checks/columns.ts";
export {
  checkExperiment,
  type ExperimentChecks,
  experimentWarnings,
} from "./measure/checks/experiment.ts";
export { type PlaceboRun, placeboRun } from "./measure/checks/placebo.ts";
export { plannedShares, type SampleRatio, sampleRatio } from "./measure/checks/sample-ratio.ts";
export {
  compareRankings,
  type MeasuredRanking,
  measureRanking,
  type QiniBand,
  type RankingMetrics,
} from "./measure/compare.ts";
export { type UpliftBin, upliftByDecile } from "./measure/deciles.ts";
export {
  createDriftMeter,
  type DriftMeter,
  type FeatureDrift,
  type FeatureReference,
  learnReference,
  stabilityIndex,
} from "./measure/drift.ts";
export { type EffectContext, effectScores } from "./measure/effect-scores.ts";
export { differenceOf, type Estimate, wilson } from "./measure/intervals.ts";
export {
  type ArmTerms,
  comparePolicies,
  type PolicySample,
  type PolicyValue,
  policyScores,
  policyValue,
} from "./measure/policy.ts";
export { aucc, type ProfitCurve, profitCurve } from "./measure/profit.ts";
export { qiniCount, qiniCurve, qiniScore } from "./measure/qini.ts";
export {
  type Ranking,
  rankByUplift,
  type SortedSample,
  sortByUplift,
  type UpliftSample,
} from "./measure/ranking.ts";
export { upliftAt, upliftAtByGroup } from "./measure/uplift-at.ts";
export { loadOfferModel, saveOfferModel } from "./model-file.ts";
export { NEXT_ANSWERS, type NextAnswer, type NextContest } from "./next/contest.ts";
export type { Loyalty, NextMetrics, SwitchingRate } from "./next/evaluate.ts";
export type { CalibrationBin, NextCalibration, NextQuality } from "./next/quality.ts";
export type { ChoiceModel, Concentration, NextModel } from "./next/types.ts";
export {
  type EvaluateOptions,
  evaluateOffers,
  type OfferEvaluation,
  type OfferModelEvaluation,
  type PolicyEvaluation,
} from "./report/evaluation.ts";
export type { HoldoutExperiment } from "./report/holdout.ts";
export type { PageHead } from "./report/page/document.ts";
export { evaluationPage } from "./report/page/evaluation.ts";
export { nextSection, switchingPage, switchingSection } from "./report/page/switching.ts";
export {
  type GroupLift,
  type SwitchCount,
  type SwitchingReport,
  type SwitchingRow,
  switchingFromCounts,
  switchingFromTransitions,
} from "./report/switching.ts";
export { evaluateTwin, trainingPage } from "./report/training.ts";
export { judge, type Verdict } from "./report/verdict.ts";
export {
  createScorer,
  customerColumns,
  type Eligibility,
  type OfferScorer,
  type ScoreOptions,
  scoreCustomers,
} from "./score.ts";
export {
  type TrainOffersInput,
  type TrainOffersOptions,
  trainOffers,
} from "./train.ts";
export type * from "./types.ts";
export type {
  ArmMetrics,
  FoldSummary,
  LearnerChoice,
  LearnerComparison,
  RankingQuality,
  UpliftMetrics,
} from "./uplift/evaluate.ts";
export type { LinearModel } from "./uplift/linear/fit.ts";
export { placeboVerdict, type TrainingPlacebo } from "./uplift/placebo.ts";
export type { PropensitySource } from "./uplift/propensity.ts";
export * from "./uplift/types.ts";
