import { randomBytes } from "node:crypto";
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  type Cluster,
  eraseFromRuns,
  mergeRun,
  openCluster,
  planCustomers,
  type WorkerOptions,
  work,
} from "../../src/cluster/index.ts";
import type { Decision } from "../../src/handover/index.ts";
import { createFakeEngine } from "../gallery/fake-engine.ts";
import { endLeases, startDatabase, type TestDatabase } from "./postgres.ts";
import { contentsOf, NOW, openStage, type Stage } from "./stage.ts";

let database: TestDatabase;
let cluster: Cluster;
/** Its run on one machine is in `one`. */
let stage: Stage;

beforeAll(async () => {
  database = await startDatabase();
  cluster = await openCluster(database.url);
  stage = await openStage({ customers: 12 });
  await stage.generate("one");
});

beforeEach(() => stage.reset());

afterAll(async () => {
  stage.remove();
  await cluster.close();
  await database.stop();
});

async function plan(shardSize = 100) {
  await using opened = await stage.open();
  const { run } = await planCustomers(cluster, opened, { data: stage.data, shardSize, now: NOW });
  // The folder of its files goes with the stage.
  onTestFinished(() => cluster.runs.remove(run.id));
  return run;
}

function workOn(
  runId: string,
  onDecode: (photo: string) => void | Promise<void> = () => {},
  options: Pick<WorkerOptions, "renewMs"> = {},
) {
  const engine = createFakeEngine({ onDecode });
  return work(cluster, { name: "test", runId, engine, untilDone: true, pollMs: 20, now: NOW, ...options });
}

async function merge(runId: string, out = "many", { keep = false } = {}): Promise<Map<string, Decision>> {
  await using opened = await stage.open();
  await mergeRun(cluster, await cluster.runs.find(runId), opened, { out: join(stage.folder, out), keep });
  const lines = readFileSync(join(stage.folder, out, "decisions.jsonl"), "utf8")
    .trim()
    .split("\n");
  return new Map(lines.map((line) => JSON.parse(line)).map((decision) => [decision.customer_id, decision]));
}

const OUTPUT = { files: [], rows: 1, consents: null };

describe("an attempt whose lease is over", () => {
  it("writes nothing that counts, before another one has the shard and after", async () => {
    const run = await plan();
    const first = await cluster.shards.take(run, "first");
    if (first === null) throw new Error("no shard");
    expect(await cluster.shards.take(run, "second")).toBeNull();
    await endLeases(cluster, run.id);
    expect(await cluster.shards.renew(first, 900)).toBe(false);
    expect(await cluster.shards.commit(first, OUTPUT)).toBe("fenced");
    await cluster.shards.advance(run);
    const second = await cluster.shards.take(run, "second");
    if (second === null) throw new Error("no shard");
    expect(await cluster.shards.commit(first, OUTPUT)).toBe("fenced");
    expect(await cluster.shards.renew(first, 900)).toBe(false);
    expect(await cluster.shards.renew(second, 900)).toBe(true);
    // What a late attempt says of its failure concerns nobody.
    await cluster.shards.fail(first, "late");
    expect(await cluster.shards.commit(second, { ...OUTPUT, rows: 2 })).toBe("committed");
    // The connection was cut and nobody knows whether the commit got through: it may be sent again.
    expect(await cluster.shards.commit(second, { ...OUTPUT, rows: 2 })).toBe("committed");
    expect(await cluster.shards.commit(first, OUTPUT)).toBe("fenced");
    expect(await cluster.shards.outputs(run.id, 0)).toMatchObject([{ rows: 2, number: 0 }]);
    expect(await cluster.shards.isDone(run)).toBe(true);
  });

  it("leaves no file, when it wakes while another worker has done its shard", async () => {
    const run = await plan();
    let isAsleep = false;
    const whileItWorks = async () => {
      if (isAsleep) return;
      isAsleep = true;
      await endLeases(cluster, run.id);
      expect(await workOn(run.id)).toMatchObject({ committed: 1 });
    };
    // Its renewals after the end of the lease change nothing.
    const report = await workOn(run.id, whileItWorks, { renewMs: 5 });
    expect(report).toMatchObject({ committed: 0, fenced: 1, failed: 0 });
    expect(readdirSync(join(stage.data, run.id, "decide/0"))).toHaveLength(1);
    await merge(run.id);
    expect(contentsOf(join(stage.folder, "many"))).toEqual(contentsOf(join(stage.folder, "one")));
  });
});

