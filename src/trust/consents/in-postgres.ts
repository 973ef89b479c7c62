import { randomBytes } from "node:crypto";
import {
  openPostgresSync,
  type PostgresSync,
  type SyncRow,
  type SyncValue,
} from "../../io/postgres/index.ts";
import type { SqlRow, SqlValue, Statement } from "../../io/sqlite/index.ts";
import type { ConsentStatementName, ConsentStatements } from "./statements.ts";
import type { ConsentTables } from "./store.ts";

/** The consent registry's tables in PostgreSQL, for the same store as the SQLite ones. */

export const CONSENT_SCHEMA = "lookalike_consents";

/** Reads the version in a transaction; whoever changes the registry waits until that one has ended. */
export const LOCKED_VERSION = `SELECT changes FROM ${CONSENT_SCHEMA}.state FOR SHARE`;

/** Ids compare byte by byte, as SQLite's do. */
const tablesOf = (schema: string) => `
CREATE SCHEMA IF NOT EXISTS ${schema};
CREATE TABLE IF NOT EXISTS ${schema}.state
  (only_row int PRIMARY KEY CHECK (only_row = 1), pepper bytea NOT NULL, changes bigint NOT NULL);
CREATE TABLE IF NOT EXISTS ${schema}.consents (
  customer_id text COLLATE "C" NOT NULL,
  purpose text COLLATE "C" NOT NULL,
  given_at bigint NOT NULL,
  notice text,
  method text NOT NULL,
  expires_at bigint,
  jurisdiction text,
  withdrawn_at bigint,
  PRIMARY KEY (customer_id, purpose, given_at)
);
CREATE TABLE IF NOT EXISTS ${schema}.withdrawals
  (customer_id text COLLATE "C", purpose text, at bigint NOT NULL, PRIMARY KEY (customer_id, purpose));
CREATE TABLE IF NOT EXISTS ${schema}.erased (hash text PRIMARY KEY, at bigint NOT NULL);
CREATE TABLE IF NOT EXISTS ${schema}.old_withdrawals
  (hash text, purpose text, at bigint NOT NULL, PRIMARY KEY (hash, purpose));
CREATE TABLE IF NOT EXISTS ${schema}.permits (permit text PRIMARY KEY, contact text NOT NULL, ends_at bigint);
CREATE INDEX IF NOT EXISTS permits_by_contact ON ${schema}.permits (contact);
`;

const isEnded =
  "(withdrawn_at IS NOT NULL AND withdrawn_at < ?) OR (expires_at IS NOT NULL AND expires_at < ?)";
const listed = "(SELECT jsonb_array_elements_text(?::jsonb))";

/** As `statements.ts` has them, in PostgreSQL's dialect. */
const STATEMENTS: Readonly<Record<ConsentStatementName, string>> = {
  state: "SELECT pepper, changes FROM state",
  touch: "UPDATE state SET changes = changes + 1",
  save: `
    INSERT INTO consents AS c (customer_id, purpose, given_at, notice, method, expires_at, jurisdiction)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (customer_id, purpose, given_at) DO UPDATE SET notice = excluded.notice, method = excluded.method,
      expires_at = excluded.expires_at, jurisdiction = excluded.jurisdiction
    WHERE (c.notice, c.method, c.expires_at, c.jurisdiction)
      IS DISTINCT FROM (excluded.notice, excluded.method, excluded.expires_at, excluded.jurisdiction)`,
  withdraw: `
    UPDATE consents SET withdrawn_at = ? WHERE customer_id = ? AND purpose = ? AND given_at <= ?
      AND withdrawn_at IS NULL`,
  noteWithdrawal: `
    INSERT INTO withdrawals AS w VALUES (?, ?, ?)
    ON CONFLICT (customer_id, purpose) DO UPDATE SET at = excluded.at WHERE excluded.at > w.at`,
  withdrawnAt: "SELECT at FROM withdrawals WHERE customer_id = ? AND purpose = ?",
  find: "SELECT * FROM consents WHERE customer_id = ? AND purpose = ? ORDER BY given_at DESC",
  findMany: `SELECT * FROM consents WHERE customer_id IN ${listed} AND purpose = ?`,
  withdrawnAtMany: `SELECT customer_id, at FROM withdrawals WHERE customer_id IN ${listed} AND purpose = ?`,
  glance: `
    SELECT (SELECT at FROM withdrawals WHERE customer_id = ? AND purpose = ?) AS withdrawn,
      CASE WHEN EXISTS (SELECT 1 FROM consents WHERE customer_id = ? AND purpose = ?)
        OR EXISTS (SELECT 1 FROM old_withdrawals) OR EXISTS (SELECT 1 FROM erased) THEN 1 ELSE 0 END AS has_more`,
  erasedOf: `SELECT hash FROM erased WHERE hash IN ${listed}`,
  of: "SELECT * FROM consents WHERE customer_id = ? ORDER BY given_at DESC, purpose",
  page: `
    SELECT * FROM consents WHERE (customer_id, purpose, given_at) > (?, ?, ?)
    ORDER BY customer_id, purpose, given_at LIMIT ?`,
  noteErased: "INSERT INTO erased VALUES (?, ?) ON CONFLICT DO NOTHING",
  dropConsents: "DELETE FROM consents WHERE customer_id = ?",
  dropWithdrawals: "DELETE FROM withdrawals WHERE customer_id = ?",
  anyErased: "SELECT 1 AS one FROM erased LIMIT 1",
  isErased: "SELECT at FROM erased WHERE hash = ?",
  idPage: `
    SELECT customer_id AS id FROM consents WHERE customer_id > ?
    UNION SELECT customer_id FROM withdrawals WHERE customer_id > ? ORDER BY id LIMIT ?`,
  anyOld: "SELECT 1 AS one FROM old_withdrawals LIMIT 1",
  oldWithdrawal: "SELECT at FROM old_withdrawals WHERE hash = ? AND purpose = ?",
  oldWithdrawals: `SELECT hash, at FROM old_withdrawals WHERE hash IN ${listed} AND purpose = ?`,
  noteOld: `
    INSERT INTO old_withdrawals AS o VALUES (?, ?, ?)
    ON CONFLICT (hash, purpose) DO UPDATE SET at = excluded.at WHERE excluded.at > o.at`,
  dropOldWithdrawals: "DELETE FROM old_withdrawals WHERE hash = ?",
  anyOf: "SELECT 1 AS one FROM consents WHERE purpose = ? LIMIT 1",
  savePermit: `
    INSERT INTO permits VALUES (?, ?, ?) ON CONFLICT (permit) DO UPDATE SET ends_at = excluded.ends_at`,
  livePermits: `SELECT permit FROM permits WHERE permit IN ${listed} AND (ends_at IS NULL OR ends_at > ?)`,
  dropPermits: "DELETE FROM permits WHERE contact = ?",
  dropEndedPermits: "DELETE FROM permits WHERE ends_at < ?",
  withdrawnBefore: "SELECT * FROM withdrawals WHERE at < ?",
  dropWithdrawn: "DELETE FROM withdrawals WHERE at < ?",
  countEnded: `SELECT count(*) AS n FROM consents WHERE ${isEnded}`,
  dropEnded: `DELETE FROM consents WHERE ${isEnded}`,
  stats: `
    SELECT (SELECT count(*) FROM consents) AS records,
      (SELECT count(DISTINCT customer_id) FROM consents) AS customers,
      (SELECT count(*) FROM withdrawals) + (SELECT count(*) FROM old_withdrawals) AS withdrawals,
      (SELECT count(*) FROM erased) AS erased`,
};

