import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  type Cluster,
  eraseFromRuns,
  mergeLogsRun,
  mergeRun,
  openCluster,
  planCustomers,
  planLogRun,
  work,
} from "../../src/cluster/index.ts";
import { createRandom } from "../../src/core/index.ts";
import { type Customers, type CustomersOptions, openCustomers } from "../../src/customers/index.ts";
import { openDatabase } from "../../src/io/duckdb/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { endLeases, startDatabase, type TestDatabase } from "./postgres.ts";
import { contentsOf, NOW, openStage, type Stage } from "./stage.ts";

let database: TestDatabase;
let cluster: Cluster;
let stage: Stage;
let logs: CustomersOptions;
/** The features of `logs`, in three partitions, without the person c15. */
let features: string;
let summary: Awaited<ReturnType<typeof summarise>>;

beforeAll(async () => {
  database = await startDatabase();
  cluster = await openCluster(database.url);
  stage = await openStage({ customers: 12 });
  logs = await writeLogs(stage.folder);
  features = join(stage.folder, "features");
  summary = await summarise(logs, { partitions: 3, out: features });
});

afterAll(async () => {
  stage.remove();
  await cluster.close();
  await database.stop();
});

const CALLS = "caller_id,callee_id,started_at,duration_s,device_manufacturer,device_model";
const MAKERS = ["Apple", " apple ", "Samsung", "samsung electronics", "Nokia", ""];
const erased = { erasedAmong: (ids: readonly string[]) => new Set(ids.filter((id) => id === "c15")) };

/** Calls of 16 people over half a year: handsets change, some times and durations are missing. */
function callLines(prefix: string, seed: number): string[] {
  const random = createRandom(seed);
  const below = (n: number) => Math.floor(random() * n);
  return Array.from({ length: 160 }, () => {
    const [caller, month] = [below(16), below(6) + 1];
    const handset = MAKERS[(caller + (month > 3 ? below(2) : 0)) % MAKERS.length];
    const time = `2026-0${month}-${String(below(27) + 1).padStart(2, "0")} ${String(below(24)).padStart(2, "0")}:15`;
    const seconds = below(9) === 0 ? -1 : below(600);
    return `${prefix}${caller},${prefix}${below(18)},${time},${seconds},${handset},m${below(2)}`;
  });
}

async function toParquet(csv: string, parquet: string, columns: string): Promise<void> {
  rmSync(parquet, { force: true });
  const files = await openDatabase({ files: [csv, parquet] });
  const rows = `SELECT ${columns} FROM read_csv('${csv}', all_varchar = true)`;
  await files.run(`COPY (${rows}) TO '${parquet}' (FORMAT parquet)`).finally(() => files.close());
}

/** Logs in several files and formats, with rows of every kind that is rejected, and with repeated records. */
async function writeLogs(folder: string): Promise<CustomersOptions> {
  mkdirSync(join(folder, "calls"), { recursive: true });
  const [first, second, third] = [1, 2, 3].map((seed) => callLines("c", seed));
  const bad = [
    "c1,c2,,5,,",
    ",c2,2026-02-01 10:00,5,,",
    "c1,c2,2026-02-01 10:00,5,,,x",
    "c1,c2,1970-01-01 00:00,5,,",
  ];
  writeFileSync(join(folder, "calls", "a.csv"), [CALLS, ...(first ?? []), ...bad].join("\n"));
  writeFileSync(join(folder, "calls", "b.csv"), [CALLS, ...(second ?? []), ...(first ?? [])].join("\n"));
  const text = join(folder, "third.csv");
  writeFileSync(text, [CALLS, ...(third ?? [])].join("\n"));
  const parquet = join(folder, "calls", "c.parquet");
  await toParquet(text, parquet, "*");
  const usage = [3, 5, 20].map((who) => `c${who},2026-0${1 + (who % 6)}-03,${who * 1e6}`);
  writeFileSync(join(folder, "usage.csv"), ["subscriber_id,at,bytes", ...usage].join("\n"));
  return {
    customers: { source: join(folder, "customers.csv") },
    calls: { source: join(folder, "calls") },
    usage: { source: join(folder, "usage.csv") },
  };
}

async function summarise(sources: CustomersOptions, { partitions = 1, out = "" }) {
  const planned = { sources, data: stage.data, partitions };
  const { run } = await planLogRun(cluster, planned);
  const { isResumed } = await planLogRun(cluster, planned);
  const late = await cluster.shards.take(run, "late");
  if (late === null) throw new Error("no shard");
  await endLeases(cluster, run.id);
  const reports = await Promise.all(
    ["a", "b"].map((name) => work(cluster, { name, runId: run.id, untilDone: true, pollMs: 20, now: NOW })),
  );
  const fenced = await cluster.shards.commit(late, { files: [], rows: 1, consents: null });
  const merged = await mergeLogsRun(cluster, run, { out, consents: erased });
  return { run, isResumed, reports, fenced, merged };
}

/** Everything that a reader of the customers gives, and what it says of the logs. */
async function readAll(options: CustomersOptions) {
  const customers = await openCustomers(options);
  try {
    const reader = await customers.read({ now: NOW() });
    const batches = [];
    for await (const batch of reader) batches.push({ ids: batch.ids, table: batch.table });
    const { read, refused, refusedByCode, warnings } = customers.logReport ?? {};
    return { features: reader.features, batches, read, refused, refusedByCode, warnings };
  } finally {
    await customers.close();
  }
}