describe("a shard that takes longer than its lease", () => {
  /** Seconds until the lease of the run's only shard ends, in the ledger and in the queue. */
  async function secondsLeft(runId: string): Promise<number[]> {
    const rows = await cluster.postgres.query(
      `SELECT extract(epoch FROM leased_until - clock_timestamp()) AS s FROM lookalike.shards WHERE run_id = $1
       UNION ALL SELECT extract(epoch FROM started_on + expire_in - clock_timestamp()) FROM lookalike_queue.job WHERE name = $2`,
      [runId, `run-${runId}`],
    );
    return rows.map(({ s }) => Number(s));
  }

  it("is done once, because its worker renews the lease", async () => {
    const run = await plan();
    const seen: unknown[] = [];
    const whileItWorks = async () => {
      if (seen.length > 0) return;
      seen.push(await secondsLeft(run.id));
      // 14 of 15 minutes have passed.
      await cluster.postgres.query(
        "UPDATE lookalike_queue.job SET started_on = started_on - interval '840 s' WHERE name = $1",
        [`run-${run.id}`],
      );
      await cluster.postgres.query(
        "UPDATE lookalike.shards SET leased_until = leased_until - interval '840 s' WHERE run_id = $1",
        [run.id],
      );
      await vi.waitUntil(async () => (await secondsLeft(run.id)).every((left) => left > 300), 60_000);
      await cluster.shards.advance(run);
      seen.push(await cluster.shards.take(run, "second"));
    };
    const report = await workOn(run.id, whileItWorks, { renewMs: 20 });
    expect(seen).toEqual([[expect.any(Number), expect.any(Number)], null]);
    expect(report).toMatchObject({ committed: 1, fenced: 0, failed: 0 });
    const attempts = "SELECT attempts FROM lookalike.shards WHERE run_id = $1";
    expect(await cluster.postgres.query(attempts, [run.id])).toEqual([{ attempts: 1 }]);
    await merge(run.id);
    expect(contentsOf(join(stage.folder, "many"))).toEqual(contentsOf(join(stage.folder, "one")));
  });
});

