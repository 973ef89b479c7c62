import type { Database } from "../../io/duckdb/index.ts";
import type { Candidate, ColumnWarning } from "../../tables/index.ts";
import { type AssignedColumn, findAssignedBy } from "./assigned-by.ts";
import type { ExperimentMapping } from "./options.ts";

/** The rows of a log, and which of them depend on each other. */
export interface ClusteredLog {
  /** The given relation; if there are clusters, with `cluster_number`, NULL for rows that depend on no other. */
  readonly relation: string;
  readonly any: boolean;
  /** The column that customers were assigned by, if no column was named. */
  readonly assignedBy: string | null;
  readonly warnings: readonly ColumnWarning[];
}

/** What dependent rows share. */
interface ClusterKey {
  /** The column that names the clusters. */
  readonly name: string;
  /** SQL of the key: the named cluster, else the value that customers were assigned by, else the customer's id. */
  readonly sql: string;
}

/**
 * Finds the rows that depend on each other, and reports them: those of a named cluster, those that were assigned to an
 * arm together, and those of one customer.
 *
 * @param relation the log's columns and the candidates'
 */
export async function clusterLog(
  database: Database,
  relation: string,
  { mapping, candidates }: { readonly mapping: ExperimentMapping; readonly candidates: readonly Candidate[] },
): Promise<ClusteredLog> {
  const assigned =
    mapping.cluster === undefined ? await findAssignedBy(database, relation, candidates) : null;
  const key = keyOf(mapping, assigned);
  const { any, warnings } = await findClusters(database, relation, key);
  const numbered = `(SELECT j.*, g.number AS cluster_number FROM (SELECT *, ${key.sql} AS cluster_key FROM ${relation}) j
    LEFT JOIN log_clusters g ON g.key = j.cluster_key)`;
  return {
    relation: any ? numbered : relation,
    any,
    assignedBy: assigned?.name ?? null,
    warnings: [...(assigned === null ? [] : [assignedTogether(assigned)]), ...warnings],
  };
}

function keyOf(mapping: ExperimentMapping, assigned: AssignedColumn | null): ClusterKey {
  const value = assigned === null ? "" : `'a' || (${assigned.sql})::VARCHAR, `;
  return {
    name: mapping.cluster ?? assigned?.name ?? mapping.customer_id ?? "customer_id",
    sql: `coalesce('c' || cluster, ${value}'i' || id)`,
  };
}

function assignedTogether({ name, values }: AssignedColumn): ColumnWarning {
  const message = `the rows of each of ${values} values of ${name} are in one arm: customers were assigned by it, so it is used as --cluster and not as a feature`;
  return { column: name, cells: values, message };
}

/**
 * Creates the table `log_clusters` (key, number) with the clusters of two rows and more. Their rows are not independent
 * customers, and the outcome of a cluster in two arms includes the effects of both.
 */
async function findClusters(
  database: Database,
  relation: string,
  { name, sql }: ClusterKey,
): Promise<Pick<ClusteredLog, "any" | "warnings">> {
  await database.run(
    `CREATE TABLE log_clusters AS
     SELECT key, row_number() OVER (ORDER BY first) - 1 AS number, rows, arms FROM (
       SELECT ${sql} AS key, min(file::BIGINT * 4294967296 + row::BIGINT) AS first,
         count(*) AS rows, count(DISTINCT arm) AS arms
       FROM ${relation} GROUP BY 1 HAVING key IS NOT NULL AND count(*) > 1
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
