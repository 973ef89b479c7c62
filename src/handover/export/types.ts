import type { AdCopy, Platform } from "../../ads/index.ts";
import type { ManifestOffer, RunManifest } from "../manifest.ts";
import type { Decision } from "../types.ts";

export const EXPORT_FORMATS = [
  "csv",
  "parquet",
  "jsonl",
  "mailchimp",
  "braze",
  "klaviyo",
  "sfmc",
  "meta-catalogue",
  "google-custom",
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** One creative at its public address. */
export interface AdImage {
  readonly channel: string;
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/**
 * The public data of a distinct ad, for feeds of Meta and Google. It contains no data of any customer. The
 * two fields of type `never` keep a customer's ad from being assigned to it.
 */
export interface PublicAd {
  readonly adId: string;
  readonly offer: ManifestOffer;
  /** The offer's address with the campaign's UTM parameters. */
  readonly link: string;
  readonly images: readonly AdImage[];
  readonly customerId?: never;
  readonly copy?: never;
}

/** The ad of one customer: for tools with which the brand writes to its customers. */
export interface CustomerAd {
  readonly customerId: string;
  /** From the contacts file; null if none was given. */
  readonly email: string | null;
  readonly offer: Decision["offer"];
  readonly photoBasis: "lookalike" | "default" | "drawn" | null;
  /** null if the customer is shown nothing. */
  readonly ad: {
    readonly adId: string;
    readonly copy: AdCopy;
    readonly link: string;
    readonly images: readonly AdImage[];
  } | null;
}

export interface Limit {
  readonly length: number;
  readonly unit: "characters" | "bytes";
}

/** A column of a tool's file, and the tool's rules for its values. */
export interface Column<Row> {
  readonly name: string;
  /** `key` joins rows to the tool's own and is never altered. */
  readonly kind: "key" | "email" | "text" | "url" | "number";
  readonly value: (row: Row) => string | number | null;
  readonly isRequired?: boolean | undefined;
  /** The required form of a value. */
  readonly form?: { readonly pattern: RegExp; readonly what: string } | undefined;
  /** Longer values are rejected. */
  readonly limit?: Limit | undefined;
  /** Longer values cause a warning: the tool accepts them but may not show them whole. */
  readonly advised?: number | undefined;
}

/** Source of a rule, and the date when it was last compared. */
interface RuleSource {
  readonly url: string;
  readonly checkedOn: string;
  readonly says: string;
}

/** The ad's values for mail tools, with a tool's name for each. */
export type MailNames = Readonly<
  Record<"offer" | "ad" | "headline" | "body" | "cta" | "link" | "image" | "alt", string>
>;

/** How a tool inserts a customer's value into a message. */
export interface MergeTags {
  /** The tool's columns by content. */
  readonly names: MailNames;
  readonly of: (column: string) => string;
  /** The tool's tag for the address that ends the subscription. */
  readonly unsubscribe: string;
}

interface ToolRules {
  readonly id: ExportFormat;
  readonly title: string;
  /** Name of its files, without the extension. */
  readonly file: string;
  readonly sources: readonly RuleSource[];
  /** Larger files are split into parts; null: no limit. */
  readonly maxFileBytes: number | null;
  /** Text that the tool would interpret as its template language or markup; null: no restriction. */
  readonly forbidden: { readonly pattern: RegExp; readonly what: string } | null;
  /**
   * Cells that a spreadsheet would run: `mark` them as text with an apostrophe, `refuse` them if customers
   * would see the mark, or `keep` them in files that no spreadsheet runs.
   */
  readonly formulas: "mark" | "refuse" | "keep";
}

export interface CustomerTool extends ToolRules {
  readonly audience: "customers";
  /** Whether customers who are shown nothing have a row too. */
  readonly includesUnaddressed: boolean;
  readonly columns: (run: RunManifest) => readonly Column<CustomerAd>[];
  readonly tags: MergeTags | null;
}

export interface PublicTool extends ToolRules {
  readonly audience: "public";
  readonly platform: Platform;
  readonly columns: (run: RunManifest) => readonly Column<PublicAd>[];
}

export type ExportTool = CustomerTool | PublicTool;
