import { invalidOption } from "../../core/index.ts";
import { asPostgresError } from "./errors.ts";
import { loadPg } from "./library.ts";

export type PostgresValue =
  | string
  | number
  | boolean
  | null
  | Date
  | Uint8Array
  | readonly unknown[]
  | object;
export type PostgresRow = Readonly<Record<string, unknown>>;

/** Statements on one connection. */
export interface Session {
  query(sql: string, values?: readonly PostgresValue[]): Promise<readonly PostgresRow[]>;
}

/** A pool of connections to one database. */
export interface Postgres extends Session {
  /** The address without its password, for messages. */
  readonly shown: string;
  /** Runs `work` in one transaction. */
  transaction<T>(work: (session: Session) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface PostgresOptions {
  /** Maximum number of open connections; default 4. */
  readonly connections?: number | undefined;
}

/** Time limit for opening a connection. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Opens a database. It connects with the first statement. Parts that the address leaves out come from libpq's
 * environment variables.
 *
 * @param url `postgres://user@host:5432/database`
 * @throws ERR_OPTION_INVALID, ERR_DEPENDENCY_MISSING; from each statement ERR_POSTGRES_UNREACHABLE,
 *   ERR_POSTGRES_FAILED
 */
export async function openPostgres(
  url: string,
  { connections = 4 }: PostgresOptions = {},
): Promise<Postgres> {
  const shown = withoutPassword(url);
  const { Pool } = await loadPg();
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: "lookalike",
  });
  // An idle connection broke: the next query opens another.
  pool.on("error", () => {});
  const coded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw asPostgresError(error, shown);
    }
  };
  return {
    shown,
    query: (sql, values = []) => coded(async () => (await pool.query(sql, [...values])).rows ?? []),
    transaction: (work) =>
      coded(async () => {
        const client = await pool.connect();
        let failure: Error | undefined;
        const onError = () => {};
        client.on("error", onError);
        try {
          await client.query("BEGIN");
          const result = await work({
            query: async (sql, values = []) => (await client.query(sql, [...values])).rows ?? [],
          });
          await client.query("COMMIT");
          return result;
        } catch (error) {
          failure = await rollBack(() => client.query("ROLLBACK"));
          throw error;
        } finally {
          client.off("error", onError);
          // A connection whose rollback failed is not used again.
          client.release(failure);
        }
      }),
    close: () => pool.end(),
  };
}

async function rollBack(query: () => Promise<unknown>): Promise<Error | undefined> {
  try {
    await query();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Whether a text is the address of a database rather than a path. */
export function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//i.test(text);
}

/** @throws ERR_OPTION_INVALID */
export function withoutPassword(url: string): string {
  const parsed = isPostgresUrl(url) ? tryUrl(url) : null;
  if (parsed === null) {
    throw invalidOption(
      "an address such as postgres://user@host:5432/name",
      "the database",
      hidden(url),
      "Pass --database, or set LOOKALIKE_DATABASE.",
    );
  }
  const user = parsed.username === "" ? "" : `${parsed.username}@`;
  return `${parsed.protocol}//${user}${parsed.host}${parsed.pathname}`;
}

function tryUrl(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** A text that is not an address may still contain a password. */
function hidden(url: string): string {
  return url.replace(/:[^:@/]*@/, ":***@");
}
