export type { ArmPrior, ArmRewards } from "./bandits/arms.ts";
export {
  ALGORITHMS,
  type Algorithm,
  armWeights,
  isLinear,
  LINEAR_ALGORITHMS,
  type LinearAlgorithm,
  mostOf,
  withFloor,
} from "./bandits/choose.ts";
export { contextWidth, encodeContexts, learnContext } from "./bandits/context.ts";
export {
  addReward,
  emptyLinearArm,
  freezeLinear,
  type LinearArm,
  MAX_BANDIT_FEATURES,
  residualDeviation,
} from "./bandits/linear.ts";
export { type BoostedChoice, fitBoostedChoice, predictBoostedChoice } from "./choice/boosting.ts";
export { type CountedSegment, estimateConcentration, shrink } from "./choice/concentration.ts";
export { boostedChoiceSchema } from "./choice/file-schema.ts";
export { matchColumns } from "./choice/matched.ts";
export {
  type ChoiceRows,
  type ChoiceWeights,
  countWeights,
  fitChoice,
  predictChoice,
} from "./choice/multinomial.ts";
export { designColumns, encode, takeRows } from "./features/encode.ts";
export { featureSchema } from "./features/file-schema.ts";
export { type FeatureSchema, learnSchema, requireColumns } from "./features/schema.ts";
export { type Consistency, measureConsistency } from "./resemblance/consistency.ts";
export {
  checkRater,
  forgetInJudgements,
  type Judgement,
  readJudgements,
} from "./resemblance/judgements.ts";
export { type LearnedMetric, learnMetric } from "./resemblance/learn.ts";
export { loadMetric, saveMetric } from "./resemblance/metric-file.ts";
export {
  createQuestioner,
  type Question,
  type Questioner,
} from "./resemblance/questions.ts";
export { toTriplets } from "./resemblance/triplets.ts";
export { logDoubts } from "./uplift/doubts.ts";
export { createEffectPredictor } from "./uplift/effects.ts";
export { encodeExperiment } from "./uplift/experiment.ts";
export { upliftSchema } from "./uplift/file-schema.ts";
export { learnUplift } from "./uplift/learn.ts";
export type {
  ArmMetrics,
  Doubt,
  LearnerChoice,
  UpliftMetrics,
} from "./uplift/metrics.ts";
export { placeboVerdict, type TrainingPlacebo, trainingPlacebo } from "./uplift/placebo.ts";
export {
  type Propensities,
  type PropensitySource,
  pairPropensity,
  settlePropensities,
} from "./uplift/propensity.ts";
export { OFFER_POLICIES, type OfferPolicy } from "./uplift/select/terms.ts";
export {
  type Heterogeneity,
  LEARNERS,
  type LearnerId,
  type OutcomeKind,
  type UpliftModel,
} from "./uplift/types.ts";
