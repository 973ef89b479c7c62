import type { AdCopy, Creative } from "../ads/index.ts";
import type { Basis } from "../offers/index.ts";

/** The record of why a customer gets an ad: one line of `decisions.jsonl`. */
export interface Decision {
  readonly customer_id: string;
  readonly offer: {
    /** `none`: nothing is shown to this customer. */
    readonly id: string;
    /** `holdout`: shown nothing so that the campaign can be measured; null: no offer was worth showing. */
    readonly basis: Basis | "holdout" | null;
    readonly uplift: number | null;
    readonly lift: number | null;
    readonly expected_value: number | null;
  };
  /** null where nothing is shown. */
  readonly photo: {
    readonly path: string;
    readonly basis: "lookalike" | "default";
    /** Euclidean; null for the default photo. */
    readonly distance: number | null;
    /** `nearest` for a look-alike; else why the default photo is shown, see docs/campaign.md. */
    readonly reason: string;
  } | null;
  /** The words as this customer is shown them; null where nothing is shown. */
  readonly copy: AdCopy | null;
  readonly creatives: readonly Creative[];
  /** What made the decision: names and versions, by part. */
  readonly models: Readonly<Record<string, string>>;
}
