import {
  type Column,
  cell,
  LookalikeError,
  nearestSpelling,
  parseTerritory,
  type Table,
} from "../../core/index.ts";
import { openPredicates } from "../../customers/index.ts";
import type { AuditSink } from "../../trust/index.ts";
import { type Consent, type ConsentRegistry, consentStatus } from "../../trust/index.ts";
import { consentGate } from "../matching/portrait.ts";
import type { CampaignPrivacy } from "../types.ts";
import type { DefaultReason } from "../types-choice.ts";

/** A customer and the portrait to compute a face from, before it is permitted. */
export interface PortraitRequest {
  readonly customerId: string;
  /** Absolute path; null: none. */
  readonly photo: string | null;
  /** The consent in the customers' file. */
  readonly crm: Consent;
  readonly jurisdiction: string | null;
}

/** The only place that permits the computation of a customer's face. */
export interface PrivacyGate {
  /**
   * Per row, why that customer's face is never computed, with or without consent; null: no rule excludes it.
   */
  blocked(table: Table): Promise<readonly (DefaultReason | null)[]>;
  /** The law that applies to the customer of a row; null: unknown. */
  jurisdictionOf(table: Table, row: number): string | null;
  /** Why the portrait may not be opened; null: it may. Reads the registry at each call. */
  refusal(request: PortraitRequest): DefaultReason | null;
  /** Must be called before a face is computed. */
  note(request: PortraitRequest): void;
  /**
   * Like `note`, for a person who must not be named: the audit log records that a face was computed for the
   * network, not whose.
   */
  noteUnnamed(): void;
  isErased(customerId: string): boolean;
  /** Returns which of these customers were erased, in one query of the registry. */
  erasedAmong(customerIds: readonly string[]): ReadonlySet<string>;
  close(): Promise<void>;
}

export interface GateOptions {
  readonly privacy: CampaignPrivacy;
  /** Columns of the customers' tables. */
  readonly columns: readonly string[];
  readonly consents: ConsentRegistry | null;
  readonly audit: AuditSink | null;
  /** The clock. */
  readonly now: () => Date;
}

/** @throws ERR_CAMPAIGN_INVALID a column does not exist, ERR_PREDICATE_INVALID */
export async function openGate(options: GateOptions): Promise<PrivacyGate> {
  const { privacy, columns, consents, audit, now } = options;
  requireColumn(privacy.ageColumn, "privacy.age_column", columns);
  requireColumn(privacy.jurisdictionColumn, "privacy.jurisdiction_column", columns);
  const exclusion = privacy.exclude === null ? null : await openPredicates([privacy.exclude], columns);
  return {
    async blocked(table) {
      const [excluded] = (await exclusion?.evaluate(table)) ?? [];
      const ages = table.columns.get(privacy.ageColumn ?? "age");
      return Array.from({ length: table.rows }, (_, row) =>
        excluded?.[row] === 1 ? "excluded_from_matching" : ageReason(ages, row, privacy),
      );
    },
    jurisdictionOf(table, row) {
      const column = table.columns.get(privacy.jurisdictionColumn ?? "");
      // An invalid code is ignored: the campaign's law applies, otherwise the strictest.
      const code = column === undefined ? null : parseTerritory(String(cell(column, row) ?? ""));
      return code ?? privacy.jurisdiction;
    },
    refusal({ customerId, photo, crm, jurisdiction }) {
      const question = { crm, crmConsent: privacy.crmConsent, jurisdiction, at: now() };
      const consent = consents?.status(customerId, question) ?? consentStatus([], null, question);
      if (consents?.isErased(customerId)) return "no_consent";
      return consentGate(consent, photo);
    },
    note: ({ customerId }) => audit?.append("face.compute", { customerId }),
    noteUnnamed: () => audit?.append("face.compute", { detail: { for: "network" } }),
    isErased: (customerId) => consents?.isErased(customerId) ?? false,
    erasedAmong: (customerIds) => consents?.erasedAmong(customerIds) ?? new Set(),
    close: async () => exclusion?.close(),
  };
}

/**
 * Checks the age. Without an age column ages are unknown, which is allowed unless the campaign sets a column.
 */
function ageReason(ages: Column | undefined, row: number, privacy: CampaignPrivacy): DefaultReason | null {
  if (ages === undefined) return null;
  const value = cell(ages, row);
  const age = value === null || value === "" ? Number.NaN : Number(value);
  if (age >= privacy.minimumAge) return null;
  if (age >= 0) return "minor";
  return privacy.isDeclared ? "age_unknown" : null;
}

function requireColumn(name: string | null, key: string, columns: readonly string[]): void {
  if (name === null || columns.includes(name)) return;
  const nearest = nearestSpelling(name, columns);
  throw new LookalikeError(
    "ERR_CAMPAIGN_INVALID",
    `Expected a column of the customers' file for ${key} but received "${name}"${nearest === null ? "" : `. Did you mean ${nearest}?`}`,
    { hint: "Name a column of the customers' file, or remove the key." },
  );
}
