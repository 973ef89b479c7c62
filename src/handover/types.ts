import type { AdCopy, Creative } from "../ads/index.ts";
import type { Basis, UpliftUnit } from "../offers/index.ts";

/** The record of why a customer gets an ad: one line of `decisions.jsonl`. */
export interface Decision {
  readonly customer_id: string;
  readonly offer: {
    /** `none`: nothing is shown to this customer. */
    readonly id: string;
    /**
     * `holdout`: shown nothing so that the campaign can be measured; `explore`: drawn at random among the customer's
     * offers; null: no offer was worth showing.
     */
    readonly basis: Basis | "holdout" | "explore" | null;
    readonly uplift: number | null;
    /** Unit of `uplift`; absent without an uplift and in runs of earlier versions, whose uplifts are probabilities. */
    readonly unit?: UpliftUnit | undefined;
    /** Whether `uplift` was predicted for this customer, or is the average of all; left out as `unit` is. */
    readonly personal?: boolean | undefined;
    readonly lift: number | null;
    readonly expected_value: number | null;
  };
  /** null where nothing is shown. */
  readonly photo: {
    readonly path: string;
    /** `drawn`: at random instead of the look-alike. */
    readonly basis: "lookalike" | "default" | "drawn";
    /** Euclidean; null for the default photo and where it was not measured. */
    readonly distance: number | null;
    /** What the look-alike was chosen by: 0 alike, about 1 for two people taken at random; null where not known. */
    readonly resemblance?: number | null | undefined;
    /**
     * Of the arm `influencer`: by it a withdrawal of either person is found. A keyed hash that names nobody; see `permit` of the
     * consent registry.
     */
    readonly permit?: string | undefined;
    /**
     * `nearest` for a look-alike; the arm of the face layer for a drawn photo; else why the default photo is shown, see
     * docs/campaign.md.
     */
    readonly reason: string;
  } | null;
  /** The words as this customer is shown them; null where nothing is shown. */
  readonly copy: AdCopy | null;
  readonly creatives: readonly Creative[];
  /** What made the decision: names and versions, by part. */
  readonly models: Readonly<Record<string, string>>;
  /** Absent if the campaign randomises nothing, and in runs of earlier versions. */
  readonly assignment?: DecisionAssignment | undefined;
}

/** The arms of a customer, with the probabilities that the evaluation needs. */
export interface DecisionAssignment {
  readonly experiment: string;
  readonly holdout: AssignedArm;
  /** Null: the customer is in the holdout. */
  readonly offer: (AssignedArm & { readonly offer_propensity: number }) | null;
  /** Null: the customer has no look-alike, or none was searched. */
  readonly face: AssignedArm | null;
  /** Which of the offer's words; left out where they are not drawn. */
  readonly copy?: AssignedArm | undefined;
  /** Which template; left out where it is not drawn. */
  readonly template?: AssignedArm | undefined;
  /** What would be shown without any draw. */
  readonly would_be: {
    /** `none`: no offer. */
    readonly offer: string;
    readonly uplift: number | null;
    /** How many offers could have been drawn. */
    readonly explorable: number;
    /** The look-alike's file; null as `face` is, and once the photo was erased. */
    readonly photo: string | null;
    readonly distance: number | null;
    readonly resemblance: number | null;
  };
}

export interface AssignedArm {
  readonly arm: string;
  /** The probability of that arm, in (0, 1]. */
  readonly propensity: number;
  /** False where there was nothing to draw for this customer. */
  readonly eligible: boolean;
}
