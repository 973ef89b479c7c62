import type { RowReport, TableSource } from "../../tables/index.ts";

/** Why a customer's face may or may not be computed. Times come from the CRM or from the consent registry. */
export type Consent =
  | { readonly status: "given"; readonly givenAt: Date; readonly expiresAt: Date | null }
  | { readonly status: "missing" }
  /** A value in the customers' file is not a date. */
  | { readonly status: "unreadable"; readonly column: string }
  | { readonly status: "future"; readonly givenAt: Date }
  | { readonly status: "expired"; readonly expiresAt: Date }
  /** Withdrawn, in the consent registry. */
  | { readonly status: "withdrawn"; readonly withdrawnAt: Date }
  /**
   * Given, but not in a way that the law of the place accepts: `lacking` is what the record does not show.
   */
  | { readonly status: "insufficient"; readonly lacking: "notice" | "method" | "age" };

/**
 * What a person may consent to. Using a photo and computing a face from it are different purposes: only
 * `face_matching` permits computing a face (biometric data, Article 9 GDPR), independently of the purpose
 * `photo`. `network` permits reading calls and messages between two people for marketing if both consent
 * (Directive 2002/58/EC, Article 6(3)).
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
/** How consent was given; `crm`: only a date in the customers' file is known. */
export type Method = (typeof METHODS)[number];

/** One act of consent. */
export interface ConsentRecord {
  readonly customerId: string;
  readonly purpose: Purpose;
  /** Version of the notice that the person was shown; null: unknown. */
  readonly notice: string | null;
  readonly givenAt: Date;
  readonly method: Method;
  /** null: valid until it is withdrawn. */
  readonly expiresAt: Date | null;
  /** ISO 3166 code of the law under which it was given, such as NL or US-IL; null: unknown. */
  readonly jurisdiction: string | null;
}

/** A record and its withdrawal. */
export interface KeptConsent extends ConsentRecord {
  readonly withdrawnAt: Date | null;
}

/**
 * How a consent date in the customers' file is treated. `accept`: it is a valid consent, and the controller
 * is responsible for its validity under the law of the place. `by_law`: it is only a date, checked against
 * the law. `ignore`: it does not count.
 */
export type CrmConsent = "accept" | "by_law" | "ignore";

export interface ConsentQuestion {
  /** Default `face_matching`. */
  readonly purpose?: Purpose | undefined;
  /** The consent according to the customers' file. */
  readonly crm: Consent;
  /** Default `by_law`. */
  readonly crmConsent?: CrmConsent | undefined;
  /** The customer's jurisdiction, if known; otherwise the record's own, otherwise the strictest rule applies. */
  readonly jurisdiction: string | null;
  readonly at: Date;
}

/**
 * `missing` only if the customers' file is ignored and there is no record: the registry cannot see the
 * consents in that file.
 */
export type StopReason = "erased" | "withdrawn" | "expired" | "missing";

export interface StoppedOptions {
  readonly at: Date;
  /**
   * Choices in which contacts of these customers were used: those whose permit has ended are reported as
   * withdrawn.
   */
  readonly uses?: readonly NetworkUse[] | undefined;
  /** How consent dates in the customers' file are treated; default `accept`. */
  readonly crmConsent?: CrmConsent | undefined;
}

export interface ConsentingOptions {
  readonly at: Date;
  /** Law for records without one; null: the strictest rule. */
  readonly jurisdiction: string | null;
  /** Only these customers, by canonical id; default: all. */
  readonly among?: readonly string[] | undefined;
}

/** A choice for one customer that used another person, whose name must not be stored. */
export interface NetworkUse {
  readonly customerId: string;
  readonly permit: string;
}

export type ConsentMapping = Readonly<Partial<Record<ConsentColumn, string>>>;

