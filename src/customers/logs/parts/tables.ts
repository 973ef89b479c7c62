import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Column, categoryColumn, numberColumn } from "../../../core/index.ts";
import {
  type Database,
  type DatabaseResources,
  openDatabase,
  quoteFile,
  quoteText,
} from "../../../io/duckdb/index.ts";
import { emptyEvents } from "../events.ts";
import { EVENT_KINDS, type EventKind } from "../selection.ts";
import type { LogPlan } from "./plan.ts";
import type { CountStats } from "./stats.ts";

/** Options of a step. */
export interface StepOptions {
  readonly resources?: DatabaseResources | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with the name and path of each file that the step wrote; the file is removed afterwards. */
  readonly keep: (name: string, path: string) => Promise<void>;
}

/** Paths of Parquet files, by the table that they contain. */
export type TableFiles<Name extends string> = Readonly<Record<Name, readonly string[]>>;

/** Runs a step in a database that can read these files. */
export async function inDatabase<T>(
  files: readonly string[],
  { resources, signal }: Omit<StepOptions, "keep">,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase({ ...resources, files, signal });
  try {
    await mkdir(database.folder, { recursive: true, mode: 0o700 });
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Creates a view over Parquet files. */
export async function viewFiles(database: Database, name: string, paths: readonly string[]): Promise<void> {
  await database.run(`CREATE VIEW ${name} AS SELECT * FROM ${parquetFiles(paths)}`);
}

export function parquetFiles(paths: readonly string[]): string {
  return `read_parquet([${paths.map(quoteFile).join(", ")}], hive_partitioning = false)`;
}

/** Creates the views `all_calls` and `all_usage` of one partition. */
export async function viewEvents(
  database: Database,
  { ids }: Pick<LogPlan, "ids">,
  events: TableFiles<EventKind>,
): Promise<void> {
  for (const kind of EVENT_KINDS) {
    const name = `all_${kind}`;
    if (events[kind].length > 0) await viewFiles(database, name, events[kind]);
    else await database.run(`CREATE VIEW ${name} AS ${emptyEvents(kind, { ids })}`);
  }
}

/** Writes a relation to one Parquet file and keeps it. */
export async function keepTable(
  database: Database,
  { relation, name, keep }: { readonly relation: string; readonly name: string } & Pick<StepOptions, "keep">,
): Promise<void> {
  const path = join(database.folder, `${name}.parquet`);
  await database.run(`COPY (SELECT * FROM ${relation}) TO ${quoteText(path)} (FORMAT parquet)`);
  await keep(`${name}.parquet`, path);
}

/** Creates the table `devices_seen` of the whole log. */
export async function insertDevices(database: Database, devices: CountStats["devices"]): Promise<void> {
  await database.insert("devices_seen", {
    rows: devices.length,
    columns: new Map<string, Column>([
      ["manufacturer", categoryColumn(devices.map(({ manufacturer }) => manufacturer))],
      ["model", categoryColumn(devices.map(({ model }) => model))],
      ["events", numberColumn(devices.map(({ events }) => events))],
      ["bad", numberColumn(devices.map(({ bad }) => bad))],
    ]),
  });
}
