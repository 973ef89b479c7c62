export {
  type Allocation,
  type Allocator,
  type AllocatorOptions,
  createAllocator,
  createWeigher,
  type LimitedOffer,
} from "./choose/allocate.ts";
export { chooseBest, NO_OFFER } from "./choose/worth.ts";

export { loadOfferModel, saveOfferModel } from "./model-file.ts";
export type { NextAnswer, NextContest } from "./next/contest.ts";
export type { Loyalty, NextMetrics } from "./next/evaluate.ts";
export type { NextQuality } from "./next/quality.ts";
export type { ChoiceModel, Concentration, NextModel } from "./next/types.ts";
export { compareModels, type ModelComparison } from "./report/compare-models.ts";
export { comparisonWords } from "./report/compare-words.ts";
export {
  type EvaluateOptions,
  evaluateOffers,
  type OfferEvaluation,
  type OfferModelEvaluation,
} from "./report/evaluation.ts";
export type { HoldoutExperiment } from "./report/holdout.ts";
export { evaluationPage } from "./report/page/evaluation.ts";
export { switchingPage } from "./report/page/switching.ts";
export type { PolicyEvaluation } from "./report/policies.ts";
export { priceWords } from "./report/price-words.ts";
export {
  type SwitchingReport,
  switchingFromCounts,
  switchingFromTransitions,
} from "./report/switching.ts";
export { evaluateTwin, trainingPage } from "./report/training.ts";
export { learnerWords, UNTRAINED_WORDS, upliftWords } from "./report/uplift-words.ts";
export { evaluationVerdict } from "./report/verdict.ts";
export {
  createScorer,
  customerColumns,
  type Eligibility,
  isUntrained,
  type OfferScorer,
  requireTrained,
  type ScoreOptions,
  scoreCustomers,
} from "./score.ts";
export { trainOffers } from "./train.ts";
export type { TrainOffersInput, TrainOffersOptions } from "./train-options.ts";
export type * from "./types.ts";
