import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { LookalikeError } from "../../core/index.ts";
import { syncFolder, unwritable } from "../../io/files.ts";
import { openPostgres, type Session } from "../../io/postgres/index.ts";
import {
  claimStore,
  type Database,
  emptyLog,
  openSqlite,
  type SqliteOptions,
  type SqlRow,
} from "../../io/sqlite/index.ts";
import { REGISTRY_NAME } from "../privacy-files.ts";
import type { Vault } from "../vault.ts";
import { CONSENT_SCHEMA, encode, tablesOf } from "./in-postgres.ts";
import { movedFile, movingFile } from "./lost.ts";
import { CONSENT_NAMES, openConsentFile } from "./schema.ts";

/** Primary key of each table of the registry, used for reading it in pages. */
const KEYS = {
  consents: ["customer_id", "purpose", "given_at"],
  withdrawals: ["customer_id", "purpose"],
  erased: ["hash"],
  old_withdrawals: ["hash", "purpose"],
  permits: ["permit"],
} as const;
type TableName = keyof typeof KEYS;
const TABLES = Object.keys(KEYS) as TableName[];

/** Rows per statement. */
const PAGE = 2000;

export type MoveReport = Readonly<Record<TableName, number>> & {
  /** Current path of the file, which is no longer used. */
  readonly file: string;
};

export interface MoveOptions {
  readonly vault: Pick<Vault, "databaseKey"> | null;
  /** Schema of the tables; default `lookalike_consents`. */
  readonly schema?: string | undefined;
}

/**
 * Moves a registry from its file into a PostgreSQL database without one, in one transaction, and reads every
 * row back before the commit. The file is renamed first: from then on no process records anything in it, and
 * until the move is finished no process opens the registry in either place. Call it again after an
 * interruption: the move resumes.
 *
 * @param path of the registry's file
 * @param url `postgres://user@host:5432/name`
 * @throws ERR_CONSENTS_REQUIRED there is no file, or the database has another registry
 * @throws ERR_STORE_BUSY a process has the file open
 * @throws ERR_STORE_CORRUPT, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE,
 *   ERR_POSTGRES_UNREACHABLE, ERR_POSTGRES_FAILED
 *
 * @example const { consents, erased } = await moveConsents("privacy/consents.db", "postgres://db/lookalike",
 *   { vault: null });
 */
export async function moveConsents(
  path: string,
  url: string,
  { vault, schema = CONSENT_SCHEMA }: MoveOptions,
): Promise<MoveReport> {
  const [absolute, options] = [resolve(path), { names: CONSENT_NAMES, key: vault?.databaseKey }];
  const moving = movingFile(absolute);
  const postgres = await openPostgres(url, { connections: 1 });
  try {
    if (!existsSync(moving)) await setAside(absolute, { postgres, schema, options });
    const database = openSqlite(moving, options);
    const copied = postgres.transaction((session) => copyAll(database, session, schema));
    const counts = await copied.finally(() => database.close());
    await renameSafely(moving, movedFile(absolute));
    return { ...counts, file: movedFile(absolute) };
  } finally {
    await postgres.close();
  }
}

interface Target {
  readonly postgres: Session;
  readonly schema: string;
  readonly options: SqliteOptions;
}

/** Renames the file while no process has it open. */
async function setAside(path: string, { postgres, schema, options }: Target): Promise<void> {
  if (!existsSync(path)) {
    throw new LookalikeError(
      "ERR_CONSENTS_REQUIRED",
      `Expected a consent registry at ${path} but found none`,
      {
        hint: `Name the privacy folder that has ${REGISTRY_NAME}.`,
      },
    );
  }
  const use = claimStore(path, CONSENT_NAMES);
  try {
    const database = openConsentFile(path, options.key, (opened) => opened);
    try {
      const [found] = await postgres.query("SELECT to_regclass($1) AS state", [`${schema}.state`]);
      if (found?.state != null) await isOwn(database, postgres, schema);
      emptyLog(database, path, CONSENT_NAMES);
    } finally {
      database.close();
    }
    await renameSafely(path, movingFile(path));
  } finally {
    use.end();
  }
}

/**
 * Whether the tables contain this registry; false if they are empty.
 *
 * @throws ERR_CONSENTS_REQUIRED they contain another one
 */
