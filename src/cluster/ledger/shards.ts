import { randomUUID } from "node:crypto";
import type { Job, Postgres, Queue, Session } from "../../io/postgres/index.ts";
import type { Attempt, ClusterRun, OutputFile, ShardName, ShardOutput } from "../types.ts";

/**
 * The result of a commit. `fenced`: another attempt has the shard, or the lease has ended; nothing was
 * written.
 */
type Commit = "committed" | "fenced";

export interface Shards {
  /** The next shard of a run, whose lease starts now; null: none can be taken at present. */
  take(run: ClusterRun, worker: string): Promise<Attempt | null>;
  /**
   * Starts the lease of an attempt again. A lease that has ended by the server's clock is not renewed, even if no
   * other attempt followed.
   *
   * @returns whether this attempt still has the shard
   */
  renew(attempt: Attempt, leaseSeconds: number): Promise<boolean>;
  /**
   * Ends a shard with this attempt's output, in one transaction. If another attempt followed, or if the lease
   * has ended by the server's clock, nothing is written. May be called again after a lost connection.
   *
   * @param check runs inside the transaction, after all writes; an error rolls it back
   */
  commit(attempt: Attempt, output: ShardOutput, check?: (session: Session) => Promise<void>): Promise<Commit>;
  /** Returns a shard for another worker or a later attempt. */
  fail(attempt: Attempt, why: string): Promise<void>;
  /** Starts phases whose predecessor has ended, and returns shards whose lease has ended. */
  advance(run: ClusterRun): Promise<void>;
  isDone(run: ClusterRun): Promise<boolean>;
  /**
   * Queues shards that are not done and have no job, or whose retries are used up.
   *
   * @returns the number of queued shards
   */
  requeue(run: ClusterRun): Promise<number>;
  /** Committed outputs of a phase in order of their shards. */
  outputs(runId: string, phase: number): Promise<readonly (ShardOutput & { readonly number: number })[]>;
  /** Replaces a committed output. */
  replaceOutput(shard: ShardName, output: ShardOutput): Promise<void>;
  /** One file of the output of a phase's only shard; index -1: the last. */
  outputFile(runId: string, phase: number, index: number): Promise<OutputFile>;
}

const RETRIES = 20;

export function queueOf({ id }: Pick<ClusterRun, "id">): string {
  return `run-${id}`;
}