/** Opens the tables, which are created where they are missing. */
export async function openPostgresTables(
  url: string,
  schema = CONSENT_SCHEMA,
): Promise<{ readonly shown: string; readonly tables: ConsentTables }> {
  const connection = await openPostgresSync(url);
  try {
    connection.transaction(() => {
      connection.query("SELECT pg_advisory_xact_lock(hashtext($1))", [schema]);
      connection.exec(tablesOf(schema));
      connection.query(`INSERT INTO ${schema}.state VALUES (1, $1, 0) ON CONFLICT DO NOTHING`, [
        randomBytes(32),
      ]);
    });
    connection.exec(`SET search_path = ${schema}`);
    return { shown: connection.shown, tables: createTables(connection, schema) };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function createTables(connection: PostgresSync, schema: string): ConsentTables {
  const entries = Object.entries(STATEMENTS).map(([name, text]) => [
    name,
    toStatement(connection, schema, text),
  ]);
  return {
    sql: Object.fromEntries(entries) as ConsentStatements,
    transaction: (work) =>
      connection.transaction(() => {
        // The one write lock, taken at once, as SQLite's: readers of a version that share it wait, and writers queue.
        connection.query(`SELECT changes FROM ${schema}.state FOR UPDATE`, []);
        return work();
      }),
    compact() {
      for (const table of ["consents", "withdrawals", "old_withdrawals", "permits"]) {
        connection.exec(`VACUUM FULL ${schema}.${table}`);
      }
    },
    close: () => connection.close(),
  };
}

const TABLES = /\b(FROM|INTO|UPDATE) (state|consents|withdrawals|erased|old_withdrawals|permits)\b/g;

/** Tables are named with their schema, since a connection that was made anew knows no search path. */
function toStatement(connection: PostgresSync, schema: string, text: string): Statement {
  let count = 0;
  const sql = text
    .replace(TABLES, (_, word, table) => `${word} ${schema}.${table}`)
    .replaceAll("?", () => `$${++count}`);
  const isList = sql.includes("::jsonb");
  const ask = (values: readonly SqlValue[]) =>
    connection.query(
      sql,
      values.map((value, i) => encode(value, isList && i === 0)),
    );
  return {
    run: (...values) => ({ changes: ask(values).changes, lastInsertRowid: 0 }),
    get: (...values) => ask(values).rows.map(decodeRow)[0],
    all: (...values) => ask(values).rows.map(decodeRow),
  };
}

/** PostgreSQL's texts hold no NUL; ids of customers may. */
function encode(value: SqlValue, isList: boolean): SyncValue {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (typeof value !== "string") return value;
  return isList ? JSON.stringify((JSON.parse(value) as string[]).map(escapeNul)) : escapeNul(value);
}

function escapeNul(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\0", "\\0");
}

function decodeRow(row: SyncRow): SqlRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, decode(value)]));
}

function decode(value: SyncValue): SqlValue {
  if (typeof value !== "string") return value;
  return value.replace(/\\(\\|0)/g, (_, escaped) => (escaped === "0" ? "\0" : "\\"));
}
