import type { Database } from "../../io/duckdb/index.ts";
import type { Candidate } from "../../tables/index.ts";

/** A column whose values were assigned to arms as a whole. */
export interface AssignedColumn {
  readonly name: string;
  /** SQL of the value, on the relation that was searched. */
  readonly sql: string;
  readonly values: number;
}

/** Minimum number of values, in all and in each arm. The effects of fewer values cannot be separated from the offer's. */
const LEAST_VALUES = 20;
const LEAST_PER_ARM = 5;
/** Largest share of the values with several rows that may be in more than one arm. */
const MOST_CROSSED = 0.05;
/** Standard errors above the share that chance gives. */
const CLEAR = 6;
/** Smaller arms are not counted: no model is trained on them. */
const LEAST_ROWS = 50;
/** Rows of the sample by which most columns are ruled out. */
const SAMPLE_ROWS = 50_000;
/** A column is searched in all rows if so many values occur several times in the sample, this share of them in one arm. */
const LEAST_SEVERAL = 5;
const LEAST_WHOLE = 0.8;
/** A rule such as "from 50 years on" changes the arm at fewer neighbouring values than this share of chance. */
const LEAST_CHANGES = 0.5;

/**
 * The column by whose values customers were assigned: households, stores or days whose rows are all in one arm, which
 * does not happen by chance if customers are assigned one by one. The rows of such a value are no independent
 * customers. Of several columns, the one with the fewest values; null if there is none.
 *
 * A column whose order decides the arm is not meant: there, customers were selected.
 *
 * @param relation with the columns `arm`, `id`, `file` and `row`
 */
export async function findAssignedBy(
  database: Database,
  relation: string,
  candidates: readonly Candidate[],
): Promise<AssignedColumn | null> {
  const likely = candidates.length === 0 ? [] : await likelyOf(database, relation, candidates);
  if (likely.length === 0) return null;
  const found: AssignedColumn[] = [];
  const unit = await unitOf(database, relation);
  for (const { name, sql, storedAs } of likely) {
    const values = await countAssigned(database, relation, { sql, storedAs, unit });
    if (values !== null) found.push({ name, sql, values });
  }
  return found.toSorted((a, b) => a.values - b.values)[0] ?? null;
}

/** The candidates that a sample does not rule out. */
async function likelyOf(
  database: Database,
  relation: string,
  candidates: readonly Candidate[],
): Promise<readonly Candidate[]> {
  const columns = candidates.map(({ sql }, i) => `(${sql})::VARCHAR AS "${i}"`);
  const sample = `SELECT arm, ${columns.join(", ")} FROM ${relation}
    WHERE arm IS NOT NULL AND hash(file, row) % (SELECT greatest(1, count(*) // ${SAMPLE_ROWS}) FROM log) = 0`;
  const sizes = await database.all(
    `WITH values AS (SELECT name, value, count(*) AS rows, count(DISTINCT arm) AS arms
      FROM (UNPIVOT (${sample}) ON COLUMNS(* EXCLUDE arm) INTO NAME name VALUE value) GROUP BY name, value)
    SELECT name, count(*) AS several, count_if(arms = 1) AS whole FROM values WHERE rows > 1 GROUP BY name ORDER BY name`,
  );
  return sizes
    .filter(({ several }) => Number(several) >= LEAST_SEVERAL)
    .filter(({ several, whole }) => Number(whole) >= LEAST_WHOLE * Number(several))
    .map(({ name }) => candidates[Number(name)] as Candidate);
}

/** SQL that counts customers: the rows of one are assigned once. */
async function unitOf(database: Database, relation: string): Promise<string> {
  const [ids = {}] = await database.all(`SELECT count(id) - count(DISTINCT id) AS repeated FROM ${relation}`);
  return Number(ids.repeated) > 0 ? "count(DISTINCT coalesce('i' || id, file || ' ' || row))" : "count(*)";
}

/** The number of values if they were assigned as a whole; null if not. */
async function countAssigned(
  database: Database,
  relation: string,
  { sql, storedAs, unit }: Pick<Candidate, "sql" | "storedAs"> & { readonly unit: string },
): Promise<number | null> {
  // Texts that are all numbers have the order of numbers.
  const order = storedAs === "text" ? "try_cast(value AS DOUBLE), value" : "value";
  const [found = {}] = await database.all(`
    WITH cells AS (SELECT ${sql} AS value, arm, ${unit} AS rows
      FROM ${relation} WHERE arm IS NOT NULL AND (${sql}) IS NOT NULL GROUP BY ALL),
    shares AS (SELECT arm, sum(rows) AS rows, sum(rows) / sum(sum(rows)) OVER () AS share FROM cells GROUP BY arm),
    levels AS (SELECT value, sum(rows) AS rows, count(*) AS arms, min(arm) AS arm FROM cells GROUP BY value),
    ordered AS (SELECT arm, lag(arm) OVER (ORDER BY ${order}) AS before FROM levels WHERE arms = 1),
    chances AS (SELECT l.value, sum(s.share ** l.rows) AS chance FROM levels l, shares s WHERE l.rows > 1 GROUP BY 1)
    SELECT (SELECT count(*) FROM levels) AS levels,
      (SELECT count(*) FROM levels WHERE rows > 1) AS several,
      (SELECT count(*) FROM levels WHERE rows > 1 AND arms = 1) AS whole,
      (SELECT sum(chance) FROM chances) AS expected,
      (SELECT sum(chance * (1 - chance)) FROM chances) AS variance,
      (SELECT min(n) FROM (SELECT count(l.value) AS n FROM shares s LEFT JOIN levels l ON l.arm = s.arm AND l.arms = 1 WHERE s.rows >= ${LEAST_ROWS} GROUP BY s.arm)) AS least,
      (SELECT count(*) FROM ordered WHERE before <> arm) AS changes,
      (SELECT (1 - sum(share ** 2)) FROM (SELECT count(*) / sum(count(*)) OVER () AS share FROM ordered GROUP BY arm)) AS mixed`);
  const number = (name: string) => Number(found[name] ?? 0);
  const [levels, several, whole] = [number("levels"), number("several"), number("whole")];
  if (levels < LEAST_VALUES || number("least") < LEAST_PER_ARM) return null;
  if (several === 0 || whole < (1 - MOST_CROSSED) * several) return null;
  if (whole - number("expected") <= CLEAR * Math.sqrt(number("variance"))) return null;
  return number("changes") >= LEAST_CHANGES * levels * number("mixed") ? levels : null;
}
