import type { CreativeLayer, ExperimentDesign, FaceArm, NamedArm } from "./design.ts";
import { armAt, draw } from "./draw.ts";

/** The arm of a customer in one layer. */
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
  /** The best offer or the drawn one; null: none. */
  readonly offerId: string | null;
  /** The probability of that offer over both arms, given that the customer is not in the holdout. */
  readonly offerPropensity: number;
}

/**
 * Assigns a customer to the best offer or to a drawn one: evenly, or by the design's shares among the offers
 * that may be drawn.
 *
 * @param best the model's choice; null if no offer has a positive value
 * @param explorable ids of the offers that the customer may be shown and that may be drawn, in any order
 *
 * @example
 * assignOffer({ salt: "autumn-2026", explore: 0.05 }, "c-17", { best: "gift", explorable: ["gift", "upgrade"] });
 */
export function assignOffer(
  { salt, explore, exploreShares }: Pick<ExperimentDesign, "salt" | "explore" | "exploreShares">,
  customerId: string,
  { best, explorable }: { readonly best: string | null; readonly explorable: readonly string[] },
): OfferArm {
  const eligible = explore > 0 && explorable.length > 0;
  if (!eligible) return { arm: "best", propensity: 1, eligible, offerId: best, offerPropensity: 1 };
  const offers = explorable.toSorted();
  const shares = drawShares(offers, exploreShares ?? []);
  const ofOffer = (id: string | null) => {
    const drawn = id === null ? 0 : (shares[offers.indexOf(id)] ?? 0);
    return (id === best ? 1 - explore : 0) + explore * drawn;
  };
  if (draw("offer", salt, customerId) >= explore) {
    return { arm: "best", propensity: 1 - explore, eligible, offerId: best, offerPropensity: ofOffer(best) };
  }
  const offerId = offers[armAt(draw("offer-pick", salt, customerId), shares)] ?? null;
  return { arm: "explore", propensity: explore, eligible, offerId, offerPropensity: ofOffer(offerId) };
}

/**
 * The probability of each offer for a customer who explores; an offer without a share counts as the mean of
 * the others.
 */
function drawShares(offers: readonly string[], given: readonly NamedArm[]): number[] {
  const known = new Map(given.map(({ arm, share }) => [arm, share]));
  const usual = given.length > 0 ? given.reduce((sum, { share }) => sum + share, 0) / given.length : 1;
  const weights = offers.map((offer) => known.get(offer) ?? usual);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

export interface FaceAssignment extends LayerArm<FaceArm["arm"]> {
  /** The distances of the arm `band`. */
  readonly band: FaceArm["band"];
  /** A uniform number in [0, 1) with which the arm draws its photo. */
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

/**
 * Assigns the text or the template of a customer's ad.
 *
 * @param canShow whether the customer's offer has an arm; if it lacks one, the customer is not part of the
 * layer
 * @returns null if nothing is drawn
 */
export function assignCreative(
  layer: CreativeLayer,
  design: Pick<ExperimentDesign, "salt" | CreativeLayer>,
  customerId: string,
  canShow: (arm: string) => boolean = () => true,
): LayerArm | null {
  const arms = (design[layer] ?? []).filter(({ share }) => share > 0);
  if (arms.length < 2 || !arms.every(({ arm }) => canShow(arm))) return null;
  const index = armAt(
    draw(layer, design.salt, customerId),
    arms.map(({ share }) => share),
  );
  const drawn = arms[index];
  return drawn === undefined ? null : { arm: drawn.arm, propensity: drawn.share, eligible: true };
}
