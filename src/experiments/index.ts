export {
  assignFace,
  assignHoldout,
  assignOffer,
  type FaceAssignment,
  type LayerArm,
  type OfferArm,
} from "./assign.ts";
export {
  DESIGN_DEFAULTS,
  type ExperimentDesign,
  FACE_ARMS,
  type FaceArm,
  type FaceArmName,
  holdoutDesign,
  METRICS,
  type Metric,
  READINGS,
  type Reading,
} from "./design.ts";
