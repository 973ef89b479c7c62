import { resolve } from "node:path";
import { openDatabase, quoteFile, quoteName } from "../../duckdb/index.ts";
import { expected, LookalikeError } from "../../errors.ts";
import type { SwitchCount } from "./switching.ts";

/** Columns of a file of switches. */
export interface SwitchColumns {
  /** The manufacturer before; default `previous`, else `from`. */
  readonly from?: string | undefined;
  /** The manufacturer now; default `current`, else `next`, else `to`. */
  readonly to?: string | undefined;
  /** How many customers; default `respondents`, `customers` or `count` where there is one, else every row is one. */
  readonly count?: string | undefined;
}

const DEFAULTS = {
  from: ["previous", "from", "current_manufacturer"],
  to: ["current", "next", "to", "next_manufacturer"],
  count: ["respondents", "customers", "count"],
} as const;

/**
 * Reads who went from which manufacturer to which, counted or one row each, from CSV or Parquet.
 *
 * @throws ERR_SOURCE_UNREADABLE, ERR_COLUMN_MISSING, ERR_SOURCE_EMPTY
 * @throws ERR_ROW_VALUE_INVALID a manufacturer that is missing, or a count that is no number of at least 0
 */
export async function readSwitches(path: string, columns: SwitchColumns = {}): Promise<SwitchCount[]> {
  const file = resolve(path);
  const database = await openDatabase({ files: [file], threads: 1, memoryMb: 512 });
  try {
    const source = /\.parquet$/i.test(file)
      ? `read_parquet(${quoteFile(file)})`
      : `read_csv(${quoteFile(file)}, header = true, all_varchar = true)`;
    const names = (await database.describe(`SELECT * FROM ${source}`)).map(({ name }) => name);
    const from = pick(path, names, { role: "from", asked: columns.from });
    const to = pick(path, names, { role: "to", asked: columns.to });
    const count = pick(path, names, { role: "count", asked: columns.count });
    const number = count === null ? "1" : `TRY_CAST(${quoteName(count)} AS DOUBLE)`;
    const rows = await database.all(
      `SELECT trim(${quoteName(from ?? "")}::VARCHAR) AS "from", trim(${quoteName(to ?? "")}::VARCHAR) AS "to",
        sum(${number}) AS customers, count(*) FILTER (WHERE ${number} IS NULL OR ${number} < 0) AS bad
       FROM ${source} GROUP BY ALL ORDER BY 1, 2`,
    );
    if (rows.length === 0) {
      throw new LookalikeError("ERR_SOURCE_EMPTY", expected("at least one row", path, "none"));
    }
    return rows.map((row) => {
      if (!row.from || !row.to || Number(row.bad) > 0) {
        const what = `a manufacturer before and after${count === null ? "" : ` and a count of at least 0 in ${count}`}`;
        throw new LookalikeError(
          "ERR_ROW_VALUE_INVALID",
          expected(what, path, `${row.from ?? "nothing"} to ${row.to ?? "nothing"}`),
          { hint: "Fill or drop such rows." },
        );
      }
      return { from: String(row.from), to: String(row.to), customers: Number(row.customers) };
    });
  } finally {
    await database.close();
  }
}

function pick(
  path: string,
  names: readonly string[],
  { role, asked }: { readonly role: keyof typeof DEFAULTS; readonly asked: string | undefined },
): string | null {
  const wanted = asked === undefined ? DEFAULTS[role] : [asked];
  const found = wanted
    .map((name) => names.find((candidate) => candidate.toLowerCase() === name.toLowerCase()))
    .find((name) => name !== undefined);
  if (found !== undefined) return found;
  if (asked === undefined && role === "count") return null;
  throw new LookalikeError(
    "ERR_COLUMN_MISSING",
    expected(`a column ${wanted.join(" or ")}`, path, names.join(", ")),
    { hint: `Name it with --${role}.` },
  );
}
