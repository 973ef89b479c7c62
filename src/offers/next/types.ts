import type { Table } from "../../core/index.ts";
import type { BoostedChoice, FeatureSchema } from "../../learning/index.ts";
import type { Pool } from "./pool.ts";

/** Index lists that a customer's segment refers to; -1 in an index means unknown. */
export interface SegmentLists {
  readonly manufacturers: readonly string[];
  /** Empty where the transitions had no such column. */
  readonly residences: readonly string[];
}

/** A customer's segment: indices into the lists; `age` is an index into the age bands. -1: unknown. */
export interface Segment {
  readonly current: number;
  readonly age: number;
  readonly residence: number;
}

/** How many customers of a segment bought what next. */
export interface SegmentCount extends Segment {
  /** Customers by index of the manufacturer bought next. */
  readonly next: readonly number[];
}

/**
 * How firmly a segment is drawn towards the level above, in pseudo-customers: with that many customers of its own, it
 * counts as much as its parent.
 */
export interface BranchConcentration {
  /** For the choice to stay or to leave. */
  readonly loyalty: number;
  /** For where those who leave go. */
  readonly destination: number;
}

/** The same for every level of segments. */
export interface Concentration {
  /** Current manufacturer towards overall. */
  readonly current: BranchConcentration;
  /** Current manufacturer x age band towards current manufacturer. */
  readonly age: BranchConcentration;
  /** Current manufacturer x residence towards current manufacturer. */
  readonly residence: BranchConcentration;
  /** All three towards the two pairs. */
  readonly cell: BranchConcentration;
}

/** What a next-purchase model is: counts, and how much to trust them. Everything else follows. */
export interface NextModel extends SegmentLists {
  /** Whether the ages were known, so that scoring needs them. */
  readonly usesAge: boolean;
  /**
   * What counted as staying: buying the same manufacturer again, or, in a log that never shows such a purchase
   * (it names no device models), having changed nothing until the log ended.
   */
  readonly stays: "bought again" | "unchanged";
  readonly concentration: Concentration;
  readonly counts: readonly SegmentCount[];
  /** The multinomial model on top of the counts, where it predicted later purchases better than they alone. */
  readonly choice?: ChoiceModel | null | undefined;
}

/** A multinomial logistic model whose offset is the switching table that the counts make. */
export interface ChoiceModel {
  readonly schema: FeatureSchema;
  /** Precision of the prior on every weight. */
  readonly penalty: number;
  /** Divides the scores; chosen on purchases that the weights were not fitted to. */
  readonly temperature: number;
  /** As `ChoiceWeights.values`; the groups of matched columns follow from the schema and the manufacturers. */
  readonly weights: Float64Array;
  /** Boosted trees beside the weights, where the two together predicted later purchases better. */
  readonly trees?: { readonly model: BoostedChoice; readonly pool: Pool } | undefined;
}

/** One row per transition, as indices. */
export interface CodedTransitions extends SegmentLists {
  readonly rows: number;
  readonly usesAge: boolean;
  readonly stays: NextModel["stays"];
  readonly current: Int32Array;
  readonly age: Int32Array;
  readonly residence: Int32Array;
  readonly next: Int32Array;
  /** When `next` was first seen, in days. */
  readonly at: Float64Array;
  /** All that is known of the customer at that time, `current_manufacturer` among it. */
  readonly features: Table;
  /** Columns of `features` from the logs. */
  readonly fromLogs: readonly string[];
}
