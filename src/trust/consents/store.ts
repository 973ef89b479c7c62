import { randomBytes } from "node:crypto";
import { LookalikeError } from "../../core/index.ts";
import {
  compact,
  type Database,
  ensureSqlite,
  openSqlite,
  requireWhole,
  type SqlRow,
  type StoreNames,
} from "../../io/sqlite/index.ts";
import { pseudonym } from "../vault.ts";
import type { ConsentRecord, ConsentStats, KeptConsent, Method, Purpose } from "./types.ts";

export const CONSENT_NAMES: StoreNames = {
  what: "a consent registry",
  corrupt: "ERR_STORE_CORRUPT",
  busy: "ERR_STORE_BUSY",
  corruptHint: "Restore it from a copy: consent that cannot be shown is consent that is not there.",
};

/** 'LCON' in ASCII. */
const APPLICATION_ID = 0x4c434f4e;

/**
 * `withdrawals` stand apart from `consents`: taking back must be possible for people of whom the registry has no
 * record, only the customers' file. `erased` holds keyed hashes; their key is in `state` and stays the same when the
 * file gets another key.
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

export type ConsentStore = ReturnType<typeof openConsentStore>;

/** @throws ERR_STORE_CORRUPT, ERR_STORE_BUSY, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE */
export function openConsentStore(path: string, key: string | undefined) {
  const options = { names: CONSENT_NAMES, key };
  ensureSqlite(path, options, (database) =>
    database.transaction(() => {
      database.exec(SCHEMA);
      database.prepare("INSERT INTO state VALUES (1, ?, 0)").run(randomBytes(32));
    }),
  );
  const database = openSqlite(path, options);
  try {
    prepareConnection(database, path);
    return createStore(database, path);
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepareConnection(database: Database, path: string): void {
  database.pragma("journal_mode = WAL");
  // What was consented or withdrawn must outlive a power cut: every commit waits for the disk.
  database.pragma("synchronous = FULL");
  database.pragma("secure_delete = ON");
  requireWhole(database, path, CONSENT_NAMES, APPLICATION_ID);
  const version = Number(database.pragma("user_version"));
  if (version === 1) return;
  throw new LookalikeError("ERR_STORE_CORRUPT", `Expected version 1 for ${path} but received ${version}`, {
    hint: "Update the package: a newer version of it wrote this file.",
  });
}

const PAGE = 500;

function createStore(database: Database, path: string) {
  const sql = prepare(database);
  const pepper = Buffer.from(sql.state.get()?.pepper as ArrayBuffer);
  const hashOf = (customerId: string) => pseudonym(pepper, `customer:${customerId}`);
  return {
    transaction: database.transaction,
    id: pseudonym(pepper, "registry").slice(0, 32),
    version: (): number => Number(sql.state.get()?.changes),
    touch: () => void sql.touch.run(),

    /** Whether anything changed. A withdrawal once noted is never taken away by an older file. */
    save({ customerId, purpose, givenAt, ...rest }: ConsentRecord): boolean {
      const values = [rest.notice, rest.method, rest.expiresAt?.getTime() ?? null, rest.jurisdiction];
      return sql.save.run(customerId, purpose, givenAt.getTime(), ...values).changes > 0;
    },

    /** Of all consents given up to that moment. @returns whether anything was known of the customer */
    withdraw(customerId: string, purpose: Purpose, at: Date): boolean {
      const isKnown = sql.find.all(customerId, purpose).length > 0;
      sql.withdraw.run(at.getTime(), customerId, purpose, at.getTime());
      sql.noteWithdrawal.run(customerId, purpose, at.getTime());
      return isKnown;
    },

    withdrawnAt(customerId: string, purpose: Purpose): Date | null {
      const at = sql.withdrawnAt.get(customerId, purpose)?.at;
      return at === undefined ? null : new Date(Number(at));
    },

    find: (customerId: string, purpose: Purpose): KeptConsent[] =>
      sql.find.all(customerId, purpose).map(readConsent),

    /** All records of a purpose that some customers have, by customer. */
    findMany(customerIds: readonly string[], purpose: Purpose): Map<string, KeptConsent[]> {
      const found = new Map<string, KeptConsent[]>();
      for (const row of sql.findMany.all(JSON.stringify(customerIds), purpose)) {
        const record = readConsent(row);
        const others = found.get(record.customerId);
        if (others === undefined) found.set(record.customerId, [record]);
        else others.push(record);
      }
      return found;
    },

    withdrawnAtMany(customerIds: readonly string[], purpose: Purpose): Map<string, Date> {
      const rows = sql.withdrawnAtMany.all(JSON.stringify(customerIds), purpose);
      return new Map(rows.map((row) => [String(row.customer_id), new Date(Number(row.at))]));
    },

    erasedOf(customerIds: readonly string[]): string[] {
      const idOf = new Map(customerIds.map((id) => [hashOf(id), id]));
      const rows = sql.erasedOf.all(JSON.stringify([...idOf.keys()]));
      return rows.map(({ hash }) => idOf.get(String(hash)) ?? "");
    },

    of: (customerId: string): KeptConsent[] => sql.of.all(customerId).map(readConsent),

    *all(): Generator<KeptConsent> {
      for (let last: readonly [string, string, number] = ["", "", 0]; ; ) {
        const rows = sql.page.all(...last, PAGE);
        for (const row of rows) yield readConsent(row);
        const end = rows.at(-1);
        if (end === undefined) return;
        last = [String(end.customer_id), String(end.purpose), Number(end.given_at)];
      }
    },

    /** Bars a customer and drops what is kept of them, as one. @returns whether anything was, or they were barred */
    erase: (customerId: string, at: Date): boolean =>
      database.transaction(() => {
        const isNew = sql.noteErased.run(hashOf(customerId), at.getTime()).changes > 0;
        const consents = sql.dropConsents.run(customerId).changes;
        const withdrawals = sql.dropWithdrawals.run(customerId).changes;
        sql.touch.run();
        return !isNew || consents + withdrawals > 0;
      }),

    hasErased: (): boolean => sql.anyErased.get() !== undefined,
    isErased: (customerId: string): boolean => sql.isErased.get(hashOf(customerId)) !== undefined,

    countEnded: (before: Date): number => Number(sql.countEnded.get(before.getTime(), before.getTime())?.n),
    dropEnded: (before: Date): number => sql.dropEnded.run(before.getTime(), before.getTime()).changes,

    stats(): ConsentStats {
      const row = sql.stats.get() as SqlRow;
      const { records, customers, withdrawals, erased } = row;
      return {
        records: Number(records),
        customers: Number(customers),
        withdrawals: Number(withdrawals),
        erased: Number(erased),
      };
    },

    compact: () => compact(database, path, CONSENT_NAMES),
    close: () => database.close(),
  };
}

function readConsent(row: SqlRow): KeptConsent {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  const date = (value: unknown) => (value === null || value === undefined ? null : new Date(Number(value)));
  return {
    customerId: String(row.customer_id),
    purpose: row.purpose as Purpose,
    notice: text(row.notice),
    givenAt: new Date(Number(row.given_at)),
    method: row.method as Method,
    expiresAt: date(row.expires_at),
    jurisdiction: text(row.jurisdiction),
    withdrawnAt: date(row.withdrawn_at),
  };
}

function prepare(database: Database) {
  const isEnded =
    "(withdrawn_at IS NOT NULL AND withdrawn_at < ?) OR (expires_at IS NOT NULL AND expires_at < ?)";
  const statements = {
    state: "SELECT * FROM state",
    touch: "UPDATE state SET changes = changes + 1",
    save: `
      INSERT INTO consents (customer_id, purpose, given_at, notice, method, expires_at, jurisdiction)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET notice = excluded.notice, method = excluded.method,
        expires_at = excluded.expires_at, jurisdiction = excluded.jurisdiction
      WHERE (notice, method, expires_at, jurisdiction)
        IS NOT (excluded.notice, excluded.method, excluded.expires_at, excluded.jurisdiction)`,
    withdraw: `
      UPDATE consents SET withdrawn_at = ? WHERE customer_id = ? AND purpose = ? AND given_at <= ?
        AND withdrawn_at IS NULL`,
    noteWithdrawal: `
      INSERT INTO withdrawals VALUES (?, ?, ?)
      ON CONFLICT DO UPDATE SET at = excluded.at WHERE excluded.at > at`,
    withdrawnAt: "SELECT at FROM withdrawals WHERE customer_id = ? AND purpose = ?",
    find: "SELECT * FROM consents WHERE customer_id = ? AND purpose = ? ORDER BY given_at DESC",
    findMany: "SELECT * FROM consents WHERE customer_id IN (SELECT value FROM json_each(?)) AND purpose = ?",
    withdrawnAtMany:
      "SELECT customer_id, at FROM withdrawals WHERE customer_id IN (SELECT value FROM json_each(?)) AND purpose = ?",
    erasedOf: "SELECT hash FROM erased WHERE hash IN (SELECT value FROM json_each(?))",
    of: "SELECT * FROM consents WHERE customer_id = ? ORDER BY given_at DESC, purpose",
    page: `
      SELECT * FROM consents WHERE (customer_id, purpose, given_at) > (?, ?, ?)
      ORDER BY customer_id, purpose, given_at LIMIT ?`,
    noteErased: "INSERT INTO erased VALUES (?, ?) ON CONFLICT DO NOTHING",
    dropConsents: "DELETE FROM consents WHERE customer_id = ?",
    dropWithdrawals: "DELETE FROM withdrawals WHERE customer_id = ?",
    anyErased: "SELECT 1 FROM erased LIMIT 1",
    isErased: "SELECT 1 FROM erased WHERE hash = ?",
    countEnded: `SELECT count(*) AS n FROM consents WHERE ${isEnded}`,
    dropEnded: `DELETE FROM consents WHERE ${isEnded}`,
    stats: `
      SELECT (SELECT count(*) FROM consents) AS records,
        (SELECT count(DISTINCT customer_id) FROM consents) AS customers,
        (SELECT count(*) FROM withdrawals) AS withdrawals, (SELECT count(*) FROM erased) AS erased`,
  } as const;
  const entries = Object.entries(statements).map(([name, text]) => [name, database.prepare(text)]);
  return Object.fromEntries(entries) as Record<keyof typeof statements, ReturnType<Database["prepare"]>>;
}