async function idsOf(folder: string): Promise<unknown[]> {
  const names = readdirSync(folder).filter((name) => name.endsWith(".parquet"));
  const paths = names.map((name) => join(folder, name));
  const files = await openDatabase({ files: paths });
  const list = paths.map((path) => `'${path}'`).join(", ");
  const rows = await files.all(`SELECT id FROM read_parquet([${list}])`).finally(() => files.close());
  return rows.map(({ id }) => id);
}

describe("features of logs in parts", () => {
  it("equal those of one machine, and a shard that is done twice counts once", async () => {
    const one = await readAll(logs);
    // The logs are a hard case: rows are rejected in two ways, and records are repeated.
    const refusedByCode = { ERR_ROW_MALFORMED: 1, ERR_ROW_VALUE_INVALID: 3 };
    expect(one).toMatchObject({ refused: 4, refusedByCode });
    expect(one.warnings?.map(({ message }) => message).join()).toMatch(/call log once/);
    expect(one.features.join()).toMatch(/contact_share_apple.*data_mb/);
    expect(await readAll({ ...logs, logFeatures: features })).toEqual(one);
    const { run, reports, ...rest } = summary;
    // 16 callers and one person with usage alone, without the one who was erased.
    const merged = { read: one.read, refused: 4, subscribers: 16 };
    expect(rest).toEqual({ isResumed: true, fenced: "fenced", merged });
    for (const report of reports) expect(report).toMatchObject({ failed: 0, fenced: 0 });
    // Four files, and three partitions in three steps.
    expect(reports.reduce((sum, { committed }) => sum + committed, 0)).toBe(4 + 3 * 3);
    expect(readdirSync(stage.data)).not.toContain(run.id);
  });

  it("equal those of one machine for whole numbers as ids and times in another form", async () => {
    const folder = join(stage.folder, "numbers");
    mkdirSync(folder);
    const lines = callLines("", 4).map((line) => line.replace(/(\d{4})-(\d\d)-(\d\d)/, "$3/$2/$1"));
    const [text, calls] = [join(folder, "calls.csv"), join(folder, "calls.parquet")];
    writeFileSync(text, [CALLS, ...lines].join("\n"));
    const ids = Array.from({ length: 18 }, (_, i) => i);
    writeFileSync(join(folder, "crm.csv"), `customer_id\n${ids.join("\n")}\n`);
    const columns = "caller_id::INTEGER AS caller_id, callee_id::BIGINT AS callee_id";
    await toParquet(text, calls, `${columns}, * EXCLUDE (caller_id, callee_id)`);
    const own = { customers: { source: join(folder, "crm.csv") }, calls: { source: calls } };
    const out = join(folder, "features");
    await summarise(own, { out });
    expect(await readAll({ ...own, logFeatures: out })).toEqual(await readAll(own));
  });

  it("are those of these logs, cannot be trained on, and lose a person who is erased", async () => {
    const customers: Customers = await openCustomers({ ...logs, logFeatures: features });
    onTestFinished(() => customers.close());
    const invalid = { code: "ERR_OPTION_INVALID" };
    await expect(customers.transitions()).rejects.toMatchObject(invalid);
    const network = { people: [] };
    await expect(openCustomers({ ...logs, logFeatures: features, network })).rejects.toMatchObject(invalid);
    await expect(planLogRun(cluster, { sources: {}, data: stage.data })).rejects.toMatchObject(invalid);
    await expect(openCustomers({ ...logs, logFeatures: stage.folder })).rejects.toMatchObject({
      code: "ERR_SOURCE_NOT_FOUND",
    });
    const other = { ...logs, manufacturers: { Nokia: "HMD" }, logFeatures: features };
    await expect(openCustomers(other)).rejects.toMatchObject({ code: "ERR_CLUSTER_INPUTS_DIFFER" });
    expect(await idsOf(features)).toContain("c13");
    expect(await eraseFromRuns(cluster, " c13", null)).toEqual({ runs: [summary.run.id], files: 1 });
    expect(await idsOf(features)).not.toContain("c13");
    expect(await idsOf(features)).toHaveLength(15);
  });

  it("give the decisions of a run on one machine", async () => {
    const text = readFileSync(stage.campaign, "utf8");
    const edited = text
      .replace("inputs:\n", "inputs:\n  calls: { path: calls }\n  usage: { path: usage.csv }\n")
      .replace("    margin: 100\n", "    margin: 100\n    eligible: contacts > 9\n");
    writeFileSync(stage.campaign, edited);
    await stage.generate("one");
    await using opened = await stage.open();
    const options = { data: stage.data, shardSize: 5, features, now: NOW };
    const { run } = await planCustomers(cluster, opened, options);
    await work(cluster, { name: "w", runId: run.id, engine: createFakeEngine(), untilDone: true, now: NOW });
    await mergeRun(cluster, run, opened, { out: join(stage.folder, "many") });
    expect(contentsOf(join(stage.folder, "many"))).toEqual(contentsOf(join(stage.folder, "one")));
  });
});