export interface ConsentImportOptions {
  /** Our column by the file's name of it, as in the campaign. */
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
  /** Number of rows that the import added or changed. */
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

/** A customer's data in the registry apart from consents. */
export interface ConsentStanding {
  readonly withdrawals: readonly { readonly purpose: Purpose; readonly at: Date }[];
  /** null: not erased. */
  readonly erasedAt: Date | null;
}

/**
 * Consents (person, purpose, time, method, notice), withdrawals, and, as keyed hashes only, erased people.
 * Several processes may use the registry, and each sees a withdrawal as soon as it is written.
 */
export interface ConsentRegistry {
  readonly path: string;
  /** The same for this registry and all its copies, under any key; different for every other registry. */
  readonly id: string;
  /** Changes whenever any answer may change. */
  readonly version: number;
  /** Stores one act of consent. @throws ERR_OPTION_INVALID, ERR_CUSTOMER_ERASED */
  record(consent: ConsentRecord): void;
  /**
   * Stores the rows of a CSV, Parquet or JSON file; importing the same file again changes nothing. Invalid
   * rows and rows of erased customers are skipped and reported.
   *
   * @throws ERR_SOURCE_NOT_FOUND, ERR_SOURCE_UNREADABLE, ERR_COLUMN_MISSING, ERR_ABORTED
   */
  import(source: TableSource, options: ConsentImportOptions): Promise<ConsentImportReport>;
  /**
   * Withdraws consent from `at` on, by default for every purpose. It also overrides the customers' file,
   * until a later consent is recorded here.
   *
   * @returns whether the registry had data of the customer
   */
  withdraw(
    customerId: string,
    options: { readonly at: Date; readonly purpose?: Purpose | undefined },
  ): boolean;
  /**
   * Whether the customer's face may be computed at that moment, or whether they consent to another purpose;
   * if not, why.
   */
  status(customerId: string, question: ConsentQuestion): Consent;
  /**
   * The ids of customers who consent to a purpose at a moment, from the registry alone: the customers' file
   * does not count. In id order.
   */
  consenting(purpose: Purpose, options: ConsentingOptions): Iterable<string>;
  /**
   * Records that a contact was used in what a customer is shown. The permit names nobody, and only keyed hashes
   * of contacts are stored. It ends at `endsAt`, or earlier, when one of the contacts withdraws `network` or
   * `face_matching` or is erased.
   *
   * @param contactIds the contact that was used, then at most two others whom the use depends on
   * @returns the permit: 32 hexadecimal digits, always the same for the customer and the first contact
   */
  permit(customerId: string, contactIds: readonly string[], endsAt: Date | null): string;
  /**
   * The given permits that are no longer valid: the customer or a contact withdrew or was erased, or the permit
   * expired.
   */
  endedPermits(uses: readonly NetworkUse[], at: Date): ReadonlySet<string>;
  /** The stored consents of a customer, newest first. */
  of(customerId: string): readonly KeptConsent[];
  /** A customer's withdrawals by purpose, and the time of erasure. */
  standing(customerId: string): ConsentStanding;
  /** All consents, ordered by customer, in small batches. */
  all(): Iterable<KeptConsent>;
  /** The ids of all customers with a consent or a withdrawal, in small batches. */
  ids(): Iterable<string>;
  /**
   * The customers whose data may no longer be used, with the reason; all others may be used. Call it right
   * before every use of earlier results (an export, a mailing), in batches of some thousand ids. Leave out
   * `erased` customers completely, and the others if their face was used (a decision whose photo's basis is
   * `lookalike`). A million customers take about 10 s and little memory.
   */
  stopped(customerIds: readonly string[], options: StoppedOptions): ReadonlyMap<string, StopReason>;
  /**
   * The same check for a caller that repeats it for the same customers, such as a service. It reads the registry's
   * `version` at each call, and a customer's rows only at the first call after a change. A withdrawal by any process
   * therefore applies to the next call. It keeps up to 200,000 customers in memory.
   */
  watchStopped(): ConsentRegistry["stopped"];
  /**
   * Removes a customer and blocks them, by keyed hash, from being added again. The file keeps no byte of
   * their data.
   *
   * @returns whether the registry had data of the customer, an earlier erasure included
   */
  erase(customerId: string, at: Date): boolean;
  isErased(customerId: string): boolean;
  /** The erased customers among the given ones, as spelled in the list. */
  erasedAmong(customerIds: readonly string[]): ReadonlySet<string>;
  /**
   * Removes records that ended (expired or were withdrawn) before a moment, and the ids of withdrawals before
   * it. A keyed hash of each withdrawal remains, so it still applies.
   *
   * @returns the number of records
   */
  purge(endedBefore: Date, options?: { readonly dryRun?: boolean | undefined }): number;
  stats(): ConsentStats;
  close(): void;
}
