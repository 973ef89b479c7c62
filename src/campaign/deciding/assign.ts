import {
  assignCreative,
  assignHoldout,
  assignOffer,
  type CreativeLayer,
  type ExperimentDesign,
  type FaceArm,
  type LayerArm,
  type OfferArm,
  type PersonalShares,
} from "../../experiments/index.ts";
import {
  type Allocation,
  type CustomerScore,
  chooseBest,
  NO_OFFER,
  type OfferScore,
} from "../../offers/index.ts";
import { hasVariant, variantOf } from "../drawing/copy.ts";
import type { Campaign, CampaignOffer } from "../types.ts";

/** The offer of each customer after all budgets are allocated, by the customer's number within the run. */
export type BudgetShares = Pick<Allocation, "offerOf" | "prices">;

/** The offer of a customer, with its reason. */
export type Assignment = (
  | { readonly status: "offer"; readonly offer: CampaignOffer; readonly score: OfferScore }
  | { readonly status: "none"; readonly because: "holdout" | "no_offer" }
) & { readonly layers?: AssignedLayers | undefined };

/** The layers that were drawn before any face was computed; present if the campaign draws any. */
interface AssignedLayers {
  /** The experiment's name. */
  readonly experiment: string;
  readonly holdout: LayerArm;
  /** null: in the holdout. */
  readonly offer: OfferArm | null;
  /** The customer's arms of the face layer; null: all are shown the look-alike. */
  readonly faces: readonly FaceArm[] | null;
  /** The drawn text and template; null: not drawn. */
  readonly creative: Readonly<Record<CreativeLayer, LayerArm | null>>;
  /** The choice without any random draw, also for the holdout. `none`: no offer. */
  readonly wouldBe: {
    readonly offerId: string;
    readonly uplift: number | null;
    /** Number of offers that could have been drawn. */
    readonly explorable: number;
  };
}

const NOT_DRAWN = { copy: null, template: null } as const;

interface Assignee {
  readonly score: CustomerScore;
  /** Ids of the offers that the customer may not be shown. */
  readonly excluded: ReadonlySet<string>;
  /** The customer's number within the run, from 0. */
  readonly number: number;
  /** The customer's own shares of the arms; null: the experiment's. */
  readonly shares: PersonalShares | null;
}

/** Chooses a customer's offer, independently of the order of calls. */
export type Assign = (assignee: Assignee) => Assignment;

/**
 * Chooses the offer with the highest expected value that the campaign has and the customer may be shown; none
 * if all of these would lose money. If offers have budgets, the choice is the customer's allocation.
 * Customers in the holdout get none, and those who are drawn to explore get one of their offers at random.
 */
export function createAssigner(
  { offers, experiment }: Pick<Campaign, "offers" | "experiment">,
  shares: BudgetShares | null,
): Assign {
  const offerById = new Map(offers.map((offer) => [offer.id, offer]));
  const prices = shares?.prices.offers;
  // A drawn offer with a budget would exceed it, because the budget is already allocated to others.
  const drawable = offers.filter(({ budget }) => budget === null).map(({ id }) => id);
  const draws =
    experiment.holdout > 0 ||
    experiment.explore > 0 ||
    [experiment.faces, experiment.copy, experiment.template].some((arms) => arms != null);

  const give = (
    score: CustomerScore,
    id: string,
    layers: AssignedLayers | undefined,
    design: Pick<ExperimentDesign, "salt" | CreativeLayer> = experiment,
  ): Assignment => {
    const offer = offerById.get(id);
    const found = score.scores.find(({ offerId }) => offerId === id);
    if (offer === undefined || found === undefined) return { status: "none", because: "no_offer", layers };
    if (layers === undefined) return { status: "offer", offer, score: found };
    const copy = assignCreative("copy", design, score.customerId, (name) => hasVariant(offer, name));
    const template = assignCreative("template", design, score.customerId);
    const worded = copy === null ? offer : variantOf(offer, copy.arm);
    return {
      status: "offer",
      offer: worded,
      score: found,
      layers: { ...layers, creative: { copy, template } },
    };
  };
  return ({ score, excluded, number, shares: own }) => {
    const eligible = (id: string) => offerById.has(id) && !excluded.has(id);
    if (!draws) return give(score, shares?.offerOf(number) ?? chooseBest(score, eligible), undefined);
    const id = score.customerId;
    // With prices, one rule applies to customers inside and outside the holdout.
    const ideal = chooseBest(score, eligible, prices);
    const uplift = score.scores.find(({ offerId }) => offerId === ideal)?.uplift ?? null;
    const explorable =
      experiment.explore > 0
        ? drawable.filter((own) => eligible(own) && score.scores.some(({ offerId }) => offerId === own))
        : [];
    const wouldBe = { offerId: ideal, uplift, explorable: explorable.length };
    const design = own === null ? experiment : { ...own, salt: experiment.salt, explore: experiment.explore };
    const { faces } = design;
    const holdout = assignHoldout(experiment, id);
    const layersWith = (offer: OfferArm | null): AssignedLayers => {
      return { experiment: experiment.name, holdout, offer, faces, creative: NOT_DRAWN, wouldBe };
    };
    if (holdout.arm === "holdout") return { status: "none", because: "holdout", layers: layersWith(null) };
    const best = shares?.offerOf(number) ?? ideal;
    const choices = { best: best === NO_OFFER ? null : best, explorable };
    const offer = assignOffer(design, id, choices);
    return give(score, offer.offerId ?? NO_OFFER, layersWith(offer), design);
  };
}
