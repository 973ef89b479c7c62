import type { ExperimentDesign, FaceArm } from "./design.ts";
import { armAt, draw } from "./draw.ts";

/** What one layer gave a customer. */
export interface LayerArm<Arm extends string = string> {
  readonly arm: Arm;
  /** The probability of that arm, in (0, 1]. */
  readonly propensity: number;
  /** False if the layer had nothing to randomise for this customer: the arm is then not informative. */
  readonly eligible: boolean;
}

/**
 * Assigns a customer to the campaign or to the holdout, which is shown nothing.
 *
 * @example
 * assignHoldout({ salt: "autumn-2026", holdout: 0.1 }, "c-17"); // the same arm in every process
 */
export function assignHoldout(
  { salt, holdout }: Pick<ExperimentDesign, "salt" | "holdout">,
  customerId: string,
): LayerArm<"campaign" | "holdout"> {
  const arm = holdout > 0 && draw("holdout", salt, customerId) < holdout ? "holdout" : "campaign";
  return { arm, propensity: arm === "holdout" ? holdout : 1 - holdout, eligible: holdout > 0 };
}

export interface OfferArm extends LayerArm<"best" | "explore"> {
  /** What the layer gives: the best offer or the drawn one; null: nothing. */
  readonly offerId: string | null;
  /** The probability of that offer over both arms, given that the customer is not in the holdout. */
  readonly offerPropensity: number;
}

/**
 * Assigns the best offer, or an offer drawn uniformly.
 *
 * @param best the model's choice; null if no offer is worth its cost
 * @param explorable ids of the offers that the customer may be shown and that may be drawn, in any order
 *
 * @example
 * assignOffer({ salt: "autumn-2026", explore: 0.05 }, "c-17", { best: "gift", explorable: ["gift", "upgrade"] });
 */
export function assignOffer(
  { salt, explore }: Pick<ExperimentDesign, "salt" | "explore">,
  customerId: string,
  { best, explorable }: { readonly best: string | null; readonly explorable: readonly string[] },
): OfferArm {
  const eligible = explore > 0 && explorable.length > 0;
  if (!eligible) return { arm: "best", propensity: 1, eligible, offerId: best, offerPropensity: 1 };
  const drawn = explore / explorable.length;
  const ofOffer = (id: string | null) =>
    (id === best ? 1 - explore : 0) + (id !== null && explorable.includes(id) ? drawn : 0);
  if (draw("offer", salt, customerId) >= explore) {
    return { arm: "best", propensity: 1 - explore, eligible, offerId: best, offerPropensity: ofOffer(best) };
  }
  const pick = Math.floor(draw("offer-pick", salt, customerId) * explorable.length);
  const offerId = explorable.toSorted()[pick] ?? null;
  return { arm: "explore", propensity: explore, eligible, offerId, offerPropensity: ofOffer(offerId) };
}

export interface FaceAssignment extends LayerArm<FaceArm["arm"]> {
  /** Of the arm `band`. */
  readonly band: FaceArm["band"];
  /** A uniform number in [0, 1) by which the arm draws its photo. */
  readonly pick: number;
}

const LOOKALIKE: FaceArm = { arm: "lookalike", share: 1, band: null };

/**
 * Assigns the face arm of a customer with a look-alike. Do not call it for other customers: they see the default photo
 * in every arm and would dilute the comparison.
 *
 * @example
 * const { arm, propensity } = assignFace(design, "c-17");
 */
export function assignFace(
  { salt, faces }: Pick<ExperimentDesign, "salt" | "faces">,
  customerId: string,
): FaceAssignment {
  const arms = faces ?? [LOOKALIKE];
  const index = armAt(
    draw("face", salt, customerId),
    arms.map(({ share }) => share),
  );
  const { arm, share, band } = arms[index] ?? LOOKALIKE;
  const pick = draw("face-pick", salt, customerId);
  return { arm, propensity: share, eligible: arms.filter((entry) => entry.share > 0).length > 1, band, pick };
}
