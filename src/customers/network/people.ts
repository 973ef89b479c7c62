import { categoryColumn } from "../../core/index.ts";
import type { Database } from "../../io/duckdb/index.ts";

/** How ids are compared: as whole numbers if the logs have them as such. */
export type IdType = "BIGINT" | "VARCHAR";

/** Pattern of short codes and service numbers, if people's own ids do not match it. */
const SHORT = "[*#].*|[0-9]{1,6}";
/** If more than this share of the people has such ids, they are people's. */
const MOST_SHORT = 0.01;

/** Creates `network_people` (n, id), numbered from 0 in the order of their ids. */
export async function addPeople(database: Database, people: Iterable<string>): Promise<void> {
  const ids = [...people];
  await database.insert("network_ids", {
    rows: ids.length,
    columns: new Map([["id", categoryColumn(ids)]]),
  });
  await database.run(`CREATE OR REPLACE TABLE network_people AS
    SELECT (row_number() OVER (ORDER BY id) - 1)::INTEGER AS n, id FROM (SELECT DISTINCT id FROM network_ids)`);
  await database.run("DROP TABLE network_ids");
}

/** SELECT of n and `key`, the id in the form of the logs. */
export function peopleBy(ids: IdType): string {
  if (ids === "VARCHAR") return "SELECT n, id AS key FROM network_people";
  // "007" is not 7.
  return "SELECT n, TRY_CAST(id AS BIGINT) AS key FROM network_people WHERE TRY_CAST(id AS BIGINT)::VARCHAR = id";
}

/** Creates SQL of whether an id is a service's, from the SQL of an id. */
export async function serviceRule(database: Database): Promise<(id: string) => string> {
  const [found] = await database.all(
    `SELECT coalesce(avg(regexp_full_match(id, '${SHORT}')::INTEGER), 0)::DOUBLE AS share FROM network_people`,
  );
  if (Number(found?.share) >= MOST_SHORT) return () => "false";
  return (id) => `regexp_full_match(${id}::VARCHAR, '${SHORT}')`;
}
