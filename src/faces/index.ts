export { euclideanDistance, MATCH_BOUNDS } from "./distance.ts";
export type { EmbedderConfig, EmbedderSource } from "./embedders/types.ts";
export { createFaceEngine, type FaceEngineOptions } from "./engine.ts";
export { describeContrast } from "./evaluate/contrasts.ts";
export { evaluateFaces, type FaceEvaluation, type FaceEvaluationOptions } from "./evaluate/evaluate.ts";
export { evaluateGroups, type GroupInput, type PeopleColumns } from "./evaluate/groups.ts";
export type { DistanceHistogram } from "./evaluate/histogram.ts";
export { evaluateIdentification } from "./evaluate/identification.ts";
export { renderFaceEvaluation } from "./evaluate/page/page.ts";
export type { EvaluationSource } from "./evaluate/plan.ts";
export { errorVersusReject } from "./evaluate/reject.ts";
export { rocCurve } from "./evaluate/roc.ts";
export type { FaceChoice } from "./evaluate/seen.ts";
export type { PairColumns, RefusedPair } from "./evaluate/tables.ts";
export type * from "./evaluate/types.ts";
export { evaluateVerification, type VerificationOptions } from "./evaluate/verification.ts";
export { faceApiFolder } from "./networks/weights.ts";
export {
  areCurrent,
  commonParts,
  covers,
  FEATURE_COUNT,
  FEATURES_VERSION,
  PART_RANGES,
  PARTS,
  type PartName,
  partsOf,
  perPart,
  withParts,
} from "./resemblance/features.ts";
export {
  DEFAULT_WEIGHTS,
  defaultMetric,
  MOST_WEIGHT,
  measures,
  type ResemblanceMap,
  type ResemblanceMetric,
  type ResemblanceWeights,
  resemblanceVector,
  restrict,
  reweigh,
  vectorSize,
  type WeightChanges,
} from "./resemblance/metric.ts";
export { referenceFeatures } from "./resemblance/reference.ts";
export { type EngineSource, openEngineSource } from "./source.ts";
export type * from "./types.ts";
export { HAIR_COLORS } from "./types.ts";
