import type { Database } from "../../io/duckdb/index.ts";
import { rawStrength } from "./ties.ts";

/** Groups of fewer people are left out of a report, because they could be recognised. */
const LEAST_GROUP = 5;

/** The network in numbers, without names and without groups of fewer than 5 people. */
export interface NetworkReport {
  /** People with at least one tie. */
  readonly people: number;
  readonly ties: number;
  /** Share of pairs with events in both directions; null: no pair. */
  readonly reciprocity: number | null;
  readonly degrees: {
    readonly mean: number;
    readonly median: number;
    readonly most: number;
    /** Number of people by number of ties, `from` to `to`. */
    readonly bins: readonly { readonly from: number; readonly to: number; readonly people: number }[];
  };
  /** Mean overlap of contacts, over ties; null: no tie. */
  readonly overlap: number | null;
  /** How many ties last from month to month. */
  readonly stability: readonly NetworkStability[];
}

interface NetworkStability {
  /** Month in the form 2026-01. */
  readonly month: string;
  readonly pairs: number;
  /** Share of the previous month's pairs that are in this month too. */
  readonly lasting: number;
  /** Share of people in both months whose strongest tie is the same. */
  readonly sameStrongest: number;
}

const BINS = [1, 2, 3, 5, 10, 20, 50, 100, 151] as const;

export async function reportNetwork(database: Database, newest: number | null): Promise<NetworkReport> {
  const [sums] =
    await database.all(`SELECT count(*)::DOUBLE AS people, coalesce(avg(degree), 0)::DOUBLE AS mean,
      coalesce(median(degree), 0)::DOUBLE AS median, coalesce(max(degree), 0)::DOUBLE AS most
    FROM (SELECT i, count(*) AS degree FROM network_arcs GROUP BY i)`);
  const [ties] = await database.all(
    "SELECT count(*)::DOUBLE AS ties, avg(overlap)::DOUBLE AS overlap FROM network_overlap",
  );
  const [mutual] = await database.all(
    "SELECT avg((ab > 0 AND ba > 0)::INTEGER)::DOUBLE AS share FROM (SELECT sum(ab) AS ab, sum(ba) AS ba FROM network_months GROUP BY a, b)",
  );
  const number = (value: unknown) => (value == null ? null : Number(value));
  return {
    people: Number(sums?.people ?? 0),
    ties: Number(ties?.ties ?? 0),
    reciprocity: number(mutual?.share),
    degrees: {
      mean: Number(sums?.mean ?? 0),
      median: Number(sums?.median ?? 0),
      most: Number(sums?.most ?? 0),
      bins: await degreeBins(database),
    },
    overlap: number(ties?.overlap),
    stability: newest === null ? [] : await stabilityOf(database),
  };
}

async function degreeBins(database: Database): Promise<NetworkReport["degrees"]["bins"]> {
  const rows = await database.all(
    "SELECT degree::DOUBLE AS degree, count(*)::DOUBLE AS people FROM (SELECT i, count(*) AS degree FROM network_arcs GROUP BY i) GROUP BY degree",
  );
  return BINS.slice(0, -1).flatMap((from, k) => {
    const to = (BINS[k + 1] ?? from + 1) - 1;
    const people = rows
      .filter(({ degree }) => Number(degree) >= from && Number(degree) <= to)
      .reduce((sum, row) => sum + Number(row.people), 0);
    return people < LEAST_GROUP ? [] : [{ from, to, people }];
  });
}

async function stabilityOf(database: Database): Promise<readonly NetworkStability[]> {
  const rows = await database.all(`WITH pairs AS (
      SELECT month, a, b, ${rawStrength("bit_count(days)", "(ab + ba)")} AS strength FROM network_months
    ), arcs AS (
      SELECT month, a AS i, b AS j, strength FROM pairs UNION ALL SELECT month, b, a, strength FROM pairs
    ), strongest AS (
      SELECT month, i, arg_max(j, (strength, -j)) AS j FROM arcs GROUP BY month, i
    ), same AS (
      SELECT n.month, avg((n.j = b.j)::INTEGER)::DOUBLE AS share
      FROM strongest n JOIN strongest b ON b.month = n.month - 1 AND b.i = n.i GROUP BY n.month
    ), lasting AS (
      SELECT b.month + 1 AS month, avg((n.a IS NOT NULL)::INTEGER)::DOUBLE AS share
      FROM pairs b LEFT JOIN pairs n ON n.month = b.month + 1 AND n.a = b.a AND n.b = b.b GROUP BY b.month
    )
    SELECT p.month::DOUBLE AS month, count(*)::DOUBLE AS pairs, any_value(l.share) AS lasting, any_value(s.share) AS same
    FROM pairs p JOIN lasting l USING (month) JOIN same s USING (month) GROUP BY p.month
    HAVING count(*) >= ${LEAST_GROUP} ORDER BY p.month`);
  return rows.map((row) => ({
    month: monthName(Number(row.month)),
    pairs: Number(row.pairs),
    lasting: Number(row.lasting),
    sameStrongest: Number(row.same),
  }));
}

function monthName(month: number): string {
  const year = Math.floor((month - 1) / 12);
  return `${year}-${String(month - 12 * year).padStart(2, "0")}`;
}
