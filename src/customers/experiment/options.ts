import type { FeatureRequest } from "../../tables/index.ts";

/** Column names, with defaults. */
export interface ExperimentMapping {
  /** The offer that was shown; default `offer_id`. */
  readonly treatment?: string | undefined;
  /** The outcome: a number, or true/false; default `converted`. */
  readonly outcome?: string | undefined;
  /**
   * Joins the log with the CRM and the other logs; default `customer_id`. Without it only the log's own
   * columns are used.
   */
  readonly customer_id?: string | undefined;
  /** Default `value`, if there is such a column. */
  readonly value?: string | undefined;
  /** Default `propensity`, if there is such a column. */
  readonly propensity?: string | undefined;
  /**
   * Group within which rows depend on each other: a household, a store. Default: the customer's id, so that
   * repeated rows of one customer form a group.
   */
  readonly cluster?: string | undefined;
}

export interface ExperimentOptions {
  readonly mapping?: ExperimentMapping | undefined;
  /** The value of the treatment column for customers who were shown nothing; default `none`. */
  readonly control?: string | undefined;
  /**
   * The arms other than the control, with their names in the result; rows of other arms are rejected. Default: every
   * arm in the log, by its own name.
   */
  readonly offers?: ReadonlyMap<string, string> | undefined;
  /**
   * Default: every column of the log and the CRM except the ids, `shown_at`, the mapped ones, those with a
   * name of `OUTCOME_NAMES` (data from after the treatment must not explain it), photo and consent, texts
   * with over 1,000 labels of fewer than 4 cells each, and the column that customers were assigned by (households). Features of the call and usage logs can be selected by name (`contacts`,
   * `months_on_current`, ...), and replace CRM columns of the same name: if the log has the time of an offer
   * (`shown_at`), they are computed for that time, while the CRM has current values. A column without any
   * value is left out with a warning, unless the request sets its kind.
   */
  readonly features?: FeatureRequest | undefined;
  /**
   * With `features` by kinds: also reads the columns that would be features by default. An evaluation needs them to see
   * whether customers were selected by a column that the model does not have.
   */
  readonly others?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Columns recorded after the offer was shown; not features unless selected by name. Columns that may also be
 * of the past (`spend`, `orders`) are checked against the data when a model is trained.
 */
export const OUTCOME_NAMES: ReadonlySet<string> = new Set(
  (
    "converted conversion conversions visit visited purchased margin_earned click clicked clicks open opened " +
    "exposure exposed outcome response"
  ).split(" "),
);
