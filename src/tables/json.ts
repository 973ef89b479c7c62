import { type Database, quoteFile } from "../io/duckdb/index.ts";
import type { SourceFile } from "./files.ts";

/**
 * A key that an object of a JSON file has twice, also in another case; null: there is none. The reader would use one of
 * the two values, and nobody knows which one is right.
 */
export async function findRepeatedKey(database: Database, { readFrom }: SourceFile): Promise<string | null> {
  const keys = "list_transform(json_keys(json), lambda k: lower(k))";
  const [found] = await database.all(
    `SELECT to_json(json_keys(json))::VARCHAR AS keys FROM read_json_objects(${quoteFile(readFrom)})
     WHERE json_type(json) = 'OBJECT' AND len(${keys}) <> len(list_distinct(${keys})) LIMIT 1`,
  );
  if (found === undefined) return null;
  const seen = new Set<string>();
  for (const key of JSON.parse(String(found.keys)) as string[]) {
    if (seen.has(key.toLowerCase())) return key;
    seen.add(key.toLowerCase());
  }
  return null;
}

/** Whether a JSON file has no row, because it is empty or its values are not objects. */
export async function hasNoObject(database: Database, { readFrom }: SourceFile): Promise<boolean> {
  const rows = await database.all(
    `SELECT 1 AS one FROM read_json_objects(${quoteFile(readFrom)}) WHERE json_type(json) = 'OBJECT' LIMIT 1`,
  );
  return rows.length === 0;
}