describe("people who go", () => {
  it.each(["a file", "PostgreSQL"])(
    "between lease and commit are not in the output, with the registry in %s",
    async (place) => {
      stage.reset(place === "a file" ? undefined : database.url);
      const run = await plan();
      let decoded = 0;
      const report = await workOn(run.id, async () => {
        if (++decoded !== 6) return;
        await using opened = await stage.open();
        opened.consents.withdraw("c0", { at: NOW() });
        opened.consents.erase("c1", NOW());
      });
      expect(report).toMatchObject({ committed: 1, fenced: 0, failed: 0 });
      expect(readdirSync(join(stage.data, run.id, "decide/0"))).toHaveLength(1);
      const decisions = await merge(run.id);
      expect(decisions.get("c0")?.photo).toMatchObject({ basis: "default", reason: "consent_withdrawn" });
      expect(decisions.get("c2")?.photo?.basis).toBe("lookalike");
      expect([decisions.has("c1"), decisions.size]).toEqual([false, 11]);
    },
  );

  it("leave the files of shards that are done, and of those that wait", async () => {
    const run = await plan(5);
    const engine = createFakeEngine();
    const stop = new AbortController();
    const onShard = () => stop.abort();
    const options = {
      name: "test",
      runId: run.id,
      engine,
      pollMs: 20,
      now: NOW,
      signal: stop.signal,
      onShard,
    };
    await expect(work(cluster, options)).rejects.toMatchObject({ code: "ERR_ABORTED" });
    {
      await using opened = await stage.open();
      for (const id of ["c0", "c6", "c11"]) {
        opened.consents.erase(id, NOW());
        expect((await eraseFromRuns(cluster, id, null)).runs).toEqual([run.id]);
      }
    }
    const files = readdirSync(join(stage.data, run.id), { recursive: true, encoding: "utf8" });
    const texts = files
      .filter((name) => name.endsWith(".jsonl"))
      .map((name) => readFileSync(join(stage.data, run.id, name), "utf8"));
    expect(texts.length).toBeGreaterThan(3);
    for (const text of texts) expect(text).not.toMatch(/"c(0|6|11)"/);
    await workOn(run.id);
    expect([...(await merge(run.id)).keys()]).toEqual([
      "c1",
      "c2",
      "c3",
      "c4",
      "c5",
      "c7",
      "c8",
      "c9",
      "c10",
    ]);
  });

  it("leave plans that were interrupted, attempts without a commit, creatives and files that were kept", async () => {
    const ids = ["c8", "c6"];
    const filesWith = (id: string) =>
      readdirSync(stage.data, { recursive: true, encoding: "utf8" }).filter(
        (name) => name.endsWith(".jsonl") && readFileSync(join(stage.data, name), "utf8").includes(`"${id}"`),
      );
    const erase = async (id: string) => {
      await using opened = await stage.open();
      opened.consents.erase(id, NOW());
      return eraseFromRuns(cluster, id, null);
    };
    const run = await plan();
    await workOn(run.id);
    // A worker that was killed before its commit, and a plan that was killed while it was written.
    const [first = ""] = readdirSync(join(stage.data, run.id, "decide/0"));
    const decided = readFileSync(join(stage.data, run.id, "decide/0", first), "utf8");
    writeFileSync(join(stage.data, run.id, "decide/0/killed-0.jsonl"), decided);
    const killed = await cluster.runs.create({
      ...{ kind: "customers", fingerprint: "killed", data: stage.data, leaseSeconds: 60 },
    });
    mkdirSync(join(stage.data, killed.id, "input"), { recursive: true });
    const [input = ""] = readdirSync(join(stage.data, run.id, "input"));
    const written = join(stage.data, killed.id, "input/0.jsonl");
    writeFileSync(written, readFileSync(join(stage.data, run.id, "input", input)));
    const drawn = () =>
      readdirSync(join(stage.data, run.id, "ads/creatives"), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".jpg"))
        .sort();
    const before = drawn();
    expect(filesWith("c8")).toHaveLength(4);
    expect((await erase("c8")).runs.toSorted()).toEqual([killed.id, run.id].toSorted());
    expect(filesWith("c8")).toEqual([]);
    // Its ad names its age, and nobody else is as old.
    expect(drawn().length).toBe(before.length - 1);
    await expect(cluster.runs.start(killed.id, {}, [])).rejects.toMatchObject({
      code: "ERR_CLUSTER_RUN_UNKNOWN",
    });
    {
      await using opened = await stage.open();
      const done = await cluster.runs.find(run.id);
      await mergeRun(cluster, done, opened, { out: join(stage.folder, "many"), keep: true });
    }
    expect(filesWith("c6")).not.toEqual([]);
    expect((await erase("c6")).runs).toEqual([run.id]);
    expect(ids.flatMap(filesWith)).toEqual([]);
  });

  it("at once are all gone", async () => {
    const run = await plan(100);
    await workOn(run.id);
    await using opened = await stage.open();
    const ids = ["c0", "c1", "c2", "c3"];
    for (const id of ids) opened.consents.erase(id, NOW());
    await Promise.all(ids.map((id) => eraseFromRuns(cluster, id, null)));
    expect([...(await merge(run.id)).keys()].filter((id) => ids.includes(id))).toEqual([]);
  });

  it("after the commit leave the merged run", async () => {
    const run = await plan(5);
    await workOn(run.id);
    {
      await using opened = await stage.open();
      opened.consents.erase("c7", NOW());
    }
    const decisions = await merge(run.id);
    expect([decisions.has("c7"), decisions.size]).toEqual([false, 11]);
    expect(readdirSync(stage.data)).not.toContain(run.id);
  });
});

describe("a run that was merged", () => {
  it("is not merged again over its result, unless its files were kept", async () => {
    const run = await plan();
    await workOn(run.id);
    await merge(run.id);
    const decisions = readFileSync(join(stage.folder, "many", "decisions.jsonl"));
    await expect(merge(run.id)).rejects.toMatchObject({ code: "ERR_CLUSTER_RUN_UNKNOWN" });
    expect(readFileSync(join(stage.folder, "many", "decisions.jsonl"))).toEqual(decisions);
    const kept = await plan();
    await workOn(kept.id);
    await merge(kept.id, "many", { keep: true });
    // Files of other programs in the folder are not read.
    writeFileSync(join(stage.data, kept.id, "audit", ".nfs0000"), "no journal");
    writeFileSync(join(stage.data, kept.id, "audit", "notes.jsonl"), "no journal\n");
    expect((await merge(kept.id)).size).toBe(12);
    expect(contentsOf(join(stage.folder, "many"))).toEqual(contentsOf(join(stage.folder, "one")));
  });
});

