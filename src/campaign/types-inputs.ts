import type {
  CallMapping,
  CustomerMapping,
  ExperimentMapping,
  MessageMapping,
  PurchaseMapping,
  UsageMapping,
} from "../customers/index.ts";

/** A table on disk: a CSV, Parquet or JSON file, a folder or a glob of such files. */
export interface TableInput<Mapping> {
  /** Absolute. */
  readonly path: string;
  /** The source's column name for each of ours; a column that is not listed keeps its name. */
  readonly columns: Mapping;
}

export interface ExperimentInput extends TableInput<ExperimentMapping> {
  /** Name of the arm that was shown nothing. */
  readonly control: string;
  /** The model's columns; null: every feature column of the customers. */
  readonly features: readonly string[] | null;
}

export interface ResultsInput {
  /** Output folders of one experiment's runs; absolute. */
  readonly runs: readonly string[];
  /** Absolute. */
  readonly outcomes: string;
  /** `uniform`: only customers in the holdout and customers whose offer was drawn. */
  readonly slice: "all" | "uniform";
}

export interface CampaignInputs {
  readonly customers: TableInput<CustomerMapping>;
  readonly calls: TableInput<CallMapping> | null;
  /** Who wrote to whom; only ties between people are made of it. */
  readonly messages: TableInput<MessageMapping> | null;
  readonly usage: TableInput<UsageMapping> | null;
  /** A panel of purchases, which next purchases are learned from in place of the logs; null: none. */
  readonly purchases: TableInput<PurchaseMapping> | null;
  /** What seconds in the logs' time columns count from; null: 1970-01-01. */
  readonly logStart: Date | null;
  /** What the logs call makers of handsets, and what they are called here. */
  readonly manufacturers: Readonly<Record<string, string>>;
  readonly experiment: ExperimentInput | null;
  /** Folders and photos that `index` reads; absolute. */
  readonly inventory: readonly string[];
  /** The gallery's folder; absolute. */
  readonly gallery: string;
  /** The trained model's file; absolute. */
  readonly model: string;
  /** The learned shares of the face layer; absolute. */
  readonly policy: string;
  /** Finished runs with their outcomes, which training learns from. */
  readonly results: readonly ResultsInput[];
}
