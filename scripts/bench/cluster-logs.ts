import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import {
  addCounted,
  addScattered,
  addSummaries,
  countPart,
  featuresOfPart,
  openCustomers,
  planLogs,
  type StepOptions,
  scatterLog,
  summarisePart,
} from "../../src/customers/index.ts";
import { openDatabase } from "../../src/io/duckdb/index.ts";

/**
 * Processor time of the features of a call log, on one machine and by step in hash partitions, without queue and commits.
 *
 *     tsx scripts/bench/cluster-logs.ts [--calls 10000000] [--files 10] [--partitions 10] [--subscribers 200000]
 */
const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "10000000" },
    files: { type: "string", default: "10" },
    partitions: { type: "string", default: "10" },
    subscribers: { type: "string", default: "200000" },
  },
});
const [calls, files, partitions] = [values.calls, values.files, values.partitions].map(Number);
if (calls === undefined || files === undefined) throw new RangeError("no numbers");
const work = mkdtempSync(join(tmpdir(), "lookalike-cluster-logs-"));
const logs = join(work, "calls");
const table: Record<string, Record<string, string>> = {};

async function timed<T>(name: string, action: () => Promise<T>): Promise<T> {
  const [before, startedAt] = [process.cpuUsage(), performance.now()];
  const result = await action();
  const { user, system } = process.cpuUsage(before);
  const seconds = (user + system) / 1e6;
  table[name] = {
    "processor s": seconds.toFixed(1),
    "processor s per 100 M calls": ((seconds * 1e8) / (calls ?? 1)).toFixed(0),
    "wall s": ((performance.now() - startedAt) / 1000).toFixed(1),
  };
  return result;
}

/** Calls of half a year; a subscriber has one handset in each quarter. */
async function writeCalls(): Promise<void> {
  mkdirSync(logs);
  const paths = Array.from({ length: files ?? 1 }, (_, i) => join(logs, `${i}.parquet`));
  const database = await openDatabase({ files: paths });
  const n = values.subscribers;
  for (const [i, path] of paths.entries()) {
    await database.run(`COPY (SELECT (hash(i, 1) % ${n})::BIGINT AS caller_id,
        ((hash(i, 1) % ${n} + hash(i, 2) % 40 * 17) % ${n})::BIGINT AS callee_id,
        TIMESTAMP '2026-01-01' + to_seconds((hash(i, 3) % 15552000)::BIGINT) AS started_at, (hash(i, 4) % 600)::INTEGER AS duration_s,
        ['Apple', 'Samsung', 'Xiaomi', 'Nokia'][1 + ((hash(i, 1) % ${n}) % 4)::INTEGER] AS device_manufacturer, 'm' AS device_model
      FROM range(${i} * 1000000000::BIGINT, ${i} * 1000000000::BIGINT + ${Math.floor((calls ?? 0) / (files ?? 1))}) t(i)) TO '${path}' (FORMAT parquet)`);
  }
  await database.close();
}

/** Runs the parts of a step, and keeps their files below a folder. */
async function stepOf<T>(
  name: string,
  parts: number,
  part: (number: number, options: StepOptions) => Promise<T>,
) {
  return timed(name, async () => {
    const stats: T[] = [];
    for (let number = 0; number < parts; number++) {
      const keep = async (file: string, path: string) => {
        const to = join(work, name, String(number), file);
        mkdirSync(dirname(to), { recursive: true });
        copyFileSync(path, to);
      };
      stats.push(await part(number, { keep }));
    }
    return stats;
  });
}

function filesOf(step: string, isWanted: (name: string) => boolean): string[] {
  const names = readdirSync(join(work, step), { recursive: true, encoding: "utf8" });
  return names.filter(isWanted).map((name) => join(work, step, name));
}

try {
  await writeCalls();
  const crm = join(work, "crm.csv");
  writeFileSync(crm, "customer_id\n1\n2\n");
  await timed("one machine", async () => {
    await (await openCustomers({ customers: { source: crm }, calls: { source: logs } })).close();
  });
  const plan = await timed("plan", () => planLogs({ calls: { source: logs }, partitions }));
  const log = addScattered(
    await stepOf("scatter", plan.files.length, (i, options) => scatterLog(plan, i, options)),
  );
  const eventsOf = (i: number) => ({
    calls: filesOf("scatter", (name) => name.includes(`/calls/${i}/`) && name.endsWith(".parquet")),
    usage: [],
  });
  const counts = await stepOf("count", plan.partitions, (i, options) =>
    countPart(plan, { events: eventsOf(i), log }, options),
  );
  const counted = addCounted(log, counts);
  const summaries = await stepOf("summarise", plan.partitions, (i, options) =>
    summarisePart(plan, { events: eventsOf(i), log, counted }, options),
  );
  const summary = addSummaries(summaries);
  await stepOf("contacts", plan.partitions, (i, options) => {
    const own = (table: string) => [join(work, "summarise", String(i), `${table}.parquet`)];
    const devices = filesOf("summarise", (name) => name.endsWith("devices.parquet"));
    const named = { pairs: own("pairs"), volumes: own("volumes"), devices };
    return featuresOfPart(plan, { files: named, counted, summary }, options);
  });
  console.table(table);
  for (const step of ["calls", "scatter", "summarise"]) {
    const bytes = filesOf(step, (name) => name.endsWith(".parquet")).reduce(
      (sum, path) => sum + statSync(path).size,
      0,
    );
    console.log(`${step}: ${((bytes * 100) / calls).toFixed(0)} bytes per 100 calls`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
