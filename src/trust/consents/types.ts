import type { RowReport, TableSource } from "../../tables/index.ts";

/** Why a customer's face may or may not be computed. Times are those of the CRM or of the consent registry. */
export type Consent =
  | { readonly status: "given"; readonly givenAt: Date; readonly expiresAt: Date | null }
  | { readonly status: "missing" }
  /** The customers' file has something that is no date. */
  | { readonly status: "unreadable"; readonly column: string }
  | { readonly status: "future"; readonly givenAt: Date }
  | { readonly status: "expired"; readonly expiresAt: Date }
  /** Taken back, in the consent registry. */
  | { readonly status: "withdrawn"; readonly withdrawnAt: Date }
  /** Given, but in a way that the law of the place does not accept: what the record does not show. */
  | { readonly status: "insufficient"; readonly lacking: "notice" | "method" | "age" };

/**
 * What a person may consent to. The use of a photo and the computing of a face from it are two things: only
 * `face_matching` permits computing a face (biometric data, Article 9 GDPR), independently of the purpose `photo`. `network`
 * permits reading calls and messages between two people for marketing if both consent (Directive 2002/58/EC, Article 6(3)).
 */
export const PURPOSES = ["face_matching", "photo", "network"] as const;
export type Purpose = (typeof PURPOSES)[number];

export const METHODS = [
  "written",
  "electronic_signature",
  "online_form",
  "recorded_call",
  "verbal",
  "crm",
] as const;
/** How it was given; `crm`: a date in the customers' file is all there is. */
export type Method = (typeof METHODS)[number];

/** One act of consent. */
export interface ConsentRecord {
  readonly customerId: string;
  readonly purpose: Purpose;
  /** Version of the notice that the person was shown; null: not known. */
  readonly notice: string | null;
  readonly givenAt: Date;
  readonly method: Method;
  /** null: until it is withdrawn. */
  readonly expiresAt: Date | null;
  /** ISO 3166 code of the law that it was given under, such as NL or US-IL; null: not known. */
  readonly jurisdiction: string | null;
}

/** A record with what became of it. */
export interface KeptConsent extends ConsentRecord {
  readonly withdrawnAt: Date | null;
}

/**
 * How a date of consent in the customers' file counts: `accept`, the controller is responsible for it being a
 * consent that the law of the place accepts; `by_law`, it is a bare date; `ignore`, nothing.
 */
export type CrmConsent = "accept" | "by_law" | "ignore";

export interface JudgeOptions {
  /** Default `face_matching`. */
  readonly purpose?: Purpose | undefined;
  /** What the customers' file says. */
  readonly crm: Consent;
  /** Default `by_law`. */
  readonly crmConsent?: CrmConsent | undefined;
  /** The customer's jurisdiction, if known; otherwise the record's own, otherwise the strictest rule applies. */
  readonly jurisdiction: string | null;
  readonly at: Date;
}

/**
 * `missing` only where the customers' file counts for nothing and no record is kept: what it vouches for cannot be
 * seen from the registry.
 */
export type StopReason = "erased" | "withdrawn" | "expired" | "missing";

export interface StoppedOptions {
  readonly at: Date;
  /** Choices that contacts of these customers had a part in: those whose permit has ended count as withdrawn. */
  readonly uses?: readonly NetworkUse[] | undefined;
  /** What the customers' file is worth; default `accept`. */
  readonly crmConsent?: CrmConsent | undefined;
}

export interface ConsentingOptions {
  readonly at: Date;
  /** Law of records that name none; null: the strictest rule. */
  readonly jurisdiction: string | null;
  /** Only these, in canonical form; default: everyone. */
  readonly among?: readonly string[] | undefined;
}

/** A choice for one customer that another person had a part in, who must stay unnamed. */
export interface NetworkUse {
  readonly customerId: string;
  readonly permit: string;
}

export type ConsentMapping = Readonly<Partial<Record<ConsentColumn, string>>>;

export interface ConsentImportOptions {
  /** Our column by the file's name for it, as in the campaign. */
  readonly mapping?: ConsentMapping | undefined;
  readonly at: Date;
  readonly signal?: AbortSignal | undefined;
}

export const CONSENT_COLUMNS = [
  "customer_id",
  "purpose",
  "notice_version",
  "given_at",
  "method",
  "expires_at",
  "jurisdiction",
  "withdrawn_at",
] as const;
export type ConsentColumn = (typeof CONSENT_COLUMNS)[number];