async function isOwn(database: Database, { query }: Session, schema: string): Promise<boolean> {
  const [state] = await query(`SELECT pepper FROM ${schema}.state`);
  if (state === undefined) return false;
  const { pepper } = database.prepare("SELECT pepper FROM state").get() ?? {};
  if (Buffer.from(pepper as ArrayBuffer).equals(state.pepper as Uint8Array)) return true;
  throw otherRegistry(schema);
}

async function renameSafely(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
    await syncFolder(dirname(to));
  } catch (cause) {
    throw unwritable(from, cause, "rename");
  }
}

async function copyAll(
  database: Database,
  session: Session,
  schema: string,
): Promise<Readonly<Record<TableName, number>>> {
  await session.query("SELECT pg_advisory_xact_lock(hashtext($1))", [schema]);
  await session.query(tablesOf(schema));
  const isCopied = await isOwn(database, session, schema);
  if (!isCopied) {
    const { pepper, changes } = database.prepare("SELECT pepper, changes FROM state").get() ?? {};
    const values = [Buffer.from(pepper as ArrayBuffer), Number(changes)];
    await session.query(`INSERT INTO ${schema}.state VALUES (1, $1, $2)`, values);
  }
  const counts = {} as Record<TableName, number>;
  for (const name of TABLES) {
    const written = createDigest();
    for (const rows of pagesOf(database, name)) {
      if (!isCopied) {
        await session.query(
          `INSERT INTO ${schema}.${name} SELECT * FROM jsonb_populate_recordset(NULL::${schema}.${name}, $1)`,
          [JSON.stringify(rows)],
        );
      }
      written.add(rows);
    }
    const read = await digestOf(session, `${schema}.${name}`);
    if (read.digest() !== written.digest()) throw unequal(schema, name);
    counts[name] = written.count();
  }
  return counts;
}

type PlainRow = Readonly<Record<string, string | number | null>>;

/** The rows of a table in the form of PostgreSQL, in the order of their key. */
function* pagesOf(database: Database, name: TableName): Generator<readonly PlainRow[]> {
  const key = KEYS[name].join(", ");
  const first = database.prepare(`SELECT * FROM ${name} ORDER BY ${key} LIMIT ${PAGE}`);
  const next = database.prepare(
    `SELECT * FROM ${name} WHERE (${key}) > (${KEYS[name].map(() => "?").join(", ")}) ORDER BY ${key} LIMIT ${PAGE}`,
  );
  for (let rows = first.all(); rows.length > 0; ) {
    yield rows.map(toPlain);
    const last = rows.at(-1);
    rows = next.all(...KEYS[name].map((column) => last?.[column] ?? null));
  }
}

function toPlain(row: SqlRow): PlainRow {
  const entries = Object.entries(row).map(([column, value]) => [column, encode(value, false)]);
  return Object.fromEntries(entries) as PlainRow;
}

async function digestOf({ query }: Session, table: string) {
  const digest = createDigest();
  await query(`DECLARE moved NO SCROLL CURSOR FOR SELECT to_jsonb(t) AS row FROM ${table} t`);
  for (;;) {
    const rows = await query(`FETCH ${PAGE} FROM moved`);
    if (rows.length === 0) break;
    digest.add(rows.map(({ row }) => row as PlainRow));
  }
  await query("CLOSE moved");
  return digest;
}

/**
 * A digest that is equal for the same rows in any order. No two rows of a table are equal, so none cancels
 * another.
 */
function createDigest() {
  const sum = Buffer.alloc(32);
  let count = 0;
  return {
    add(rows: readonly PlainRow[]) {
      for (const row of rows) {
        const text = JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
        const hash = createHash("sha256").update(text).digest();
        for (const [i, byte] of hash.entries()) sum[i] = (sum[i] ?? 0) ^ byte;
        count++;
      }
    },
    count: () => count,
    digest: () => `${count} ${sum.toString("hex")}`,
  };
}

function otherRegistry(schema: string): LookalikeError {
  return new LookalikeError(
    "ERR_CONSENTS_REQUIRED",
    `Expected no registry in the schema ${schema} but it has another one`,
    {
      hint: `Use another database. If nobody uses that registry and it is empty, drop it: DROP SCHEMA ${schema} CASCADE. Then run the command again.`,
    },
  );
}

function unequal(schema: string, table: string): LookalikeError {
  return new LookalikeError(
    "ERR_CONSENTS_REQUIRED",
    `Expected the same rows in ${schema}.${table} as in the file but they differ`,
    {
      hint: `Nothing was changed. If the move was finished before and the registry in PostgreSQL is in use, remove the .moving file; otherwise drop the schema ${schema} and run the command again.`,
    },
  );
}
