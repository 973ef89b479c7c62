import type { Database } from "../../io/duckdb/index.ts";
import type { JointMoments } from "../../statistics/index.ts";

/** Sums over the customers of one arm, group, closing day and fold: all results are computed from them. */
export interface ResultCell extends JointMoments {
  readonly arm: string;
  readonly group: string;
  /** Days since 1970 on which the customers' windows closed. */
  readonly day: number;
  /** Fold for fitting the effect of the pre-period. */
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
  /** SQL over `results`: the customers who take part, the arm, and the grouping. */
  readonly filter: string;
  readonly arm: string;
  readonly group: string;
  /** Whether customers were drawn in clusters; the units are then the clusters. */
  readonly isClustered: boolean;
  /** SQL of a customer's weight; null: all equal. With weights, y is weighted and x is the weight. */
  readonly weight: string | null;
}

/**
 * Creates the table `caps`, once: values above the quantile of all customers with a value, over all arms, are
 * capped at it in `winsorised`.
 */
export async function createCap(database: Database, quantile: number): Promise<number | null> {
  await database.run(
    `CREATE TABLE caps AS SELECT quantile_cont(value, ${quantile}) AS cap FROM results WHERE is_ripe AND value > 0`,
  );
  const [found] = await database.all("SELECT cap FROM caps");
  return found?.cap == null ? null : Number(found.cap);
}

/** Reads the cells. Memory grows with arms, groups and days, and not with the customers. */
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