export interface ConsentImportReport {
  /** New or changed by the import. */
  readonly imported: number;
  readonly unchanged: number;
  readonly rows: RowReport;
}

export interface ConsentStats {
  readonly records: number;
  readonly customers: number;
  readonly withdrawals: number;
  readonly erased: number;
}

/** A customer's data in the registry other than consents. */
export interface ConsentStanding {
  readonly withdrawals: readonly { readonly purpose: Purpose; readonly at: Date }[];
  /** null: they were not erased. */
  readonly erasedAt: Date | null;
}

/**
 * Who agreed to what, when, how and under which notice; withdrawals; and, as keyed hashes only, who was
 * erased. One file; several processes may use it, and each sees a withdrawal as soon as it is written.
 */
export interface ConsentRegistry {
  readonly path: string;
  /** The same for this registry and its copies, wherever they are and under whatever key; another for every other. */
  readonly id: string;
  /** Differs whenever any answer may differ. */
  readonly version: number;
  /** Keeps one act of consent. ERR_OPTION_INVALID, ERR_CUSTOMER_ERASED */
  record(consent: ConsentRecord): void;
  /**
   * Keeps the rows of a CSV, Parquet or JSON file; the same file twice changes nothing. Bad rows, and rows of erased
   * customers, are left out and reported.
   *
   * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_COLUMN_MISSING, ERR_ABORTED
   */
  import(source: TableSource, options: ConsentImportOptions): Promise<ConsentImportReport>;
  /**
   * Takes consent back from `at` on, for every purpose by default. Holds against the customers' file too, until a
   * later consent is recorded here.
   *
   * @returns whether anything was known of the customer
   */
  withdraw(
    customerId: string,
    options: { readonly at: Date; readonly purpose?: Purpose | undefined },
  ): boolean;
  /** Whether the customer's face may be computed at that moment, or they consent to another purpose, and if not, why. */
  judge(customerId: string, options: JudgeOptions): Consent;
  /** Who consents to a purpose at a moment, by the registry alone: the customers' file does not count. In id order. */
  consenting(purpose: Purpose, options: ConsentingOptions): Iterable<string>;
  /**
   * Notes that a contact has a part in what a customer is shown. The permit names neither, and only its keyed hash of
   * the contact is kept; it ends at `endsAt`, and at once when the contact withdraws `network` or `face_matching` or is erased.
   *
   * @returns the permit: 32 hexadecimal digits, the same for the same two people
   */
  permit(customerId: string, contactId: string, endsAt: Date | null): string;
  /** The permits among these that no longer hold, since one of the two people withdrew, was erased, or time ran out. */
  endedPermits(uses: readonly NetworkUse[], at: Date): ReadonlySet<string>;
  /** What is kept of a customer, newest first. */
  of(customerId: string): readonly KeptConsent[];
  /** A customer's withdrawals by purpose, and when they were erased. */
  standing(customerId: string): ConsentStanding;
  /** Everything, by customer, in small batches. */
  all(): Iterable<KeptConsent>;
  /** The ids of all customers with a consent or a withdrawal, in small batches. */
  ids(): Iterable<string>;
  /**
   * The customers who may no longer be used, with the reason; all others may. For every use of what
   * was made earlier (an export, a mailing): ask right before it, batch by batch of some thousand ids, and leave out
   * the `erased` completely and the others if their face was used (a decision whose photo's basis is
   * `lookalike`). A million customers take about 10 s and little memory.
   */
  stopped(customerIds: readonly string[], options: StoppedOptions): ReadonlyMap<string, StopReason>;
  /**
   * Forgets a customer and remembers, by keyed hash, never to take them in again. The file keeps no byte of them.
   *
   * @returns whether anything was known of the customer, an earlier erasure included
   */
  erase(customerId: string, at: Date): boolean;
  isErased(customerId: string): boolean;
  /** Which of some customers were erased, as they are spelled there. */
  erasedAmong(customerIds: readonly string[]): ReadonlySet<string>;
  /**
   * Drops records that ended (expired or were withdrawn) before a moment, and the ids of withdrawals from before it:
   * a keyed hash of each stays, by which the withdrawal still counts.
   *
   * @returns how many records
   */
  purge(endedBefore: Date, options?: { readonly dryRun?: boolean | undefined }): number;
  stats(): ConsentStats;
  close(): void;
}
