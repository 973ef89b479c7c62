import type { CreativeLayer } from "../design.ts";
import { PROPENSITY } from "../outcomes/units.ts";

/** A layer whose shares can be learned. */
export type LearnedLayer = "faces" | CreativeLayer | "explore";

export interface LayerColumns {
  /** Column of `results` with the arm. */
  readonly arm: string;
  /** SQL of which customers take part. */
  readonly filter: string;
  /** SQL of the probability of a customer's arm. */
  readonly propensity: string;
}

/** Each layer in the table `results`. For offers, only customers who could have been shown any of them count. */
export const LAYER_COLUMNS: Readonly<Record<LearnedLayer, LayerColumns>> = {
  faces: { arm: "face", filter: "can_face = 1", propensity: PROPENSITY.face },
  copy: { arm: "copy", filter: "copy IS NOT NULL", propensity: PROPENSITY.copy },
  template: { arm: "template", filter: "template IS NOT NULL", propensity: PROPENSITY.template },
  explore: {
    arm: "shown",
    filter: "shown <> 'none' AND explorable > 1 AND explorable = (SELECT max(explorable) FROM results)",
    propensity: "offer_propensity",
  },
};

export const LEARNED_LAYERS: readonly LearnedLayer[] = ["faces", "copy", "template", "explore"];
