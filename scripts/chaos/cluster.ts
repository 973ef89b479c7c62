import { type ChildProcess, execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { eraseFromRuns, mergeRun, openCluster, planCustomers } from "../../src/cluster/index.ts";
import { createRandom } from "../../src/core/index.ts";
import { isPassing } from "../../src/io/postgres/index.ts";
import { endLeases, startDatabase } from "../../test/cluster/postgres.ts";
import { NOW, openStage } from "../../test/cluster/stage.ts";
import { committedIds, createPeople, shardsWith } from "./cluster-people.ts";

/**
 * Shares a run out to worker processes and does to them what a bad day does: kill -9, SIGSTOP for longer than the lease,
 * clocks an hour apart, a restart of the database, connections that are cut, a disk that is full for one worker, leases
 * that end while two workers are on one shard, and people who withdraw or are erased meanwhile. In the end the merged run
 * must be that of one machine, but for those people: every customer once, no shard lost.
 *
 *     tsx scripts/chaos/cluster.ts [--faults 30] [--seconds 600] [--workers 3] [--customers 400] [--seed 1] [--postgres]
 */
const { values } = parseArgs({
  options: {
    faults: { type: "string", default: "30" },
    seconds: { type: "string", default: "600" },
    workers: { type: "string", default: "3" },
    customers: { type: "string", default: "400" },
    seed: { type: "string", default: "1" },
    // The consent registry in PostgreSQL instead of a file.
    postgres: { type: "boolean", default: false },
  },
});
const LEASE_SECONDS = 3;
const random = createRandom(Number(values.seed));
const counts: Record<string, number> = {};

const database = await startDatabase();
const stage = await openStage({ customers: Number(values.customers) });
const full = mountFullDisk(join(stage.folder, "full"));
try {
  if (values.postgres) stage.reset(database.url);
  await stage.generate("one");
  const cluster = await openCluster(database.url);
  const opened = await stage.open();
  const { run } = await planCustomers(cluster, opened, {
    data: stage.data,
    shardSize: 4,
    leaseSeconds: LEASE_SECONDS,
    now: NOW,
  });
  // One worker writes to a disk that is full: it sees the run's inputs and galleries, and can write nothing.
  if (full !== null) {
    mkdirSync(join(full, run.id));
    const planned = readdirSync(join(stage.data, run.id));
    for (const name of new Set([...planned, "ads"])) {
      symlinkSync(join(stage.data, run.id, name), join(full, run.id, name));
    }
    writeFileSync(join(full, "fill"), Buffer.alloc(4096));
  }
  let alive: ChildProcess[] = [];
  let started = 0;
  const start = (data = stage.data) => {
    const name = `w${started++}`;
    const hours = String((started % 3) - 1);
    const child = fork(
      join(import.meta.dirname, "cluster-worker.ts"),
      [database.url, run.id, name, hours, data],
      {
        execArgv: ["--import", "tsx"],
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      },
    );
    child.on("exit", () => {
      alive = alive.filter((other) => other !== child);
    });
    alive.push(child);
    return child;
  };
  const pick = () => alive[Math.floor(random() * alive.length)];
  const faults: Record<string, () => Promise<void>> = {
    kill: async () => void pick()?.kill("SIGKILL"),
    stop: async () => {
      const child = pick();
      child?.kill("SIGSTOP");
      await sleep(1000 * (LEASE_SECONDS + 1));
      child?.kill("SIGCONT");
    },
    cut: async () => {
      await cluster.postgres.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'lookalike%' AND pid <> pg_backend_pid()",
      );
    },
    restart: async () => void (await database.restart?.()),
    disk: async () => {
      if (full !== null) start(full);
    },
  };
  /** The registry's version after each withdrawal. */
  const left = new Map<string, { readonly version: number; readonly at: string }>();
  const people = createPeople(Number(values.customers), random);
  Object.assign(faults, {
    // Two workers on one shard: the leases of all are over, and idle workers get the shards of busy ones.
    double: () => endLeases(cluster, run.id),
    async withdraw() {
      const id = people.next();
      opened.consents.withdraw(id, { at: new Date(NOW().getTime() - 7_200_000) });
      left.set(id, { version: opened.consents.version, at: new Date().toISOString() });
      people.withdrawn.set(id, "maybe");
      const decided = await committedIds(cluster, run.id);
      if (!decided.has(id)) people.withdrawn.set(id, "must");
    },
    async erase() {
      const id = people.next();
      opened.consents.erase(id, NOW());
      people.erased.add(id);
      await eraseFromRuns(cluster, id, null);
    },
  });
  const names = Object.keys(faults);
  const endsAt = performance.now() + 1000 * Number(values.seconds);
  const isDone = () =>
    cluster.shards.isDone(run).catch((error: unknown) => {
      if (isPassing(error)) return false;
      throw error;
    });
  for (
    let fault = 0;
    fault < Number(values.faults) && performance.now() < endsAt && !(await isDone());
    fault++
  ) {
    while (alive.length < Number(values.workers)) start();
    await sleep(100 + 500 * random());
    const name = names[Math.floor(random() * names.length)] ?? "kill";
    counts[name] = (counts[name] ?? 0) + 1;
    await faults[name]?.().catch((error: unknown) => {
      if (!isPassing(error)) throw error;
    });
  }
  while (!(await isDone())) {
    while (alive.length < Number(values.workers)) start();
    await sleep(500);
  }
  await Promise.all(alive.map((child) => (child.exitCode === null ? once(child, "exit") : null)));
  const [repeats] = await cluster.postgres.query(
    "SELECT sum(attempts - 1)::int AS n, count(*)::int AS shards FROM lookalike.shards WHERE run_id = $1",
    [run.id],
  );
  await mergeRun(cluster, run, opened, { out: join(stage.folder, "many"), keep: true });
  const { status } = opened.audit.verify();
  if (status !== "intact") console.log(`The audit log is ${status}.`);
  const { isSame, ids } = people.compare(linesOf("one"), linesOf("many"));
  for (const id of ids) {
    const standing = opened.consents.standing(id);
    console.log(id, left.get(id), standing, ...(await shardsWith(cluster, run.id, [id])));
  }
  await opened.close();
  await cluster.close();
  const same = status === "intact" && isSame;
  console.table({ ...counts, shards: repeats?.shards, repeated: repeats?.n, workers: started });
  console.log(`${people.withdrawn.size} people withdrew and ${people.erased.size} were erased meanwhile.`);
  console.log(
    same ? "The merged run is that of one machine." : "The merged run DIFFERS from that of one machine.",
  );
  if (!same) process.exitCode = 1;
} finally {
  if (full !== null) execFileSync("umount", [join(stage.folder, "full")]);
  stage.remove();
  await database.stop();
}
// The package that ran the server ends a process with status 0 where it is left to end by itself.
process.exit(process.exitCode);

function linesOf(out: string): string[] {
  return readFileSync(join(stage.folder, out, "decisions.jsonl"), "utf8")
    .trim()
    .split("\n");
}

/** Null where this process may not mount. */
function mountFullDisk(folder: string): string | null {
  mkdirSync(folder);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=4k", "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    console.log("No right to mount: the full disk is left out");
    return null;
  }
}
