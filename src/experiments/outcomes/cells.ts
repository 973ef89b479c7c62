import type { Database } from "../../io/duckdb/index.ts";
import type { JointMoments } from "../../statistics/index.ts";

/** Sums over the customers of one arm, group, day of closing and fold: all that results are computed from. */
export interface ResultCell extends JointMoments {
  readonly arm: string;
  readonly group: string;
  /** Days since 1970 on which the customers' windows closed. */
  readonly day: number;
  /** For fitting what the pre-period explains. */
  readonly fold: number;
  /** Sum of the predicted uplifts. */
  readonly predicted: number;
}

export const RESULT_METRICS = ["converted", "value", "winsorised"] as const;
export type ResultMetric = (typeof RESULT_METRICS)[number];

const COLUMN: Readonly<Record<ResultMetric, string>> = {
  converted: "y",
  value: "value",
  winsorised: "least(value, (SELECT cap FROM caps))",
};

export interface CellRequest {
  readonly metric: ResultMetric;
  /** SQL over `results`: who takes part, the arm, and what to group by. */
  readonly filter: string;
  readonly arm: string;
  readonly group: string;
  /** Customers that were drawn together; the units are then the clusters. */
  readonly isClustered: boolean;
  /** SQL of how much a customer counts; null: all alike. With weights, y is weighted and x is the weight. */
  readonly weight: string | null;
}

/**
 * Values above the quantile of all customers with a value, over the arms together, are capped at it in `winsorised`:
 * table `caps`. Created once.
 */
export async function createCap(database: Database, quantile: number): Promise<number | null> {
  await database.run(
    `CREATE TABLE caps AS SELECT quantile_cont(value, ${quantile}) AS cap FROM results WHERE is_ripe AND value > 0`,
  );
  const [found] = await database.all("SELECT cap FROM caps");
  return found?.cap == null ? null : Number(found.cap);
}

/** Memory grows with arms, groups and days, and not with the customers. */
export async function readCells(database: Database, request: CellRequest): Promise<ResultCell[]> {
  const { metric, filter, arm, group, isClustered, weight } = request;
  const counts = weight ?? "1";
  const x = weight === null && !isClustered ? "x" : `(${counts})::DOUBLE`;
  const rows = `SELECT ${arm} AS arm, ${group} AS grp, floor(closes / 86400) AS day, fold, cluster,
    (${counts} * (${COLUMN[metric]}))::DOUBLE AS y, ${x} AS x, coalesce(uplift, 0) AS uplift
    FROM results WHERE is_ripe AND (${filter})`;
  const source = isClustered
    ? `SELECT arm, grp, max(day) AS day, 0 AS fold, sum(y) AS y, sum(x) AS x, sum(uplift) AS uplift
       FROM (${rows}) GROUP BY arm, grp, cluster`
    : rows;
  const found = await database.all(
    `SELECT arm, grp, day, fold, count(*) AS n, sum(y) AS y, sum(y * y) AS yy, sum(x) AS x, sum(x * x) AS xx,
       sum(x * y) AS xy, sum(uplift) AS predicted FROM (${source}) GROUP BY arm, grp, day, fold ORDER BY ALL`,
  );
  return found.map((row) => ({
    arm: String(row.arm),
    group: String(row.grp),
    day: Number(row.day),
    fold: Number(row.fold),
    n: Number(row.n),
    y: Number(row.y),
    yy: Number(row.yy),
    x: Number(row.x ?? 0),
    xx: Number(row.xx ?? 0),
    xy: Number(row.xy ?? 0),
    predicted: Number(row.predicted),
  }));
}
