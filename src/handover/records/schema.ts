import type { StoreKind, StoreNames } from "../../io/sqlite/index.ts";

/** Data that the service and the reviewers add to a finished run, in the run's folder. */
export const RECORDS_NAMES: StoreNames = {
  what: "the records of a run",
  corrupt: "ERR_STORE_CORRUPT",
  busy: "ERR_STORE_BUSY",
  corruptHint: "Restore it from a copy: it has the outcomes and approvals of the run.",
};

/** 'LRUN' in ASCII. */
const APPLICATION_ID = 0x4c52554e;

/**
 * `outcomes`, `exposures` and `reviews` are append-only; only an erasure deletes rows of people. `requests`
 * has keyed hashes of idempotency keys, and nothing of the requests' bodies but a hash.
 */
const SCHEMA = `
CREATE TABLE served (
  customer_id TEXT PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
  version TEXT NOT NULL,
  decision TEXT NOT NULL,
  is_final INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE outcomes (
  seq INTEGER PRIMARY KEY,
  customer_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  converted INTEGER NOT NULL,
  value REAL,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outcomes_by_customer ON outcomes (customer_id);
CREATE TABLE exposures (
  seq INTEGER PRIMARY KEY,
  customer_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  channel TEXT,
  received_at INTEGER NOT NULL
) STRICT;
CREATE INDEX exposures_by_customer ON exposures (customer_id);
CREATE TABLE requests (key TEXT PRIMARY KEY, body TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX requests_by_time ON requests (at);
CREATE TABLE reviews (
  seq INTEGER PRIMARY KEY,
  subject TEXT NOT NULL CHECK (subject IN ('ad', 'photo')),
  hash TEXT NOT NULL,
  action TEXT NOT NULL,
  state TEXT,
  text TEXT,
  assignee TEXT,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX reviews_by_subject ON reviews (subject, hash, seq);
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = 1;
`;

export const RECORDS: StoreKind = {
  names: RECORDS_NAMES,
  applicationId: APPLICATION_ID,
  create: (database) => database.exec(SCHEMA),
};
