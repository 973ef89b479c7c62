import { LookalikeError } from "../core/index.ts";
import { type Database, quoteFile, quoteName } from "../io/duckdb/index.ts";
import type { SourceFile } from "./files.ts";

/** The names as spelled in the file: the reader renames repeated ones. */
export async function parquetNames(database: Database, file: SourceFile): Promise<string[]> {
  const fields = await database.all(
    `SELECT name, coalesce(num_children, 0)::INTEGER AS children FROM parquet_schema(${quoteFile(file.readFrom)})`,
  );
  const names: string[] = [];
  // Depth first: the children of a nested column follow it and are not columns of the table.
  let nested = 0;
  for (const { name, children } of fields.slice(1)) {
    if (nested === 0) names.push(String(name));
    else nested--;
    nested += Number(children);
  }
  return names;
}

/**
 * Maximum size of one value. A Parquet file of a few kilobytes can contain one long text for every row. The
 * reader passes 2,000 rows at once, so this limits their memory.
 */
const MAX_VALUE_BYTES = 100_000;
/** Columns measured per query. */
const COLUMNS_A_QUERY = 50;

/** @throws ERR_SOURCE_UNREADABLE a value is longer than any value of a customer table */
export async function refuseHugeValues(
  database: Database,
  { name: source, readFrom }: SourceFile,
  columns: readonly { readonly name: string; readonly type: string }[],
): Promise<void> {
  const texts = columns.filter(({ type }) => type === "VARCHAR" || type === "BLOB");
  for (let start = 0; start < texts.length; start += COLUMNS_A_QUERY) {
    const part = texts.slice(start, start + COLUMNS_A_QUERY);
    const longest = part.map(({ name, type }, i) => {
      const length = type === "BLOB" ? "octet_length" : "strlen";
      return `max(${length}(${quoteName(name)}))::DOUBLE AS m${i}`;
    });
    const [row] = await database.all(
      `SELECT ${longest.join(", ")} FROM read_parquet(${quoteFile(readFrom)})`,
    );
    part.forEach(({ name }, i) => {
      const bytes = Number(row?.[`m${i}`] ?? 0);
      if (bytes <= MAX_VALUE_BYTES) return;
      const most = MAX_VALUE_BYTES.toLocaleString("en");
      throw new LookalikeError(
        "ERR_SOURCE_UNREADABLE",
        `Expected values of at most ${most} bytes in column ${JSON.stringify(name)} of ${source} but received one of ${bytes.toLocaleString("en")}`,
        { hint: "Export the file without that column." },
      );
    });
  }
}
