import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { hashBytes, hashFile } from "../../src/io/files.ts";
import { startDatabase } from "../../test/cluster/postgres.ts";
import { writeWorld } from "../long-runs/customers.ts";

/**
 * One run with budgets on one machine and, with the same inputs, shared out to worker processes of the built command
 * line: compares every file, and measures time and what queue and commits take of it.
 *
 *     npm run build && tsx scripts/bench/cluster-runs.ts [--customers 20000] [--portraits 200] [--shard 2500] [--workers 1,2,8] [--pin]
 *         [--inventory 2000] [--kills 10] [--kill-after 4] [--lease 20]
 *
 * With `--inventory`, workers index that many photos too, and the decisions are made with the merged gallery. With `--kills`, that
 * many workers are killed in each phase (kill -9) and others start; choose a lease several times longer than a shard takes.
 *
 * Needs photos of faces, by default those in ../shared/data/lfw/images.
 */
const { values } = parseArgs({
  options: {
    customers: { type: "string", default: "20000" },
    portraits: { type: "string", default: "200" },
    shard: { type: "string", default: "2500" },
    workers: { type: "string", default: "1,2,8" },
    // Each worker on one core, to measure the speed-up by a second one.
    pin: { type: "boolean", default: false },
    inventory: { type: "string" },
    kills: { type: "string", default: "0" },
    // Seconds that the first worker lives; the others live up to twice as long or longer.
    "kill-after": { type: "string", default: "4" },
    lease: { type: "string", default: "900" },
    photos: { type: "string", default: resolve(import.meta.dirname, "../../../shared/data/lfw/images") },
  },
});
const CLI = resolve(import.meta.dirname, "../../dist/cli/main.js");
const cores = availableParallelism();
const work = mkdtempSync(join(tmpdir(), "lookalike-cluster-runs-"));

interface Ran {
  readonly seconds: number;
  /** User and system time of the process. */
  readonly processorSeconds: number;
  readonly lines: readonly Record<string, unknown>[];
}

let started = 0;
async function run(...args: string[]): Promise<Ran> {
  return runOn(null, ...args);
}

/** @param core the only core that the process may use; null: all. Linux alone. */
async function runOn(core: number | null, ...args: string[]): Promise<Ran> {
  const ran = await start(core, args).done;
  if (ran !== "killed") return ran;
  throw new Error(`${args.join(" ")} was killed`);
}

interface Started {
  readonly done: Promise<Ran | "killed">;
  kill(): void;
}

