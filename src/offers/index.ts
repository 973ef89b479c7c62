export {
  type Allocation,
  type Allocator,
  type AllocatorOptions,
  createAllocator,
  type LimitedOffer,
} from "./choose/allocate.ts";
export { chooseBest, expectedValue, NO_OFFER } from "./choose/expected-value.ts";
export { autoc } from "./measure/autoc.ts";
export { auuc, gainCurve } from "./measure/auuc.ts";
export { type BootstrapOptions, bootstrap, percentileInterval } from "./measure/bootstrap.ts";
export { calibrationOf, type EffectCalibration } from "./measure/calibration.ts";
export { type CovariateBalance, covariateBalance } from "./measure/checks/balance.ts";
export { chiSquareTail } from "./measure/checks/chi-square.ts";
export { type ColumnFinding, inspectColumns } from "./measure/checks/columns.ts";
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
  createScorer,
  customerColumns,
  type Eligibility,
  type OfferScorer,
  type ScoreOptions,
  scoreCustomers,
} from "./score.ts";
export {
  type TrainingExperiment,
  type TrainOffersInput,
  type TrainOffersOptions,
  trainOffers,
} from "./train.ts";
export type * from "./types.ts";
export type { ArmMetrics, FoldSummary, RankingQuality, UpliftMetrics } from "./uplift/evaluate.ts";
export type * from "./uplift/types.ts";
