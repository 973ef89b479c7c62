import { setTimeout as sleep } from "node:timers/promises";
import { aborted, isLookalikeError, LookalikeError, throwIfAborted } from "../core/index.ts";
import { reason } from "../io/files.ts";
import { registryVersion } from "./consents.ts";
import { openRunWork } from "./kinds.ts";
import { keepLease } from "./lease.ts";
import type { Cluster } from "./open.ts";
import { createPersistence, type PatienceOptions, type Persist } from "./patience.ts";
import type { Attempt, ClusterRun, ShardOutput } from "./types.ts";
import type { RunWork, WorkOptions } from "./work.ts";

export interface WorkerOptions extends WorkOptions, PatienceOptions {
  /** Name in `cluster status`; default: host and process. */
  readonly name: string;
  /** Work only on this run; default: on every run, oldest first. */
  readonly runId?: string | undefined;
  /** End when all shards are done; default: wait for new runs. */
  readonly untilDone?: boolean | undefined;
  /**
   * Longest wait of an idle worker before it looks for work again, ms; default 1000. The first wait is 50.
   */
  readonly pollMs?: number | undefined;
  /** Time between renewals of a shard's lease, ms; default: a third of the lease. */
  readonly renewMs?: number | undefined;
  readonly onShard?: ((event: ShardEvent) => void) | undefined;
}

export interface ShardEvent {
  readonly attempt: Attempt;
  readonly status: "committed" | "fenced" | "failed";
  readonly rows: number;
  readonly seconds: number;
  /** Of these, the seconds spent on the queue and on commits. */
  readonly overheadSeconds: number;
  readonly error: unknown;
}

export interface WorkerReport {
  readonly committed: number;
  readonly fenced: number;
  readonly failed: number;
  readonly rows: number;
}

/** The next phase begins as soon as the last shard of this one is done, so the first waits are short. */
const FIRST_POLL_MS = 50;
/** This many failures in a row are caused by the machine rather than by the shards. */
const MOST_FAILURES = 3;

/**
 * Takes shards, works on them and commits them, until the signal aborts or, with `untilDone`, until all are
 * done.
 *
 * @throws ERR_OUTPUT_UNWRITABLE and other errors of this machine rather than of one shard; the shard is
 * returned
 * @throws ERR_POSTGRES_UNREACHABLE the database was unreachable for too long
 */
export async function work(cluster: Cluster, options: WorkerOptions): Promise<WorkerReport> {
  const { signal, pollMs = 1000, untilDone = false } = options;
  const counts = { committed: 0, fenced: 0, failed: 0, rows: 0 };
  const bench = createBench(cluster, options);
  let failures = 0;
  let idleMs = FIRST_POLL_MS;
  const persist = createPersistence(options);
  try {
    for (;;) {
      throwIfAborted(signal);
      const startedAt = performance.now();
      const found = await persist(() => bench.next());
      if (found === "done" && untilDone) return counts;
      if (typeof found === "string") {
        await sleep(Math.min(idleMs, pollMs), undefined, { signal }).catch(() => {
          throw aborted(signal);
        });
        idleMs = Math.min(pollMs, idleMs * 2);
        continue;
      }
      idleMs = FIRST_POLL_MS;
      const event = await perform(cluster, bench, found, { options, persist, startedAt });
      counts[event.status]++;
      if (event.status === "committed") counts.rows += event.rows;
      options.onShard?.(event);
      failures = event.status === "failed" ? failures + 1 : 0;
      if (event.status === "failed" && (failures >= MOST_FAILURES || isOfMachine(event.error)))
        throw event.error;
    }
  } finally {
    await bench.close();
  }
}

/** Whether another machine may be able to do what this one cannot. */
function isOfMachine(error: unknown): boolean {
  return (
    isLookalikeError(error) &&
    /^ERR_(OUTPUT_UNWRITABLE|KEY_|CLUSTER_INPUTS_DIFFER|DEPENDENCY_MISSING|REGISTRY_NOT_SHARED|ABORTED|SOURCE_NOT_FOUND)/.test(
      error.code,
    )
  );
}

interface Found {
  readonly run: ClusterRun;
  readonly attempt: Attempt;
}