function start(core: number | null, args: readonly string[]): Started {
  const usage = join(work, `usage-${started++}.json`);
  const note = `process.on("exit", () => (${writeUsage})(${JSON.stringify(usage)}));`;
  const boot = `data:text/javascript,${encodeURIComponent(`import { writeFileSync } from "node:fs"; ${note}`)}`;
  const startedAt = performance.now();
  const node = [process.execPath, "--import", boot, CLI, ...args];
  const [command = "", ...rest] = core === null ? node : ["taskset", "-c", String(core), ...node];
  const child = spawn(command, rest, {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const written = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      written[name] += text;
    });
  }
  const done = once(child, "close").then(([code, signal]): Ran | "killed" => {
    if (signal === "SIGKILL") return "killed";
    if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}:\n${written.stderr}`);
    const seconds = (performance.now() - startedAt) / 1000;
    console.error(`${new Date().toISOString()} ${args.slice(0, 2).join(" ")}: ${seconds.toFixed(0)} s`);
    const lines = written.stdout.split("\n").filter((line) => line.startsWith("{"));
    const { userCPUTime, systemCPUTime } = JSON.parse(readFileSync(usage, "utf8"));
    return {
      seconds,
      processorSeconds: (userCPUTime + systemCPUTime) / 1e6,
      lines: lines.map((line) => JSON.parse(line)),
    };
  });
  return { done, kill: () => void child.kill("SIGKILL") };
}

/** Runs workers until all shards are done; `kills` of them are killed one after the other, and replaced. */
async function runWorkers(count: number, kills: number): Promise<readonly Ran[]> {
  const args = ["worker", "--database", database.url, "--jobs", "1", "--until-done", "--json"];
  let killed = 0;
  const one = async (place: number): Promise<Ran> => {
    for (;;) {
      const worker = start(values.pin ? place % cores : null, args);
      let isDone = false;
      const fate = killed < kills ? sleep(1000 * Number(values["kill-after"]) * (1 + place / 2)) : null;
      void fate?.then(() => {
        if (isDone || killed >= kills) return;
        killed++;
        worker.kill();
      });
      const ran = await worker.done.finally(() => {
        isDone = true;
      });
      if (ran !== "killed") return ran;
    }
  };
  const reports = await Promise.all(Array.from({ length: count }, (_, place) => one(place)));
  if (kills > 0) console.log(`${killed} workers were killed.`);
  return reports;
}
const writeUsage = "(path) => writeFileSync(path, JSON.stringify(process.resourceUsage()))";

/** In `run.json`, and in words on the proof page, with and without the time of day. */
const TIMES = /\d{4}-\d\d-\d\dT[\d:.]+Z|\d{1,2} \w+ \d{4}(?:, \d\d:\d\d UTC)?/g;

/** A hash of every file below a folder, by name; what says when it was made is left out. */
async function hashesOf(folder: string): Promise<Map<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const hashes = new Map<string, string>();
  for (const name of names) {
    const path = join(folder, name);
    if (!statSync(path).isFile() || /\.lock$|\.db/.test(name)) continue;
    const isText = /\.(json|html)$/.test(name);
    hashes.set(
      name,
      isText ? hashBytes(readFileSync(path, "utf8").replace(TIMES, "TIME")) : await hashFile(path),
    );
  }
  return hashes;
}

function differences(a: Map<string, string>, b: Map<string, string>): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].filter((name) => a.get(name) !== b.get(name));
}

function rowOf(workers: readonly Ran[], startedAt: number): Record<string, string> {
  const processor = workers.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0);
  return {
    "wall s": ((performance.now() - startedAt) / 1000).toFixed(1),
    "processor s": processor.toFixed(1),
  };
}

const database = await startDatabase();
try {
  const [customers, portraits] = [Number(values.customers), Number(values.portraits)];
  const inventory = values.inventory === undefined ? undefined : Number(values.inventory);
  await writeWorld({ work, photos: values.photos, customers, portraits, inventory });
  const campaign = join(work, "campaign.yaml");
  const text = readFileSync(campaign, "utf8")
    .replace("margin: 100, cost: 1", `margin: 100, cost: 1, budget: ${Math.round(customers / 4)}`)
    .replace("holdout: 0.05 }", `holdout: 0.05, max_spend: ${Math.round(customers / 2)} }`);
  writeFileSync(campaign, text);
  const named = ["--campaign", campaign];
  await run("consent", "import", join(work, "consents.csv"), ...named);
  await run("train", ...named);
  const out = (name: string) => join(work, name);
  const exportOf = async (name: string) => {
    const to = out(`${name}-export`);
    const url = ["--base-url", "https://ads.example/"];
    await run(
      "export",
      "--out",
      out(name),
      "--to",
      to,
      "--format",
      "csv",
      ...url,
      "--privacy",
      join(work, "privacy"),
    );
    return hashesOf(to);
  };
  const indexed = inventory === undefined ? null : await run("index", ...named);
  const alone = await run("generate", ...named, "--out", out("one"));
  const [one, oneExport] = [await hashesOf(out("one")), await exportOf("one")];
  const table: Record<string, Record<string, string>> = {
    "one machine": { "wall s": alone.seconds.toFixed(1), "processor s": alone.processorSeconds.toFixed(1) },
  };
  if (indexed !== null)
    table["one machine, photos"] = {
      "wall s": indexed.seconds.toFixed(1),
      "processor s": indexed.processorSeconds.toFixed(1),
    };
  const flags = ["--database", database.url];
  const lease = ["--lease", values.lease];
  for (const count of values.workers.split(",").map(Number)) {
    if (indexed !== null) {
      rmSync(join(work, "gallery"), { recursive: true });
      const size = ["--shard-size", String(Math.ceil((inventory ?? 0) / 8))];
      await run(
        "cluster",
        "plan",
        "--photos",
        ...named,
        ...flags,
        ...size,
        ...lease,
        "--data",
        out("shared"),
      );
      const startedAt = performance.now();
      const workers = await runWorkers(count, Number(values.kills));
      table[`${count} workers, photos`] = rowOf(workers, startedAt);
      await run("cluster", "merge", ...named, ...flags);
    }
    const size = ["--shard-size", values.shard];
    const plan = await run("cluster", "plan", ...named, ...flags, ...size, ...lease, "--data", out("shared"));
    const startedAt = performance.now();
    const workers = await runWorkers(count, Number(values.kills));
    const row = rowOf(workers, startedAt);
    const name = `many-${count}`;
    const merge = await run("cluster", "merge", ...named, ...flags, "--out", out(name));
    const shards = workers.flatMap(({ lines }) => lines).filter(({ status }) => status === "committed");
    const decided = shards.filter(({ phase }) => phase === "decide");
    const mean = (key: string) => decided.reduce((sum, line) => sum + Number(line[key]), 0) / decided.length;
    const same = [
      ...differences(one, await hashesOf(out(name))),
      ...differences(oneExport, await exportOf(name)),
    ];
    table[`${count} workers`] = {
      "plan s": plan.seconds.toFixed(1),
      ...row,
      "merge s": merge.seconds.toFixed(1),
      shards: String(shards.length),
      "decide, s a shard": mean("seconds").toFixed(2),
      "queue and commit, ms a shard": (1000 * mean("overhead_seconds")).toFixed(1),
      "files that differ": same.length === 0 ? "none" : same.slice(0, 5).join(" "),
      load: loadavg()[0]?.toFixed(1) ?? "",
    };
    if (same.length > 0) process.exitCode = 1;
  }
  console.log(`${one.size} files of the run and ${oneExport.size} of its export are compared.`);
  console.table(table);
} finally {
  await database.stop();
  rmSync(work, { recursive: true, force: true });
}
// The package that ran the server ends a process with status 0 where it is left to end by itself.
process.exit(process.exitCode);
