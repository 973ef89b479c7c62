import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import {
  type Cluster,
  mergeRun,
  openCluster,
  planCustomers,
  statusOf,
  work,
} from "../../src/cluster/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { startDatabase, type TestDatabase } from "./postgres.ts";
import { contentsOf, NOW, openStage, type Stage, type StageOptions } from "./stage.ts";

let database: TestDatabase;

beforeAll(async () => {
  database = await startDatabase();
});

afterAll(async () => {
  await database.stop();
});

async function open(): Promise<Cluster> {
  const cluster = await openCluster(database.url);
  onTestFinished(() => cluster.close());
  return cluster;
}

async function stageOf(options?: StageOptions): Promise<Stage> {
  const stage = await openStage(options);
  onTestFinished(() => stage.remove());
  return stage;
}

async function plan(cluster: Cluster, stage: Stage, shardSize: number) {
  const opened = await stage.open();
  try {
    return await planCustomers(cluster, opened, { data: stage.data, shardSize, now: NOW });
  } finally {
    await opened.close();
  }
}

async function workAll(runId: string, workers: number): Promise<number[]> {
  const names = Array.from({ length: workers }, (_, i) => `worker ${i}`);
  return Promise.all(
    names.map(async (name) => {
      const cluster = await openCluster(database.url);
      const options = { name, runId, engine: createFakeEngine(), untilDone: true, pollMs: 20, now: NOW };
      const report = await work(cluster, options).finally(() => cluster.close());
      expect(report).toMatchObject({ failed: 0, fenced: 0 });
      return report.committed;
    }),
  );
}

async function merge(cluster: Cluster, stage: Stage, runId: string, out: string) {
  const opened = await stage.open();
  try {
    const run = await cluster.runs.find(runId);
    return await mergeRun(cluster, run, opened, { out: join(stage.folder, out) });
  } finally {
    await opened.close();
  }
}

describe("a run on many machines", () => {
  it("comes to the files of a run on one, for one worker and for three", async () => {
    const stage = await stageOf({ customers: 20 });
    await stage.generate("one");
    const cluster = await open();
    for (const [workers, shardSize] of [
      [1, 100],
      [3, 4],
    ] as const) {
      const { run } = await plan(cluster, stage, shardSize);
      const committed = await workAll(run.id, workers);
      expect(committed.reduce((sum, n) => sum + n)).toBe(Math.ceil(20 / shardSize));
      const report = await merge(cluster, stage, run.id, `many-${workers}`);
      expect([report.decisions, report.rows.refused, report.done]).toEqual([20, 2, 22]);
      expect(contentsOf(join(stage.folder, `many-${workers}`))).toEqual(
        contentsOf(join(stage.folder, "one")),
      );
    }
  });

  it("shares out budgets as a run on one machine does", async () => {
    const edits = [
      ["    margin: 100\n", "    margin: 100\n    cost: 3\n    budget: 9\n"],
      ["policy:\n", "policy:\n  max_spend: 20\n  holdout: 0.1\n"],
    ] as const;
    const stage = await stageOf({ customers: 20, edits });
    await stage.generate("one");
    const cluster = await open();
    const { run } = await plan(cluster, stage, 3);
    await workAll(run.id, 2);
    const { phases } = await statusOf(cluster.postgres, run);
    expect(phases.map(({ name, shards, done }) => [name, shards, done])).toEqual([
      ["weigh", 7, 7],
      ["share", 1, 1],
      ["decide", 7, 7],
    ]);
    await merge(cluster, stage, run.id, "many");
    expect(contentsOf(join(stage.folder, "many"))).toEqual(contentsOf(join(stage.folder, "one")));
  });

  it("reads finished features of calls from Parquet, in the order of the file", async () => {
    const edits = [
      ["customers: { path: customers.csv", "customers: { path: customers.parquet"],
      ["    margin: 100\n", "    margin: 100\n    eligible: calls_per_month > 12\n"],
    ] as const;
    const stage = await stageOf({ customers: 15, edits, parquet: true });
    await stage.generate("one");
    const cluster = await open();
    const { run } = await plan(cluster, stage, 4);
    await workAll(run.id, 2);
    await merge(cluster, stage, run.id, "many");
    expect(contentsOf(join(stage.folder, "many"))).toEqual(contentsOf(join(stage.folder, "one")));
  });

  it("goes on with the same inputs, and is not merged before it is done", async () => {
    const stage = await stageOf({ customers: 20 });
    const cluster = await open();
    const first = await plan(cluster, stage, 10);
    const again = await plan(cluster, stage, 10);
    expect([first.isResumed, again.isResumed, again.run.id]).toEqual([false, true, first.run.id]);
    await expect(merge(cluster, stage, first.run.id, "many")).rejects.toMatchObject({
      code: "ERR_CLUSTER_UNFINISHED",
    });
    await expect(cluster.runs.find("customers-none")).rejects.toMatchObject({
      code: "ERR_CLUSTER_RUN_UNKNOWN",
    });
  });

  it("finds the next of many shards by an index, from the start", async () => {
    const cluster = await open();
    const planned = { kind: "photos", fingerprint: "many", data: "/none", leaseSeconds: 60 } as const;
    const run = await cluster.runs.create(planned);
    onTestFinished(() => cluster.runs.remove(run.id));
    await cluster.runs.start(run.id, {}, [{ name: "index", shards: 600 }]);
    await cluster.shards.advance(run);
    // What pg-boss sends to take a job.
    const plan = await cluster.postgres.query(
      `EXPLAIN SELECT id FROM lookalike_queue.job WHERE name = $1 AND state < 'active' AND start_after < now()
       ORDER BY created_on, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
      [`run-${run.id}`],
    );
    const text = plan.map((row) => Object.values(row).join()).join("\n");
    expect(text).toMatch(/Index Scan using \w*created_on_id_idx/);
    expect(text).not.toContain("Sort");
  });
});
