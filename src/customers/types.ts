import type { Table } from "../table.ts";

/** Why a customer's face may or may not be computed. Times are the CRM's own. */
export type Consent =
  | { readonly status: "given"; readonly givenAt: Date; readonly expiresAt: Date | null }
  | { readonly status: "missing" }
  | { readonly status: "future"; readonly givenAt: Date }
  | { readonly status: "expired"; readonly expiresAt: Date };

/**
 * Customers in columns, some thousand at a time, in the order of the source. `table` holds the feature columns
 * (CRM and, where call logs are given, those summarised from them); everything that identifies a person stays
 * outside of it.
 */
export interface CustomerBatch {
  readonly rows: number;
  readonly ids: readonly string[];
  readonly table: Table;
  /** Absolute path, or null. */
  readonly photos: readonly (string | null)[];
  readonly consents: readonly Consent[];
}
