export { chooseBest, expectedValue, NO_OFFER } from "./choose/expected-value.ts";
export { auuc, gainCurve } from "./measure/auuc.ts";
export { differenceOf, type Estimate, wilson } from "./measure/intervals.ts";
export { qiniCount, qiniCurve, qiniScore } from "./measure/qini.ts";
export { type Ranking, rankByUplift, type UpliftSample } from "./measure/ranking.ts";
export { upliftAt } from "./measure/uplift-at.ts";
export { loadOfferModel, saveOfferModel } from "./model-file.ts";
export type { Loyalty, NextMetrics, SwitchingRate } from "./next/evaluate.ts";
export type { Concentration, NextModel } from "./next/types.ts";
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
