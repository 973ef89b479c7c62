import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openCluster } from "../../src/cluster/index.ts";
import { openPostgres } from "../../src/io/postgres/index.ts";
import { startDatabase } from "../../test/cluster/postgres.ts";

/**
 * What the queue and the commits of a run on many machines cost: shards are planned by the hundred thousand, and workers
 * by the thousand take shards that only sleep. The work itself is measured elsewhere (`bench:faces`, `scripts/long-runs`).
 *
 *     tsx scripts/bench/cluster.ts [--planned 100000] [--shards 4000] [--workers 1000] [--seconds 5] [--connections 20]
 *
 * It starts a PostgreSQL of its own, or uses LOOKALIKE_TEST_DATABASE.
 */
const { values } = parseArgs({
  options: {
    planned: { type: "string", default: "100000" },
    shards: { type: "string", default: "4000" },
    workers: { type: "string", default: "1000" },
    seconds: { type: "string", default: "5" },
    connections: { type: "string", default: "20" },
  },
});
const [planned, shards, workers] = [values.planned, values.shards, values.workers].map(Number) as [
  number,
  number,
  number,
];
const seconds = Number(values.seconds);
/** Shards that one worker takes while all others wait in the queue. */
const ALONE = 300;

const database = await startDatabase();
try {
  const cluster = await openCluster(database.url, { connections: Number(values.connections) });
  const start = async (name: string, count: number) => {
    const run = await cluster.runs.create({
      kind: "photos",
      fingerprint: name,
      data: "/none",
      leaseSeconds: 900,
    });
    await cluster.runs.start(run.id, {}, [{ name: "sleep", shards: count }]);
    await cluster.shards.advance(run);
    return cluster.runs.find(run.id);
  };

  const before = performance.now();
  const waiting = await start("planned", planned);
  const planSeconds = (performance.now() - before) / 1000;
  const alone: number[] = [];
  for (let i = 0; i < Math.min(ALONE, planned); i++) {
    const takenAt = performance.now();
    const attempt = await cluster.shards.take(waiting, "alone");
    if (attempt !== null) await cluster.shards.commit(attempt, { files: [], rows: 1, consents: null });
    alone.push(performance.now() - takenAt);
  }

  const run = await start("slept", shards);
  const overheads: number[] = [];
  const processorBefore = process.cpuUsage();
  const startedAt = performance.now();
  const worker = async (name: string) => {
    for (;;) {
      const takenAt = performance.now();
      const attempt = await cluster.shards.take(run, name);
      if (attempt === null) return;
      const sleptAt = performance.now();
      await sleep(seconds * 1000 * (0.8 + 0.4 * Math.random()));
      const wokenAt = performance.now();
      await cluster.shards.commit(attempt, { files: [], rows: 1, consents: null });
      overheads.push((sleptAt - takenAt + (performance.now() - wokenAt)) / 1000);
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, i) => worker(`w${i}`)));
  const wall = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(processorBefore);
  const ordered = overheads.toSorted((a, b) => a - b);
  const at = (share: number) => ordered[Math.floor(share * (ordered.length - 1))] ?? 0;
  const postgres = await openPostgres(database.url);
  const [size] = await postgres.query("SELECT pg_database_size(current_database()) AS bytes");
  await postgres.close();
  console.table({
    "shards planned": { value: planned, unit: "" },
    "time to plan": { value: planSeconds.toFixed(1), unit: "s" },
    "take and commit, one worker, all shards waiting, median": {
      value: alone.toSorted((a, b) => a - b)[Math.floor(alone.length / 2)]?.toFixed(1) ?? "",
      unit: "ms",
    },
    workers: { value: workers, unit: "" },
    "shards slept": { value: overheads.length, unit: `of ${shards}` },
    "wall time": { value: wall.toFixed(1), unit: "s" },
    "commits a second": { value: (overheads.length / wall).toFixed(0), unit: "1/s" },
    "take and commit, median": { value: (1000 * at(0.5)).toFixed(1), unit: "ms" },
    "take and commit, 95 %": { value: (1000 * at(0.95)).toFixed(1), unit: "ms" },
    "median share of a shard": { value: ((100 * at(0.5)) / (seconds + at(0.5))).toFixed(2), unit: "%" },
    "processor time a shard": { value: ((user + system) / 1000 / overheads.length).toFixed(2), unit: "ms" },
    database: { value: (Number(size?.bytes) / 1e6).toFixed(0), unit: "MB" },
  });
  if (overheads.length !== shards) process.exitCode = 1;
  await cluster.close();
} finally {
  await database.stop();
}
// The package that ran the server ends a process with status 0 where it is left to end by itself.
process.exit(process.exitCode);