/** Keeps the runs that this worker has open, and finds the next shard of any. */
function createBench(cluster: Cluster, options: WorkerOptions) {
  const known = new Map<string, ClusterRun>();
  let open: { readonly id: string; readonly work: RunWork } | null = null;
  const close = async () => {
    const closing = open;
    open = null;
    await closing?.work.close();
  };
  return {
    close,
    /** `idle`: other workers have the remaining shards; `done`: none remain. */
    async next(): Promise<Found | "idle" | "done"> {
      const working = options.runId === undefined ? await cluster.runs.working() : [options.runId];
      let isDone = true;
      for (const id of working) {
        const run = known.get(id) ?? (await cluster.runs.find(id));
        known.set(id, run);
        const attempt = await cluster.shards.take(run, options.name);
        if (attempt !== null) return { run, attempt };
        await cluster.shards.advance(run);
        const after = await cluster.shards.take(run, options.name);
        if (after !== null) return { run, attempt: after };
        isDone &&= await cluster.shards.isDone(run);
      }
      return isDone ? "done" : "idle";
    },
    async workOf(run: ClusterRun): Promise<RunWork> {
      if (open?.id === run.id) return open.work;
      await close();
      const opened = await openRunWork(run, cluster, options);
      open = { id: run.id, work: opened };
      return opened;
    },
  };
}

async function perform(
  cluster: Cluster,
  bench: ReturnType<typeof createBench>,
  { run, attempt }: Found,
  context: { readonly options: WorkerOptions; readonly persist: Persist; readonly startedAt: number },
): Promise<ShardEvent> {
  const { persist, startedAt, options } = context;
  const { leaseSeconds } = run;
  const lease = keepLease(cluster.shards, attempt, { leaseSeconds, renewMs: options.renewMs });
  const takenAt = performance.now();
  let performedAt = takenAt;
  const event = (status: ShardEvent["status"], rows: number, error: unknown = null): ShardEvent => {
    const endedAt = performance.now();
    const overheadSeconds = (takenAt - startedAt + (endedAt - performedAt)) / 1000;
    return { attempt, status, rows, seconds: (endedAt - startedAt) / 1000, overheadSeconds, error };
  };
  try {
    const runWork = await bench.workOf(run);
    const performed = await runWork.perform(attempt, lease.progress);
    performedAt = performance.now();
    const { output, status } = await commit(cluster, runWork, { attempt, performed, persist });
    if (status === "fenced") await runWork.discard(output);
    return event(status, output.rows);
  } catch (error) {
    await persist(() => cluster.shards.fail(attempt, describe(error)));
    return event("failed", 0, error);
  } finally {
    lease.end();
  }
}

/** Commits an output based on the registry's present version. */
async function commit(
  { shards, postgres }: Cluster,
  runWork: RunWork,
  {
    attempt,
    performed,
    persist,
  }: {
    readonly attempt: Attempt;
    readonly performed: Awaited<ReturnType<RunWork["perform"]>>;
    readonly persist: Persist;
  },
): Promise<{ readonly status: "committed" | "fenced"; readonly output: ShardOutput }> {
  let { output } = performed;
  for (;;) {
    const current = output;
    let isStale = false;
    const status = await persist(() =>
      shards.commit(attempt, current, async (session) => {
        isStale =
          current.consents !== null &&
          (await registryVersion(runWork.registry, session, postgres.shown)) !== current.consents;
        if (isStale) throw new StaleOutput();
      }),
    ).catch((error: unknown) => {
      if (isStale) return "stale" as const;
      throw error;
    });
    if (status !== "stale") return { status, output: current };
    const revised = await performed.revise();
    if (revised === null) return { status: "fenced", output: current };
    await runWork.discard(current);
    output = revised;
  }
}

/** Rolls back a transaction whose output is based on an older version of the registry. */
class StaleOutput extends LookalikeError {
  constructor() {
    super("ERR_STORE_BUSY", "The consent registry changed while a shard was worked on");
  }
}

function describe(error: unknown): string {
  return isLookalikeError(error) ? `${error.code}: ${error.message}` : reason(error);
}
