import { chmod, rename, rm, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { openDatabase, quoteFile, quoteName, quoteText } from "../../io/duckdb/index.ts";
import { temporaryBeside } from "../../io/scratch.ts";
import type { WrittenFile } from "./parts.ts";

export interface ParquetColumn {
  readonly name: string;
  readonly type: "DOUBLE" | "VARCHAR";
}

/**
 * Converts a JSON Lines file to a Parquet file with the same columns, in the same order of rows.
 *
 * @throws ERR_DATABASE_FAILED
 */
export async function writeParquet(
  source: WrittenFile,
  target: string,
  columns: readonly ParquetColumn[],
): Promise<WrittenFile> {
  const from = resolve(source.path);
  const temporary = resolve(temporaryBeside(target));
  const database = await openDatabase({ files: [from, temporary], memoryMb: 1024, threads: 2 });
  try {
    const types = columns.map(({ name, type }) => `${quoteText(name)}: '${type}'`).join(", ");
    const names = columns.map(({ name }) => quoteName(name)).join(", ");
    await database.run(
      `COPY (SELECT ${names} FROM read_json(${quoteFile(from)}, format = 'newline_delimited', columns = {${types}}))
       TO ${quoteText(temporary)} (FORMAT parquet, COMPRESSION zstd)`,
    );
    await chmod(temporary, 0o600);
    await rename(temporary, target);
    return { path: target, rows: source.rows, bytes: (await stat(target)).size };
  } finally {
    await database.close();
    await rm(temporary, { force: true });
  }
}
