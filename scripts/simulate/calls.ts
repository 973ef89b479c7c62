import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Database, openDatabase, quoteText } from "../../src/io/duckdb/index.ts";
import { MANUFACTURERS } from "./switching.ts";

export interface CallLogOptions {
  /** Rows of the log. */
  readonly rows: number;
  /** Default: a hundredth of the rows, so that each makes a hundred calls on average. */
  readonly subscribers?: number | undefined;
  /** Months, each in a file of its own, in order of time; default 12. */
  readonly months?: number | undefined;
  readonly seed?: number | undefined;
}

export interface CallLog {
  /** `calls-01.parquet`, ...: caller_id, callee_id, started_at, duration_s, device_manufacturer, device_model. */
  readonly calls: readonly string[];
  /**
   * What is true: caller_id, manufacturer at the end, previous (null: never changed), changed (the month it was first
   * used in, from 0; null likewise).
   */
  readonly truth: string;
}

const DAYS_PER_MONTH = 30;
const START = "TIMESTAMP '2025-11-01'";

/**
 * Writes a call log of any size, straight from the database and never in memory: 100 million rows take some minutes.
 * Every number is a hash of the seed, the row and its purpose, so the same options give the same log, in whatever order
 * it is written. Two of five subscribers changed handset once; one call in a hundred is made with somebody else's, and
 * three names in a hundred are spelt otherwise.
 */
export async function writeCallLog(folder: string, options: CallLogOptions): Promise<CallLog> {
  const { rows, months = 12, seed = 1 } = options;
  const subscribers = options.subscribers ?? Math.max(20, Math.round(rows / 100));
  await mkdir(folder, { recursive: true });
  const truth = join(resolve(folder), "subscribers.parquet");
  const calls = Array.from({ length: months }, (_, month) =>
    join(resolve(folder), `calls-${String(month + 1).padStart(2, "0")}.parquet`),
  );
  for (const path of [truth, ...calls]) await rm(path, { force: true });
  const database = await openDatabase({ files: [truth, ...calls] });
  try {
    await createSubscribers(database, { subscribers, months, seed });
    await database.run(`COPY (SELECT 31600000000 + id AS caller_id, m.name AS manufacturer, p.name AS previous, changed
      FROM people JOIN makers m ON m.code = coalesce(second, first)
      LEFT JOIN makers p ON second IS NOT NULL AND p.code = first ORDER BY id) TO ${quoteText(truth)} (FORMAT parquet)`);
    for (const [month, path] of calls.entries()) {
      const count = Math.floor(((month + 1) * rows) / months) - Math.floor((month * rows) / months);
      await database.run(
        `COPY (${selectMonth({ month, count, subscribers, seed })}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION zstd)`,
      );
    }
  } finally {
    await database.close();
  }
  return { calls, truth };
}

/** Uniform in [0, 1), by what it is for. */
function uniform(purpose: string, seed: number): string {
  return `(hash(${purpose}, ${seed}) / 18446744073709551616.0)`;
}

async function createSubscribers(
  database: Database,
  { subscribers, months, seed }: { subscribers: number; months: number; seed: number },
): Promise<void> {
  const values = MANUFACTURERS.map((name, code) => `(${code}, ${quoteText(name)})`).join(", ");
  await database.run(`CREATE TABLE makers AS SELECT * FROM (VALUES ${values}) v(code, name)`);
  // Squaring favours the first manufacturers: shares differ, as in life.
  const maker = (purpose: string) =>
    `floor(${MANUFACTURERS.length} * ${uniform(purpose, seed)} ** 2)::INTEGER`;
  await database.run(`CREATE TABLE people AS
    SELECT id, first, CASE WHEN changed IS NOT NULL THEN (first + 1 + other) % ${MANUFACTURERS.length} END AS second,
      changed, contacts FROM (
        SELECT id, ${maker("id, 'first'")} AS first, floor(${MANUFACTURERS.length - 1} * ${uniform("id, 'second'", seed)})::INTEGER AS other,
          CASE WHEN ${uniform("id, 'changes'", seed)} < 0.4
            THEN 2 + floor(${Math.max(1, months - 4)} * ${uniform("id, 'month'", seed)})::INTEGER END AS changed,
          4 + floor(9 * ${uniform("id, 'contacts'", seed)})::INTEGER AS contacts
        FROM range(${subscribers}) r(id))`);
}

interface MonthOptions {
  readonly month: number;
  readonly count: number;
  readonly subscribers: number;
  readonly seed: number;
}

/** The calls of one month in order of time, as a network writes them: callers in no order. */
function selectMonth({ month, count, subscribers, seed }: MonthOptions): string {
  const own = `${seed} + 1000 * ${month}`;
  const random = (purpose: string) => `(hash(n, '${purpose}', ${own}) / 18446744073709551616.0)`;
  return `SELECT 31600000000 + id AS caller_id,
      31600000000 + (hash(id, floor(contacts * ${random("contact")})::INTEGER, ${seed}) % ${subscribers})::BIGINT AS callee_id,
      ${START} + to_microseconds((86400e6 * ${DAYS_PER_MONTH} * (${month} + n / ${count}.0))::BIGINT) AS started_at,
      CASE WHEN ${random("missed")} < 0.08 THEN -1
        ELSE ceil(-180 * ln(1 - ${random("length")}))::INTEGER END AS duration_s,
      CASE WHEN ${random("spelling")} < 0.03 THEN upper(name) ELSE name END AS device_manufacturer,
      name || ' ' || (2020 + (own_maker + id) % 5)::VARCHAR AS device_model
    FROM (
      SELECT n, id, contacts, CASE WHEN ${random("borrowed")} < 0.01 THEN (used + 1) % ${MANUFACTURERS.length} ELSE used END AS own_maker
      FROM (
        SELECT n, (hash(n, 'caller', ${own}) % ${subscribers})::BIGINT AS id FROM range(${count}) r(n)
      ) JOIN (
        SELECT id, contacts, CASE WHEN changed <= ${month} THEN second ELSE first END AS used FROM people
      ) USING (id)
    ) JOIN makers ON code = own_maker`;
}
