import { randomBytes } from "node:crypto";
import type { Database, SqlRow, StoreKind, StoreNames } from "../../io/sqlite/index.ts";
import { pseudonym } from "../vault.ts";

/** Database schema of the audit log. */

/** "LAUD" in ASCII. */
const APPLICATION_ID = 0x4c415544;

/** `secret` is the key of hashes and pseudonyms. It is only as safe as the file, so encrypt the file. */
const SCHEMA = `
CREATE TABLE state (
  only INTEGER PRIMARY KEY CHECK (only = 1), secret BLOB NOT NULL,
  start_seq INTEGER NOT NULL, start_hash TEXT NOT NULL, start_seal TEXT NOT NULL,
  head_seq INTEGER NOT NULL, head_hash TEXT NOT NULL, head_seal TEXT NOT NULL
) STRICT;
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
  subject TEXT, detail TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE INDEX entries_by_subject ON entries (subject);
PRAGMA application_id = ${APPLICATION_ID};
`;

const NO_HASH = "0".repeat(64);
export const AUDIT_NAMES: StoreNames = {
  what: "an audit log",
  corrupt: "ERR_STORE_CORRUPT",
  busy: "ERR_STORE_BUSY",
  corruptHint: "Keep the file as evidence, and create a new log at another path.",
};

export const AUDIT: StoreKind = {
  names: AUDIT_NAMES,
  applicationId: APPLICATION_ID,
  create(database) {
    const secret = randomBytes(32);
    const seal = (name: string) => pseudonym(secret, `${name}:0:${NO_HASH}`);
    database.exec(SCHEMA);
    database
      .prepare("INSERT INTO state VALUES (1, ?, 0, ?, ?, 0, ?, ?)")
      .run(secret, NO_HASH, seal("start"), NO_HASH, seal("head"));
  },
};

/** Prepares the log's statements. */
export function prepareAudit(database: Database) {
  return {
    state: database.prepare("SELECT * FROM state"),
    add: database.prepare("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?)"),
    setHead: database.prepare("UPDATE state SET head_seq = ?, head_hash = ?, head_seal = ?"),
    setStart: database.prepare("UPDATE state SET start_seq = ?, start_hash = ?, start_seal = ?"),
    page: database.prepare(
      "SELECT * FROM entries WHERE seq > ?1 AND ?2 IN ('', action) ORDER BY seq LIMIT ?3",
    ),
    pageOf: database.prepare(
      "SELECT * FROM entries WHERE subject = ?1 AND seq > ?2 AND ?3 IN ('', action) ORDER BY seq LIMIT ?4",
    ),
    // All entries before the first that is recent enough: the chain has no gaps, even if the clock was
    // changed.
    lastBefore: database.prepare(`
      SELECT seq, hash FROM entries WHERE at < ?1
        AND seq < coalesce((SELECT min(seq) FROM entries WHERE at >= ?1), 9e15) ORDER BY seq DESC LIMIT 1`),
    drop: database.prepare("DELETE FROM entries WHERE seq <= ?"),
  };
}

export interface AuditEntry {
  /** From 1, without gaps. */
  readonly seq: number;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  /** A keyed hash; null if the entry does not concern a single person. */
  readonly subject: string | null;
  readonly detail: Readonly<Record<string, string | number | boolean | null>>;
  readonly hash: string;
}

/** The fields of an entry that its hash covers, in this order. */
export type EntryRow = [
  seq: number,
  at: number,
  actor: string,
  action: string,
  subject: string | null,
  detail: string,
];

export function rowOf({ seq, at, actor, action, subject, detail }: AuditEntry): EntryRow {
  return [seq, at.getTime(), actor, action, subject, JSON.stringify(detail)];
}

export function readEntry(row: SqlRow): AuditEntry {
  return {
    seq: Number(row.seq),
    at: new Date(Number(row.at)),
    actor: String(row.actor),
    action: String(row.action),
    subject: row.subject === null ? null : String(row.subject),
    detail: parseDetail(String(row.detail)),
    hash: String(row.hash),
  };
}

/** A corrupted detail must be found by its hash and must not stop the verification. */
function parseDetail(text: string): AuditEntry["detail"] {
  try {
    return JSON.parse(text) as AuditEntry["detail"];
  } catch {
    return { unreadable: text };
  }
}

/** The sealed ends of the chain: entries before `start` were pruned. */
export interface AuditBounds {
  readonly start: { readonly seq: number; readonly hash: string };
  readonly startSeal: string;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly headSeal: string;
}

export function readBounds(row: SqlRow): AuditBounds {
  return {
    start: { seq: Number(row.start_seq), hash: String(row.start_hash) },
    startSeal: String(row.start_seal),
    head: { seq: Number(row.head_seq), hash: String(row.head_hash) },
    headSeal: String(row.head_seal),
  };
}
