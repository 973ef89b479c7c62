import type { AuditEntry } from "./rows.ts";
import type { AuditCheck, AuditHead } from "./verify.ts";

/**
 * A log of who did what to which record, as a chain: each entry contains a keyed hash of itself and of the
 * previous entry, and a sealed head identifies the last one. Anyone with the key can detect an entry that was
 * changed, removed, inserted or cut off. The log contains people as pseudonyms and no face data.
 */
export interface AuditLog {
  readonly path: string;
  append(action: AuditAction, entry?: NewAuditEntry): void;
  /** The pseudonym of a customer in this log's entries. */
  subjectOf(customerId: string): string;
  /**
   * Appends the entries of a process that could not share this file, all or none of them, after an entry with
   * the journal's name. Each gets the present time; the time of the act is in its detail as `done_at`.
   *
   * @param entries the whole journal; entries that were appended earlier under its name are skipped
   * @returns the number of added entries
   */
  absorb(name: string, entries: readonly JournalEntry[]): number;
  /** Oldest first, in small batches. */
  entries(filter?: AuditFilter): Iterable<AuditEntry>;
  /**
   * The end of the chain. If it is stored elsewhere, `verify` detects that the whole file was replaced by an
   * older copy.
   */
  head(): AuditHead;
  /** @param expected a head that was stored earlier */
  verify(expected?: AuditHead): AuditCheck;
  /** Removes entries older than a date; the chain then starts after them. @returns their number */
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
  /** The customer that the action concerns; written as a pseudonym. */
  readonly customerId?: string | undefined;
  /** Counts, codes and names of the inputs. */
  readonly detail?: Readonly<Record<string, string | number | boolean | null>> | undefined;
}

export interface AuditFilter {
  readonly customerId?: string | undefined;
  readonly action?: AuditAction | undefined;
}

/** Records actions: the audit log itself, or a journal that is appended to it later. */
export type AuditSink = Pick<AuditLog, "append">;

/** An entry that was written elsewhere and is not part of the chain yet. */
export interface JournalEntry {
  /** ISO 8601, by the clock of the process that acted. */
  readonly at: string;
  readonly actor: string;
  readonly action: AuditAction;
  /** The pseudonym from `AuditLog.subjectOf`; null if the entry does not concern a single person. */
  readonly subject: string | null;
  readonly detail: NonNullable<NewAuditEntry["detail"]>;
}
