import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { eraseFromRuns, mergeRun, openCluster, planCustomers, work } from "../../src/cluster/index.ts";
import { hashBytes } from "../../src/io/files.ts";
import { openSharedFolder } from "../../src/io/shared-files/index.ts";
import { startDatabase } from "../../test/cluster/postgres.ts";
import { NOW, openStage } from "../../test/cluster/stage.ts";
import { createFakeEngine } from "../../test/gallery/fake-engine.ts";

/**
 * Time and memory of the steps that one machine does alone with a finished run: `merge`, and the erasure of one person from the
 * shared files. The decisions of a small run are repeated under other ids until there are enough.
 *
 *     tsx --expose-gc scripts/bench/cluster-merge.ts [--customers 50000,200000,800000] [--shard 10000]
 */
const { values } = parseArgs({
  options: {
    customers: { type: "string", default: "50000,200000,800000" },
    shard: { type: "string", default: "10000" },
  },
});
const sizes = values.customers.split(",").map(Number);
const shardSize = Number(values.shard);
const SAMPLED_MS = 20;

const database = await startDatabase();
const stage = await openStage({ customers: 500 });
try {
  const cluster = await openCluster(database.url);
  const opened = await stage.open();
  const { run } = await planCustomers(cluster, opened, { data: stage.data, shardSize: 1000, now: NOW });
  await work(cluster, { name: "one", runId: run.id, engine: createFakeEngine(), untilDone: true, now: NOW });
  const files = openSharedFolder(stage.data);
  const [first] = await cluster.shards.outputs(run.id, 0);
  const lines = readFileSync(join(stage.data, first?.files[0]?.name ?? ""), "utf8")
    .split("\n")
    .filter(Boolean);

  /** Shard `number` with the decisions of others who are as those of the small run. */
  const addShard = async (number: number) => {
    const text = Array.from({ length: shardSize }, (_, i) => {
      const line = lines[i % lines.length] ?? "";
      return `${line.replace(/"customer_id":"/, `"customer_id":"${number}-${i}-`)}\n`;
    }).join("");
    const bytes = Buffer.from(text);
    const name = `${run.id}/decide/${number}/copy.jsonl`;
    await files.write(name, bytes);
    const output = {
      files: [{ name, sha256: hashBytes(bytes), bytes: bytes.length }],
      rows: shardSize,
      consents: null,
    };
    await cluster.postgres.query(
      `INSERT INTO lookalike.shards (run_id, phase, number, is_done, output) VALUES ($1, 0, $2, true, $3)
       ON CONFLICT (run_id, phase, number) DO UPDATE SET output = excluded.output`,
      [run.id, number, output],
    );
    return bytes.length;
  };

  const table: Record<string, Record<string, string>> = {};
  const measured = async (name: string, customers: number, action: () => Promise<unknown>) => {
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let most = before;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, SAMPLED_MS);
    const [usage, startedAt] = [process.cpuUsage(), performance.now()];
    await action();
    const { user, system } = process.cpuUsage(usage);
    clearInterval(timer);
    const seconds = (user + system) / 1e6;
    table[`${name}, ${customers} customers`] = {
      "processor s": seconds.toFixed(1),
      "wall s": ((performance.now() - startedAt) / 1000).toFixed(1),
      "customers per processor s": (customers / seconds).toFixed(0),
      "memory before, MB": (before / 1e6).toFixed(0),
      "most memory, MB": (most / 1e6).toFixed(0),
    };
  };

  let shards = 0;
  let bytes = 0;
  for (const size of sizes) {
    for (; shards * shardSize < size; shards++) bytes += await addShard(shards);
    const out = join(stage.folder, "merged");
    const customers = shards * shardSize;
    await measured("merge", customers, () => mergeRun(cluster, run, opened, { out, keep: true }));
    rmSync(out, { recursive: true });
    await measured("erase", customers, () => eraseFromRuns(cluster, "0-0-c0", null));
  }
  console.table(table);
  console.log(`${(bytes / shards / shardSize).toFixed(0)} bytes of shared files per customer`);
  await opened.close();
  await cluster.close();
} finally {
  stage.remove();
  await database.stop();
}
// The package that ran the server ends a process with status 0 where it is left to end by itself.
process.exit(process.exitCode);
