import { mkdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { openDatabase, quoteName, quoteText } from "../../src/io/duckdb/index.ts";
import type { Telco } from "./telco.ts";

const FILES = {
  crm: "customers",
  calls: "calls",
  usage: "usage",
  experiment: "experiment",
  truth: "truth",
  handsets: "handsets",
} as const;

const TIMES: ReadonlySet<string> = new Set(["started_at", "at", "shown_at", "since"]);

/** Writes customers, calls, usage, experiment, truth and handsets into a folder, as .csv or .parquet; their paths. */
export async function writeTelco(
  telco: Telco,
  folder: string,
  format: "csv" | "parquet",
): Promise<Record<keyof Telco, string>> {
  await mkdir(folder, { recursive: true });
  const path = (part: keyof Telco) => join(resolve(folder), `${FILES[part]}.${format}`);
  const parts = Object.keys(FILES) as (keyof Telco)[];
  const database = await openDatabase({ files: parts.map(path) });
  try {
    for (const part of parts) {
      // Over a file that is there, the database would write beside it first, where it may not.
      await rm(path(part), { force: true });
      await database.insert(part, telco[part]);
      const columns = [...telco[part].columns.keys()].map((name) => columnOf(name, format));
      const options = format === "csv" ? "FORMAT csv, HEADER" : "FORMAT parquet, COMPRESSION zstd";
      await database.run(
        `COPY (SELECT ${columns.join(", ")} FROM ${quoteName(part)}) TO ${quoteText(path(part))} (${options})`,
      );
    }
  } finally {
    await database.close();
  }
  return Object.fromEntries(parts.map((part) => [part, path(part)])) as Record<keyof Telco, string>;
}

/** Whole numbers without a fraction, times as times. */
function columnOf(name: string, format: "csv" | "parquet"): string {
  const quoted = quoteName(name);
  if (TIMES.has(name)) {
    const time = `make_timestamp((${quoted} * 1e6)::BIGINT)`;
    return `${format === "csv" ? `strftime(${time}, '%Y-%m-%dT%H:%M:%SZ')` : time} AS ${quoted}`;
  }
  return ["age", "tenure_months", "duration_s", "bytes", "converted", "value"].includes(name)
    ? `${quoted}::BIGINT AS ${quoted}`
    : quoted;
}