describe("a role", () => {
  /** The address of the database for a new role with these rights. */
  async function roleWith(...grants: string[]): Promise<string> {
    const name = `r_${randomBytes(6).toString("hex")}`;
    const { query } = cluster.postgres;
    await query(`CREATE ROLE ${name} LOGIN PASSWORD 'test'`);
    onTestFinished(async () => {
      await query(`DROP OWNED BY ${name}`);
      await query(`DROP ROLE ${name}`);
    });
    for (const grant of grants) await query(`GRANT ${grant} TO ${name}`);
    const url = new URL(database.url);
    url.username = name;
    url.password = "test";
    return url.href;
  }

  it("that may only read and write rows works on a planned run", async () => {
    stage.reset(database.url);
    const run = await plan();
    const schemas = ["lookalike", "lookalike_queue", "lookalike_consents"];
    const role = await roleWith(
      ...schemas.map((schema) => `USAGE ON SCHEMA ${schema}`),
      ...schemas.map((schema) => `SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema}`),
    );
    const limited = await openCluster(role);
    onTestFinished(() => limited.close());
    const engine = createFakeEngine();
    const options = { name: "limited", runId: run.id, engine, untilDone: true, pollMs: 20, now: NOW };
    expect(await work(limited, options)).toMatchObject({ committed: 1, failed: 0 });
  });

  it("without rights gets a coded error", async () => {
    const role = await roleWith();
    await expect(openCluster(role)).rejects.toMatchObject({ code: "ERR_POSTGRES_FAILED" });
  });
});

describe("a fault of", () => {
  it("a worker's disk ends that worker, and the shard goes to another", async () => {
    const run = await plan();
    const blocked = join(stage.data, run.id, "decide");
    mkdirSync(join(stage.data, run.id), { recursive: true });
    writeFileSync(blocked, "no folder");
    await expect(workOn(run.id)).rejects.toMatchObject({ code: "ERR_OUTPUT_UNWRITABLE" });
    rmSync(blocked);
    expect(await workOn(run.id)).toMatchObject({ committed: 1, failed: 0 });
  });

  it("a committed file is found when it is merged", async () => {
    const run = await plan();
    await workOn(run.id);
    const folder = join(stage.data, run.id, "decide/0");
    for (const name of readdirSync(folder)) appendFileSync(join(folder, name), "\n");
    await expect(merge(run.id)).rejects.toMatchObject({ code: "ERR_SHARD_DAMAGED" });
  });

  it("the campaign's files stops workers and merges that have others", async () => {
    const run = await plan();
    appendFileSync(stage.campaign, "# changed\n");
    await expect(workOn(run.id)).rejects.toMatchObject({ code: "ERR_CLUSTER_INPUTS_DIFFER" });
  });

  it("the database is waited for", async ({ skip }) => {
    if (database.restart === null) skip("the server is not ours");
    const run = await plan(5);
    let restarts = 0;
    await workOn(run.id, async () => {
      if (restarts++ === 0) await database.restart?.();
    });
    await merge(run.id);
    expect(contentsOf(join(stage.folder, "many"))).toEqual(contentsOf(join(stage.folder, "one")));
  });

  it("a statement and of an address has a code", async () => {
    await expect(cluster.postgres.query("SELEC 1")).rejects.toMatchObject({ code: "ERR_POSTGRES_FAILED" });
    await expect(openCluster("postgres://nobody:secret@127.0.0.1:1/none")).rejects.toMatchObject({
      code: "ERR_POSTGRES_UNREACHABLE",
      message: expect.not.stringContaining("secret"),
    });
    const planned = { kind: "photos", fingerprint: "long", data: "/none", leaseSeconds: 86_400 } as const;
    await expect(cluster.runs.create(planned)).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
    await expect(openCluster("mysql://host/none")).rejects.toMatchObject({ code: "ERR_OPTION_INVALID" });
  });
});
