import { copyFile, readFile, rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { categoryColumn, LookalikeError } from "../../../core/index.ts";
import type { Database } from "../../../io/duckdb/index.ts";
import { makeFolder, PRIVATE, reason, writable, writeFileAtomic } from "../../../io/files.ts";
import { temporaryBeside } from "../../../io/scratch.ts";
import { emptySource, openLedger, type RowReport } from "../../../tables/index.ts";
import type { Joined } from "../../read.ts";
import { fingerprintLogs, type LogPlan, type LogSources } from "./plan.ts";
import { type Counted, type FeatureStats, featureStats, type Scattered } from "./stats.ts";
import { inDatabase, keepTable, parquetFiles, viewFiles } from "./tables.ts";

/** A folder with the finished features of logs: `features.json`, and Parquet files by partition. */

const MANIFEST = "features.json";

const manifest = z.object({
  version: z.literal(1),
  /** Fingerprint of the logs. */
  logs: z.string(),
  columns: featureStats.shape.columns,
  files: z.array(z.string().regex(/^[\w-]+\.parquet$/)),
  read: z.number(),
  malformed: z.number(),
  invalid: z.number(),
  warnings: z.array(z.object({ column: z.string(), cells: z.number(), message: z.string() })),
});

type Manifest = z.infer<typeof manifest>;

export interface FeatureParts {
  readonly plan: LogPlan;
  readonly log: Scattered;
  readonly counted: Counted;
  /** Files of the step `contacts`, by partition. */
  readonly parts: readonly { readonly path: string; readonly stats: FeatureStats }[];
  /** The folder to write. */
  readonly out: string;
  /** Which of these ids belong to erased people, who get no row. */
  readonly erasedAmong: (ids: readonly string[]) => ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the folder of finished features. The manifest comes last: a folder without it is not read.
 *
 * @returns the number of subscribers
 * @throws ERR_SOURCE_EMPTY the logs have no record, ERR_OUTPUT_UNWRITABLE
 */
export async function writeLogFeatures(options: FeatureParts): Promise<number> {
  const { plan, log, counted, parts, out, signal } = options;
  if (log.read === 0) throw emptySource(plan.files.map(({ path }) => path).join(", "));
  const files: string[] = [];
  let subscribers = 0;
  await makeFolder(out, PRIVATE);
  for (const [i, { path }] of parts.entries()) {
    const name = `features-${String(i).padStart(4, "0")}.parquet`;
    subscribers += await inDatabase([path], { signal }, (database) =>
      copyWithout(database, { path, to: join(out, name), erasedAmong: options.erasedAmong }),
    );
    files.push(name);
  }
  const written: Manifest = {
    version: 1,
    logs: plan.fingerprint,
    columns: parts[0]?.stats.columns ?? [],
    files,
    read: log.read,
    malformed: log.malformed,
    invalid: counted.badRows,
    warnings: [...counted.warnings],
  };
  await writeFileAtomic(join(out, MANIFEST), `${JSON.stringify(written, null, 2)}\n`);
  return subscribers;
}

async function copyWithout(
  database: Database,
  {
    path,
    to,
    erasedAmong,
  }: { readonly path: string; readonly to: string } & Pick<FeatureParts, "erasedAmong">,
): Promise<number> {
  const relation = parquetFiles([path]);
  const erased: string[] = [];
  let rows = 0;
  for await (const batch of database.stream(`SELECT id FROM ${relation}`)) {
    rows += batch.rows;
    erased.push(...erasedAmong(batch.texts("id").filter((id) => id !== null)));
  }
  const copy = (from: string) => writable(to, () => copyFile(from, to));
  if (erased.length === 0) await copy(path);
  else {
    await database.insert("erased", {
      rows: erased.length,
      columns: new Map([["id", categoryColumn(erased)]]),
    });
    const left = `(SELECT * FROM ${relation} ANTI JOIN erased USING (id))`;
    await keepTable(database, { relation: left, name: "left", keep: (_, kept) => copy(kept) });
  }
  return rows - erased.length;
}

/**
 * Removes a person from a folder of finished features.
 *
 * @param id in canonical form
 * @returns the number of rewritten files; 0 also if the folder has no features any more
 * @throws ERR_OUTPUT_UNWRITABLE, ERR_SOURCE_UNREADABLE
 */
export async function eraseFromLogFeatures(folder: string, id: string): Promise<number> {
  const found = await readManifest(folder).catch(() => null);
  let rewritten = 0;
  for (const name of found?.files ?? []) {
    const path = resolve(folder, name);
    await inDatabase([path], {}, async (database) => {
      const [row] = await database.all(
        `SELECT count(*)::DOUBLE AS n FROM ${parquetFiles([path])} WHERE id = $1`,
        [id],
      );
      if (Number(row?.n ?? 0) === 0) return;
      const erasedAmong = (ids: readonly string[]) => new Set(ids.filter((each) => each === id));
      const next = temporaryBeside(path);
      await copyWithout(database, { path, to: next, erasedAmong });
      await writable(path, () => rename(next, path));
      rewritten++;
    });
  }
  return rewritten;
}

/** Finished features that are read instead of logs. */
export interface LogFeatures {
  /** Absolute paths of their files. */
  readonly files: readonly string[];
  readonly report: RowReport;
  /** Creates the view `subscribers` of `summariseLogs`. */
  join(database: Database): Promise<Joined>;
}

/**
 * Opens the finished features of these logs.
 *
 * @throws ERR_SOURCE_NOT_FOUND the folder has none, ERR_CLUSTER_INPUTS_DIFFER they are of other logs
 */
export async function openLogFeatures(folder: string, logs: LogSources): Promise<LogFeatures> {
  const found = await readManifest(folder);
  if (found.logs !== (await fingerprintLogs(logs))) {
    throw new LookalikeError(
      "ERR_CLUSTER_INPUTS_DIFFER",
      `Expected features of the campaign's logs in ${folder} but received those of other or older files`,
      { hint: "Run `lookalike cluster plan --logs`, its workers and `cluster merge` again." },
    );
  }
  const files = found.files.map((name) => resolve(folder, name));
  return {
    files,
    report: reportOf(found),
    async join(database) {
      await viewFiles(database, "subscribers", files);
      const candidates = found.columns.map((column, i) => ({ ...column, sql: `s${i}` }));
      return { table: "subscribers", candidates };
    },
  };
}

async function readManifest(folder: string): Promise<Manifest> {
  try {
    return manifest.parse(JSON.parse(await readFile(join(folder, MANIFEST), "utf8")));
  } catch (cause) {
    throw new LookalikeError(
      "ERR_SOURCE_NOT_FOUND",
      `Expected finished features of logs in ${folder}: ${reason(cause)}`,
      { hint: "Name the --out folder of `lookalike cluster merge` of a run planned with --logs.", cause },
    );
  }
}

function reportOf({ read, malformed, invalid, warnings }: Manifest): RowReport {
  const ledger = openLedger();
  ledger.warn(warnings);
  ledger.count(read);
  ledger.refuseMany("ERR_ROW_MALFORMED", malformed);
  ledger.refuseMany("ERR_ROW_VALUE_INVALID", invalid);
  return ledger.report;
}
