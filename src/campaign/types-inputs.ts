import type {
  CallMapping,
  CustomerMapping,
  ExperimentMapping,
  MessageMapping,
  PurchaseMapping,
  UsageMapping,
} from "../customers/index.ts";

/** A table on disk: a CSV, Parquet or JSON file, a folder or a glob of such files. */
interface TableInput<Mapping> {
  /** Absolute path. */
  readonly path: string;
  /** The source's column name for each role; a column that is not listed has the role's name. */
  readonly columns: Mapping;
}

interface ExperimentInput extends TableInput<ExperimentMapping> {
  /** Name of the arm that was shown nothing. */
  readonly control: string;
  /** The model's columns; null: every feature column of the customers. */
  readonly features: readonly string[] | null;
}

interface ResultsInput {
  /** Output folders of one experiment's runs; absolute. */
  readonly runs: readonly string[];
  /** Absolute path. */
  readonly outcomes: string;
  /** `uniform`: only customers in the holdout and customers whose offer was drawn. */
  readonly slice: "all" | "uniform";
}

export interface CampaignInputs {
  readonly customers: TableInput<CustomerMapping>;
  readonly calls: TableInput<CallMapping> | null;
  /** Log of messages, from which only ties between people are read. */
  readonly messages: TableInput<MessageMapping> | null;
  readonly usage: TableInput<UsageMapping> | null;
  /** A panel of purchases, from which next purchases are learned instead of the logs; null: none. */
  readonly purchases: TableInput<PurchaseMapping> | null;
  /** The zero point of numeric times in the logs; null: 1970-01-01. */
  readonly logStart: Date | null;
  /** Maps the logs' names of handset makers to the names used here. */
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
  /** Finished runs with their outcomes, used for training. */
  readonly results: readonly ResultsInput[];
}
