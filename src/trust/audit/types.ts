import type { AuditEntry } from "./rows.ts";
import type { AuditCheck, AuditHead } from "./verify.ts";

/**
 * Who did what on which record, in a chain: each entry carries a keyed hash of itself and of the one before, and a
 * sealed head says which is the last. No entry can be changed, left out, put in or cut off without the chain showing
 * it to anyone with the key. It contains people as pseudonyms and no data of faces.
 */
export interface AuditLog {
  readonly path: string;
  append(action: AuditAction, entry?: NewAuditEntry): void;
  /** The pseudonym of a customer in this log's entries. */
  subjectOf(customerId: string): string;
  /**
   * Appends the entries of a process that could not share this file, all or none of them, behind an entry with the
   * journal's name. Each gets the present time; the time of the act is in its detail as `done_at`.
   *
   * @param entries the whole journal: those that were appended before, under its name, are left out
   * @returns how many were added
   */
  absorb(name: string, entries: readonly JournalEntry[]): number;
  /** Oldest first, in small batches. */
  entries(filter?: AuditFilter): Iterable<AuditEntry>;
  /**
   * The end of the chain: store it elsewhere, and `verify` detects that the whole file was replaced by an older copy.
   */
  head(): AuditHead;
  /** @param expected a head that was noted earlier */
  verify(expected?: AuditHead): AuditCheck;
  /** Drops entries older than a date; the chain then starts after them. @returns how many */
  prune(before: Date, options?: { readonly dryRun?: boolean | undefined }): number;
  close(): void;
}

export type AuditAction =
  | "consent.record"
  | "consent.import"
  | "consent.move"
  | "consent.read"
  | "consent.withdraw"
  | "face.compute"
  | "index"
  | "train"
  | "run.start"
  | "run.finish"
  | "decision.explain"
  | "export"
  | "journal"
  | "erase.customer"
  | "erase.photo"
  | "erase.release"
  | "purge"
  | "rekey"
  | "review";

export interface NewAuditEntry {
  /** Whom it was done to; written as a pseudonym. */
  readonly customerId?: string | undefined;
  /** Counts, codes and names of what was used. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>> | undefined;
}

export interface AuditFilter {
  readonly customerId?: string | undefined;
  readonly action?: AuditAction | undefined;
}

/** What records an action: the audit log itself, or a journal that is appended to it later. */
export type AuditSink = Pick<AuditLog, "append">;

/** An entry that was written elsewhere; it has no place in the chain yet. */
export interface JournalEntry {
  /** ISO 8601, by the clock of the process that acted. */
  readonly at: string;
  readonly actor: string;
  readonly action: AuditAction;
  /** The pseudonym of `AuditLog.subjectOf`; null: no one person is concerned. */
  readonly subject: string | null;
  readonly detail: NonNullable<NewAuditEntry["detail"]>;
}
