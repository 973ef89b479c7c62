import { stat } from "node:fs/promises";
import { z } from "zod";
import { wrongUse } from "../../../core/index.ts";
import { type DatabaseResources, openDatabase } from "../../../io/duckdb/index.ts";
import { hashBytes } from "../../../io/files.ts";
import {
  findFiles,
  openScans,
  type SourceFile,
  type TableSource,
  TIME_FORMS,
  withReadableText,
} from "../../../tables/index.ts";
import { idTypes } from "../events.ts";
import type { OwnMakers } from "../makers.ts";
import { EVENT_KINDS } from "../selection.ts";
import { type CallMapping, findLogTables, type UsageMapping } from "../tables.ts";

/**
 * The logs' features are computed in parts, on any number of machines, with the SQL of one machine:
 *
 * | step | parts | reads | writes |
 * | --- | --- | --- | --- |
 * | `scatter` | one per file of the logs | the file | its records by hash of the subscriber |
 * | `count` | one per hash partition | the records | counts of repeated records and of handsets |
 * | `summarise` | one per hash partition | the records | the subscribers' calls by contact, volumes and handsets |
 * | `contacts` | one per hash partition | these calls, and the handsets of all | the features |
 *
 * Each step needs the counts of all parts of the step before.
 */

/** Changed if the steps' files or results change. */
const VERSION = 1;

const mapping = z.record(z.string(), z.string());

/** What every part needs to know of the whole log; JSON. */
export const logPlan = z.object({
  /** Hash of the files' paths, sizes and times, and of how they are read. */
  fingerprint: z.string(),
  partitions: z.number().int().positive(),
  ids: z.enum(["BIGINT", "VARCHAR"]),
  files: z.array(
    z.object({
      kind: z.enum(EVENT_KINDS),
      path: z.string(),
      timeForm: z.enum(TIME_FORMS),
    }),
  ),
  startSeconds: z.number(),
  callMapping: mapping,
  usageMapping: mapping,
  manufacturers: mapping,
});

export type LogPlan = z.infer<typeof logPlan>;

export interface LogSources {
  readonly calls?: { readonly source: TableSource; readonly mapping?: CallMapping | undefined };
  readonly usage?: { readonly source: TableSource; readonly mapping?: UsageMapping | undefined };
  readonly manufacturers?: OwnMakers | undefined;
  /** The zero point of numeric times in the logs; default 1970-01-01. */
  readonly logStart?: Date | undefined;
}

export interface PlanLogsOptions extends LogSources {
  /** Number of hash partitions; default: one per GiB of the files, at most 1,000. */
  readonly partitions?: number | undefined;
  readonly resources?: DatabaseResources | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of a log's files per partition, and the largest number of partitions. */
const PARTITION_BYTES = 2 ** 30;
const MOST_PARTITIONS = 1000;

/**
 * Checks the logs' columns and finds the form of their times, as `openCustomers` does. Of Parquet files only
 * the first rows are read; CSV files are read once to find unclosed quotes.
 *
 * @throws ERR_OPTION_INVALID there are no logs; as `openCustomers`
 */
export async function planLogs({
  partitions,
  resources,
  signal,
  ...sources
}: PlanLogsOptions): Promise<LogPlan> {
  const { calls, usage } = await findLogFiles(sources);
  const files = [...calls, ...usage];
  if (files.length === 0) {
    throw wrongUse("a call or usage log", "none", "Add inputs.calls or inputs.usage to the campaign.");
  }
  const startSeconds = startOf(sources);
  const mappings = { callMapping: sources.calls?.mapping ?? {}, usageMapping: sources.usage?.mapping ?? {} };
  const database = await openDatabase({ ...resources, files: files.map(({ path }) => path), signal });
  try {
    const tables = await withReadableText(database, files, async (readable) =>
      findLogTables(database, {
        calls: await openScans(database, readable.slice(0, calls.length)),
        usage: await openScans(database, readable.slice(calls.length)),
        ...mappings,
        startSeconds,
      }),
    );
    const forms = new Map(
      tables.flatMap(({ scan, timeForm }) => scan.files.map(({ path }) => [path, timeForm] as const)),
    );
    return logPlan.parse({
      fingerprint: await fingerprintLogs(sources),
      partitions: partitions ?? (await partitionsOf(files)),
      ids: idTypes(tables),
      files: files.map(({ path }, i) => {
        return { kind: i < calls.length ? "calls" : "usage", path, timeForm: forms.get(path) };
      }),
      startSeconds,
      manufacturers: sources.manufacturers ?? {},
      callMapping: withoutUndefined(mappings.callMapping),
      usageMapping: withoutUndefined(mappings.usageMapping),
    });
  } finally {
    await database.close();
  }
}

/** A hash of the logs by their files' paths, sizes and times, and of how they are read. */
export async function fingerprintLogs(sources: LogSources): Promise<string> {
  const { calls, usage } = await findLogFiles(sources);
  const describe = async ({ path }: SourceFile) => {
    const { size, mtimeMs } = await stat(path);
    return [path, size, mtimeMs];
  };
  return hashBytes(
    JSON.stringify([
      VERSION,
      await Promise.all(calls.map(describe)),
      await Promise.all(usage.map(describe)),
      sources.calls?.mapping ?? {},
      sources.usage?.mapping ?? {},
      sources.manufacturers ?? {},
      startOf(sources),
    ]),
  );
}

async function findLogFiles({ calls, usage }: LogSources) {
  return {
    calls: calls === undefined ? [] : await findFiles(calls.source),
    usage: usage === undefined ? [] : await findFiles(usage.source),
  };
}

function startOf({ logStart }: LogSources): number {
  return (logStart?.getTime() ?? 0) / 1000;
}

async function partitionsOf(files: readonly SourceFile[]): Promise<number> {
  const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return Math.min(MOST_PARTITIONS, Math.max(1, Math.ceil(bytes / PARTITION_BYTES)));
}

function withoutUndefined(columns: CallMapping | UsageMapping): Record<string, string> {
  return Object.fromEntries(Object.entries(columns).filter(([, name]) => name !== undefined));
}
