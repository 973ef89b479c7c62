export {
  assignCreative,
  assignFace,
  assignHoldout,
  assignOffer,
  type FaceAssignment,
  type LayerArm,
  type OfferArm,
} from "./assign.ts";
export {
  CREATIVE_LAYERS,
  type CreativeLayer,
  DESIGN_DEFAULTS,
  type ExperimentDesign,
  FACE_ARMS,
  type FaceArm,
  type FaceArmName,
  holdoutDesign,
  METRICS,
  type Metric,
  type NamedArm,
  PLAIN_COPY,
  READINGS,
  type Reading,
} from "./design.ts";
export { type EvaluatePolicyOptions, evaluatePolicy, type PolicyEvaluation } from "./learn/evaluate.ts";
export type { ContextSource } from "./learn/linear.ts";
export { type ExperimentLogOptions, writeExperimentLog } from "./learn/log.ts";
export {
  createPersonalShares,
  type PersonalPolicy,
  type PersonalShares,
  personalColumns,
  personalPolicy,
} from "./learn/personal.ts";
export { type ExploredOffer, type LearnSharesOptions, learnShares } from "./learn/policy.ts";
export { loadShares, type SharePolicy, saveShares, withShares } from "./learn/policy-file.ts";
export type { OutcomeRows } from "./outcomes/events.ts";
export { type BaselineOptions, readBaseline } from "./planning/baseline.ts";
export {
  type Baseline,
  type ExperimentPlan,
  type PlannedComparison,
  type PlanOptions,
  planExperiment,
} from "./planning/plan.ts";
export type { ArmResult, Comparison, Effect, Look, Question, Range } from "./results/compare.ts";
export type { Gate } from "./results/gate.ts";
export { type ResultsPageOptions, resultsPage } from "./results/page.ts";
export { type ExperimentResults, type ReadResultsOptions, readResults } from "./results/read.ts";
export type { Concluded, Conclusion } from "./results/verdict.ts";
export { conclusionWords, effectWords, gateWords, headline, rowWords } from "./results/words.ts";
