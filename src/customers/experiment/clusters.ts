import type { Database } from "../../io/duckdb/index.ts";
import type { ColumnWarning } from "../../tables/index.ts";

/** Rows of the log that depend on each other. */
export interface LogClusters {
  /**
   * Whether there are any. If so, the table `log_clusters` (key, number) lists those of two rows and more.
   */
  readonly any: boolean;
  readonly warnings: readonly ColumnWarning[];
}

/** SQL of the key that dependent rows share: the named cluster, else the customer's id. */
export const CLUSTER_KEY = "coalesce('c' || l.cluster, 'i' || l.id)";

/**
 * Finds the clusters of two rows and more in the view `log`, and reports them. Their rows are not independent
 * customers, and the outcome of a cluster in two arms includes the effects of both.
 *
 * @param name the column that names the clusters
 */
export async function findClusters(database: Database, name: string): Promise<LogClusters> {
  await database.run(
    `CREATE TABLE log_clusters AS
     SELECT key, row_number() OVER (ORDER BY first) - 1 AS number, rows, arms FROM (
       SELECT ${CLUSTER_KEY} AS key, min(l.file::BIGINT * 4294967296 + l.row::BIGINT) AS first,
         count(*) AS rows, count(DISTINCT l.arm) AS arms
       FROM log l GROUP BY 1 HAVING key IS NOT NULL AND count(*) > 1
     )`,
  );
  const [found = {}] = await database.all(
    `SELECT count(*) AS clusters, coalesce(sum(rows), 0) AS rows, count_if(arms > 1) AS crossed FROM log_clusters`,
  );
  const [clusters, rows, crossed] = [found.clusters, found.rows, found.crossed].map(Number) as [
    number,
    number,
    number,
  ];
  if (clusters === 0) return { any: false, warnings: [] };
  const repeated = `${rows} rows share their ${name} with others (${clusters} values): they are resampled, tested and summed together, not as independent customers`;
  const both = `${crossed} values of ${name} are in more than one arm: one arm may affect the other through them, and effects are then usually underestimated`;
  return {
    any: true,
    warnings: [
      { column: name, cells: rows, message: repeated },
      ...(crossed > 0 ? [{ column: name, cells: crossed, message: both }] : []),
    ],
  };
}