export function createShards(postgres: Postgres, queue: Queue): Shards {
  const addJobs = async (run: ClusterRun, shards: readonly Pick<ShardName, "phase" | "number">[]) => {
    const name = queueOf(run);
    await queue.create(name, { leaseSeconds: run.leaseSeconds, retries: RETRIES });
    await queue.add(
      name,
      shards.map(({ phase, number }) => ({ key: `${phase}/${number}`, data: { phase, number } })),
    );
  };
  return {
    async take(run, worker) {
      for (;;) {
        const job = await queue.take(queueOf(run));
        if (job === null) return null;
        const attempt = await claim(postgres, { run, job, worker });
        if (attempt !== null) return attempt;
        // The shard was done by another attempt: only its job has to be removed.
        await queue.complete(queueOf(run), job.id, postgres);
      }
    },
    renew: (attempt, leaseSeconds) =>
      postgres.transaction(async (session) => {
        const renewed = await session.query(
          `UPDATE lookalike.shards SET leased_until = clock_timestamp() + make_interval(secs => $5)
           WHERE run_id = $1 AND phase = $2 AND number = $3 AND attempt = $4 AND NOT is_done
             AND leased_until > clock_timestamp() RETURNING number`,
          [attempt.runId, attempt.phase, attempt.number, attempt.id, leaseSeconds],
        );
        if (renewed.length === 0) return false;
        await queue.renew(queueOf({ id: attempt.runId }), attempt.jobId, session);
        return true;
      }),
    commit: (attempt, output, check = async () => {}) =>
      postgres.transaction(async (session) => {
        const key = [attempt.runId, attempt.phase, attempt.number, attempt.id];
        const written = await session.query(
          `UPDATE lookalike.shards SET is_done = true, committed_at = now(), output = $5, error = NULL
           WHERE run_id = $1 AND phase = $2 AND number = $3 AND attempt = $4 AND NOT is_done
             AND leased_until > clock_timestamp() RETURNING number`,
          [...key, output],
        );
        if (written.length === 0) {
          // After a lost connection it is unknown whether the first call was committed.
          const mine = await session.query(
            "SELECT 1 FROM lookalike.shards WHERE run_id = $1 AND phase = $2 AND number = $3 AND attempt = $4 AND is_done",
            key,
          );
          return mine.length > 0 ? "committed" : "fenced";
        }
        await queue.complete(queueOf({ id: attempt.runId }), attempt.jobId, session);
        // Late, because every commit of the phase waits for this row.
        await session.query(
          "UPDATE lookalike.phases SET remaining = remaining - 1 WHERE run_id = $1 AND position = $2",
          [attempt.runId, attempt.phase],
        );
        // Last: the check must still be true when the transaction ends, and earlier statements may have
        // waited.
        await check(session);
        return "committed";
      }),
    async fail(attempt, why) {
      const current = await postgres.query(
        `UPDATE lookalike.shards SET error = $5
         WHERE run_id = $1 AND phase = $2 AND number = $3 AND attempt = $4 AND NOT is_done RETURNING number`,
        [attempt.runId, attempt.phase, attempt.number, attempt.id, why.slice(0, 2000)],
      );
      // If another attempt followed, the job belongs to it.
      if (current.length > 0)
        await queue.fail(queueOf({ id: attempt.runId }), attempt.jobId, why.slice(0, 200));
    },
    async advance(run) {
      await queue.recover();
      const ready = await postgres.query(
        `SELECT position, shards FROM lookalike.phases p WHERE run_id = $1 AND NOT is_open
           AND NOT EXISTS (SELECT 1 FROM lookalike.phases b WHERE b.run_id = $1 AND b.position < p.position
             AND b.remaining > 0)`,
        [run.id],
      );
      for (const { position, shards } of ready) {
        const phase = Number(position);
        // Jobs have keys: if two workers add them at once, or another one after a kill, they are added once.
        await addJobs(
          run,
          Array.from({ length: Number(shards) }, (_, number) => ({ phase, number })),
        );
        await postgres.query(
          "UPDATE lookalike.phases SET is_open = true WHERE run_id = $1 AND position = $2",
          [run.id, phase],
        );
      }
    },
    async isDone({ id }) {
      const rows = await postgres.query(
        "SELECT 1 FROM lookalike.phases WHERE run_id = $1 AND remaining > 0",
        [id],
      );
      return rows.length === 0;
    },
    async requeue(run) {
      const open = await postgres.query(
        `SELECT s.phase, s.number FROM lookalike.shards s JOIN lookalike.phases p
           ON p.run_id = s.run_id AND p.position = s.phase
         WHERE s.run_id = $1 AND p.is_open AND NOT s.is_done ORDER BY s.phase, s.number`,
        [run.id],
      );
      const shards = open.map(({ phase, number }) => ({ phase: Number(phase), number: Number(number) }));
      await queue.forgetFailed(
        queueOf(run),
        shards.map(({ phase, number }) => `${phase}/${number}`),
      );
      await addJobs(run, shards);
      return shards.length;
    },
    async outputs(runId, phase) {
      const rows = await postgres.query(
        "SELECT number, output FROM lookalike.shards WHERE run_id = $1 AND phase = $2 AND is_done ORDER BY number",
        [runId, phase],
      );
      return rows.map(({ number, output }) => ({ ...(output as ShardOutput), number: Number(number) }));
    },
    async replaceOutput({ runId, phase, number }, output) {
      await postgres.query(
        "UPDATE lookalike.shards SET output = $4 WHERE run_id = $1 AND phase = $2 AND number = $3 AND is_done",
        [runId, phase, number, output],
      );
    },
    async outputFile(runId, phase, index) {
      const [row] = await postgres.query(
        "SELECT output->'files'->$3::int AS file FROM lookalike.shards WHERE run_id = $1 AND phase = $2 AND number = 0",
        [runId, phase, index],
      );
      if (row?.file == null) throw new RangeError(`no file ${index} of phase ${phase} of ${runId}`);
      return row.file as OutputFile;
    },
  };
}

/** Assigns the shard to this attempt; all earlier attempts are fenced from now on. */
async function claim(
  { query }: Postgres,
  { run, job, worker }: { readonly run: ClusterRun; readonly job: Job; readonly worker: string },
): Promise<Attempt | null> {
  const id = randomUUID();
  const [phase, number] = [Number(job.data.phase), Number(job.data.number)];
  const [row] = await query(
    `UPDATE lookalike.shards s SET attempt = $4, attempts = attempts + 1, worker = $5,
       leased_until = clock_timestamp() + make_interval(secs => $6)
     FROM lookalike.phases p WHERE p.run_id = s.run_id AND p.position = s.phase
       AND s.run_id = $1 AND s.phase = $2 AND s.number = $3 AND NOT s.is_done RETURNING p.name`,
    [run.id, phase, number, id, worker, run.leaseSeconds],
  );
  if (row === undefined) return null;
  return { runId: run.id, phase, number, id, jobId: job.id, phaseName: String(row.name) };
}
