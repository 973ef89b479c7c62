import { randomBytes } from "node:crypto";
import { canonicalId, LookalikeError } from "../../core/index.ts";
import { type Database, openStore, type StoreKind, type StoreNames } from "../../io/sqlite/index.ts";

/** Database schema of the consent registry. */

export const CONSENT_NAMES: StoreNames = {
  what: "a consent registry",
  corrupt: "ERR_STORE_CORRUPT",
  busy: "ERR_STORE_BUSY",
  corruptHint: "Restore it from a copy: consent that cannot be shown is consent that is not there.",
};

/** "LCON" in ASCII. */
const APPLICATION_ID = 0x4c434f4e;

/**
 * `withdrawals` are separate from `consents`: people without a record in the registry, known only from the
 * customers' file, must be able to withdraw. `erased` and `old_withdrawals` contain keyed hashes. Their key
 * is in `state` and does not change when the file gets another key.
 */
const SCHEMA = `
CREATE TABLE state (only INTEGER PRIMARY KEY CHECK (only = 1), pepper BLOB NOT NULL, changes INTEGER NOT NULL) STRICT;
CREATE TABLE consents (
  customer_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  given_at INTEGER NOT NULL,
  notice TEXT,
  method TEXT NOT NULL,
  expires_at INTEGER,
  jurisdiction TEXT,
  withdrawn_at INTEGER,
  PRIMARY KEY (customer_id, purpose, given_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE withdrawals (
  customer_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (customer_id, purpose)
) STRICT, WITHOUT ROWID;
CREATE TABLE erased (hash TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = 1;
`;

/** Withdrawals whose ids a purge has removed: they still apply. */
const VERSION_2 = `
CREATE TABLE old_withdrawals (
  hash TEXT NOT NULL,
  purpose TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (hash, purpose)
) STRICT, WITHOUT ROWID;
PRAGMA user_version = 2;
`;

/**
 * Decisions in which a customer's contact was used: `contact` is a keyed hash, and nothing else identifies
 * the contact.
 */
const VERSION_3 = `
CREATE TABLE permits (
  permit TEXT PRIMARY KEY,
  contact TEXT NOT NULL,
  ends_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX permits_by_contact ON permits (contact);
PRAGMA user_version = 3;
`;
const VERSION = 3;

const CONSENTS: StoreKind = {
  names: CONSENT_NAMES,
  applicationId: APPLICATION_ID,
  create(database) {
    database.exec(SCHEMA + VERSION_2 + VERSION_3);
    database.prepare("INSERT INTO state VALUES (1, ?, 0)").run(randomBytes(32));
  },
};

/**
 * Opens a registry's file, which is created if it is missing, and migrates it to the current version.
 *
 * @throws ERR_STORE_CORRUPT, ERR_STORE_BUSY, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE
 */
export function openConsentFile<T>(
  path: string,
  key: string | undefined,
  work: (database: Database) => T,
): T {
  // Recorded consents and withdrawals must survive a power failure: every commit waits for the disk.
  return openStore(path, CONSENTS, { key, synchronous: "FULL" }, (database) => {
    migrate(database, path);
    return work(database);
  });
}

function migrate(database: Database, path: string): void {
  const readVersion = () => Number(database.pragma("user_version"));
  if (readVersion() === 1) {
    database.transaction(() => {
      // Another process may have migrated it while this one waited for the write lock.
      if (readVersion() !== 1) return;
      database.exec(VERSION_2);
      respell(database);
    });
  }
  if (readVersion() === 2) {
    database.transaction(() => {
      if (readVersion() === 2) database.exec(VERSION_3);
    });
  }
  const version = readVersion();
  if (version === VERSION) return;
  throw new LookalikeError(
    "ERR_STORE_CORRUPT",
    `Expected version ${VERSION} for ${path} but received ${version}`,
    { hint: "Update the package: a newer version of it wrote this file." },
  );
}

/** Version 1 stored ids as they were spelled. If two records become one, the older row is kept. */
function respell(database: Database): void {
  for (const table of ["consents", "withdrawals"]) {
    const set = database.prepare(`UPDATE OR IGNORE ${table} SET customer_id = ? WHERE customer_id = ?`);
    const drop = database.prepare(`DELETE FROM ${table} WHERE customer_id = ?`);
    for (const { customer_id } of database.prepare(`SELECT DISTINCT customer_id FROM ${table}`).all()) {
      const id = canonicalId(String(customer_id));
      if (id === customer_id) continue;
      set.run(id, String(customer_id));
      drop.run(String(customer_id));
    }
  }
}
