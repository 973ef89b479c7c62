import type { AdCopy, Creative } from "../ads/index.ts";
import type { Basis, UpliftUnit } from "../offers/index.ts";

/** The record of why a customer gets an ad: one line of `decisions.jsonl`. */
export interface Decision {
  readonly customer_id: string;
  readonly offer: {
    /** `none`: nothing is shown to this customer. */
    readonly id: string;
    /**
     * `holdout`: nothing is shown, as the control group of the campaign; `explore`: drawn at random among the
     * customer's offers; null: no offer has a positive expected value.
     */
    readonly basis: Basis | "holdout" | "explore" | null;
    readonly uplift: number | null;
    /**
     * Unit of `uplift`; absent without an uplift and in runs of earlier versions, whose uplifts are
     * probabilities.
     */
    readonly unit?: UpliftUnit | undefined;
    /** Whether `uplift` was predicted for this customer or is the average of all; absent like `unit`. */
    readonly personal?: boolean | undefined;
    readonly lift: number | null;
    readonly expected_value: number | null;
  };
  /** null if nothing is shown. */
  readonly photo: {
    readonly path: string;
    /** `drawn`: chosen at random instead of the look-alike. */
    readonly basis: "lookalike" | "default" | "drawn";
    /** Euclidean distance; null for the default photo and if it was not measured. */
    readonly distance: number | null;
    /**
     * The value that the look-alike was ranked by: 0 alike, about 1 for two random people; null if not known.
     */
    readonly resemblance?: number | null | undefined;
    /**
     * For the arm `influencer`: a keyed hash without a name, by which a withdrawal of either person is found;
     * see `permit` of the consent registry.
     */
    readonly permit?: string | undefined;
    /**
     * `nearest` for a look-alike; the arm of the face layer for a drawn photo; else why the default photo is shown, see
     * docs/campaign.md.
     */
    readonly reason: string;
  } | null;
  /** The text that this customer is shown; null if nothing is shown. */
  readonly copy: AdCopy | null;
  readonly creatives: readonly Creative[];
  /** Names and versions of the models and policies of the decision, by part. */
  readonly models: Readonly<Record<string, string>>;
  /** The default photo is the customer's own picture and is not shown to them; absent: it may be shown. */
  readonly own_default?: true | undefined;
  /** Absent if the campaign randomises nothing, and in runs of earlier versions. */
  readonly assignment?: DecisionAssignment | undefined;
}

/** The arms of a customer, with the probabilities that the evaluation needs. */
interface DecisionAssignment {
  readonly experiment: string;
  readonly holdout: AssignedArm;
  /** null: the customer is in the holdout. */
  readonly offer: (AssignedArm & { readonly offer_propensity: number }) | null;
  /** null: the customer has no look-alike, or none was searched for. */
  readonly face: AssignedArm | null;
  /** The drawn text of the offer; absent if texts are not drawn. */
  readonly copy?: AssignedArm | undefined;
  /** The drawn template; absent if templates are not drawn. */
  readonly template?: AssignedArm | undefined;
  /** The decision without any random draw. */
  readonly would_be: {
    /** `none`: no offer. */
    readonly offer: string;
    readonly uplift: number | null;
    /** Number of offers that could have been drawn. */
    readonly explorable: number;
    /** The look-alike's file; null if `face` is null, or if the photo was erased. */
    readonly photo: string | null;
    readonly distance: number | null;
    readonly resemblance: number | null;
  };
}

export interface AssignedArm {
  readonly arm: string;
  /** Probability of that arm, in (0, 1]. */
  readonly propensity: number;
  /** false if there was nothing to draw for this customer. */
  readonly eligible: boolean;
}
