import type { Table } from "../../core/index.ts";
import type { BoostedChoice, FeatureSchema } from "../../learning/index.ts";
import type { Pool } from "./pool.ts";

/** The lists to which the indices of a segment refer; index -1 means unknown. */
interface SegmentLists {
  readonly manufacturers: readonly string[];
  /** Empty if the transitions had no such column. */
  readonly residences: readonly string[];
}

/** A customer's segment: indices into the lists; `age` is an index into the age bands. -1: unknown. */
export interface Segment {
  readonly current: number;
  readonly age: number;
  readonly residence: number;
}

/** The customers of a segment, counted by what they bought next. */
export interface SegmentCount extends Segment {
  /** Number of customers by index of the manufacturer bought next. */
  readonly next: readonly number[];
}

/**
 * Strength of shrinkage towards the level above, in pseudo-customers: a segment with this many customers has
 * the same weight as its parent.
 */
export interface BranchConcentration {
  /** For the choice between staying and leaving. */
  readonly loyalty: number;
  /** For the new manufacturer of those who leave. */
  readonly destination: number;
}

/** Concentrations, equal for all segments of a level. */
export interface Concentration {
  /** Current manufacturer, towards overall. */
  readonly current: BranchConcentration;
  /** Current manufacturer x age band, towards current manufacturer. */
  readonly age: BranchConcentration;
  /** Current manufacturer x residence, towards current manufacturer. */
  readonly residence: BranchConcentration;
  /** All three, towards the two pairs. */
  readonly cell: BranchConcentration;
}

/** A next-purchase model: counts and concentrations, from which everything else is computed. */
export interface NextModel extends SegmentLists {
  /** Whether the ages were known, so that scoring needs them. */
  readonly usesAge: boolean;
  /**
   * The definition of staying: buying the same manufacturer again, or, in a log that never shows such a
   * purchase (it names no device models), having changed nothing until the log ended.
   */
  readonly stays: "bought again" | "unchanged";
  readonly concentration: Concentration;
  readonly counts: readonly SegmentCount[];
  /**
   * The multinomial model on top of the counts, if it predicted later purchases better than the counts alone.
   */
  readonly choice?: ChoiceModel | null | undefined;
}

/** A multinomial logistic model whose offset is the switching table computed from the counts. */
export interface ChoiceModel {
  readonly schema: FeatureSchema;
  /** Precision of the prior on every weight. */
  readonly penalty: number;
  /** Divides the scores; chosen on purchases that were not used to fit the weights. */
  readonly temperature: number;
  /** As `ChoiceWeights.values`; the groups of matched columns follow from the schema and the manufacturers. */
  readonly weights: Float64Array;
  /** Boosted trees in addition to the weights, if both together predicted later purchases better. */
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
  /** Time at which `next` was first seen, in days. */
  readonly at: Float64Array;
  /** All data of the customer at that time, `current_manufacturer` included. */
  readonly features: Table;
  /** Columns of `features` from the logs. */
  readonly fromLogs: readonly string[];
  /** Those of `fromLogs` that are computed from ties. */
  readonly fromTies: readonly string[];
}
