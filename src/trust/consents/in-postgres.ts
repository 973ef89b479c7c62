import { randomBytes } from "node:crypto";
import {
  openPostgresSync,
  type PostgresSync,
  type SyncRow,
  type SyncValue,
} from "../../io/postgres/index.ts";
import type { SqlRow, SqlValue, Statement } from "../../io/sqlite/index.ts";
import { type ConsentStatements, statementsWith } from "./statements.ts";
import type { ConsentTables } from "./store.ts";

/** The tables of the consent registry in PostgreSQL, for the same store as the SQLite ones. */

export const CONSENT_SCHEMA = "lookalike_consents";

/** Reads the version in a transaction; a change of the registry waits until that transaction has ended. */
export const LOCKED_VERSION = `SELECT changes FROM ${CONSENT_SCHEMA}.state FOR SHARE`;

/** Ids are compared byte by byte, as in SQLite. */
export const tablesOf = (schema: string) => `
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

const STATEMENTS = statementsWith("(SELECT jsonb_array_elements_text(?::jsonb))");

/** Opens the tables and creates them if they are missing; the role of a worker may lack the right to do so. */
export async function openPostgresTables(
  url: string,
  schema = CONSENT_SCHEMA,
  connect = openPostgresSync,
): Promise<{ readonly shown: string; readonly tables: ConsentTables }> {
  const connection = await connect(url);
  try {
    const { rows } = connection.query(IS_READY, [`${schema}.permits_by_contact`]);
    if (rows[0]?.is_ready !== 1) createMissing(connection, schema);
    connection.exec(`SET search_path = ${schema}`);
    return { shown: connection.shown, tables: createTables(connection, schema) };
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** The index is created last, in one transaction with the tables and the row of `state`. */
const IS_READY = "SELECT (to_regclass($1) IS NOT NULL)::int AS is_ready";

function createMissing(connection: PostgresSync, schema: string): void {
  connection.transaction(() => {
    connection.query("SELECT pg_advisory_xact_lock(hashtext($1))", [schema]);
    connection.exec(tablesOf(schema));
    connection.query(`INSERT INTO ${schema}.state VALUES (1, $1, 0) ON CONFLICT DO NOTHING`, [
      randomBytes(32),
    ]);
  });
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
        // The single write lock, taken at the start as in SQLite: readers that share the version wait, and
        // writers queue.
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

/** Table names include their schema, because a reopened connection has no search path. */
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

/** PostgreSQL's texts cannot contain NUL; ids of customers may. */
export function encode(value: SqlValue, isList: boolean): SyncValue {
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
