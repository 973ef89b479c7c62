import { createHash } from "node:crypto";
import { loadPgBoss } from "./library.ts";
import type { Postgres, PostgresValue, Session } from "./open.ts";

/** One piece of work of a queue. */
export interface Job {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface NewJob {
  /** Two jobs of one key in one queue are one. */
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** pg-boss, as far as shards need it. The server's clock alone decides when a lease ends. */
export interface Queue {
  /** @param leaseSeconds after so long a job that was taken is handed out again; @param retries how often at most */
  create(name: string, options: { readonly leaseSeconds: number; readonly retries: number }): Promise<void>;
  /** Adds jobs that are not there yet. */
  add(name: string, jobs: readonly NewJob[]): Promise<void>;
  /** The next job, whose lease begins now; null: there is none. */
  take(name: string): Promise<Job | null>;
  /** Ends a job as part of a transaction. */
  complete(name: string, id: string, session: Session): Promise<void>;
  /** Gives a job back before its lease ends. */
  fail(name: string, id: string, why: string): Promise<void>;
  /** Hands out again what was taken and not ended in time. */
  recover(): Promise<void>;
  /** Removes the jobs that used up their retries, so that they can be added again. */
  forgetFailed(name: string, keys: readonly string[]): Promise<void>;
  /** Jobs by state: `created`, `retry`, `active`, `completed`, `failed`. */
  counts(name: string): Promise<Readonly<Record<string, number>>>;
  remove(name: string): Promise<void>;
  close(): Promise<void>;
}

export const QUEUE_SCHEMA = "lookalike_queue";
/** Jobs added in one statement. */
const ADDED = 5_000;
/** So many new jobs change how the server finds the next one. */
const ANALYSED = 500;
/** A run that waits longer than this for its workers loses its queue; its shards are added again by `cluster plan`. */
const KEPT_DAYS = 365;

/** @throws ERR_DEPENDENCY_MISSING, ERR_POSTGRES_UNREACHABLE, ERR_POSTGRES_FAILED */
export async function openQueue(postgres: Postgres): Promise<Queue> {
  const PgBoss = await loadPgBoss();
  const executor = ({ query }: Session) => ({
    executeSql: async (text: string, values: unknown[] = []) => {
      const rows = await query(text, values as PostgresValue[]);
      return { rows: [...rows] as Record<string, unknown>[] };
    },
  });
  const boss = new PgBoss({
    db: executor(postgres),
    schema: QUEUE_SCHEMA,
    // `recover` is called by idle workers; timers of its own would outlive a test and a command.
    supervise: false,
    schedule: false,
    retentionDays: KEPT_DAYS,
  });
  boss.on("error", () => {});
  await boss.start();
  await indexByOrder(postgres);
  return {
    async create(name, { leaseSeconds, retries }) {
      await boss.createQueue(name, {
        name,
        policy: "standard",
        expireInSeconds: leaseSeconds,
        retryLimit: retries,
        retryDelay: 0,
        retentionDays: KEPT_DAYS,
      });
    },
    async add(name, jobs) {
      for (let start = 0; start < jobs.length; start += ADDED) {
        const batch = jobs.slice(start, start + ADDED);
        await boss.insert(batch.map(({ key, data }) => ({ id: jobId(name, key), name, data })));
      }
      // Without new statistics the server sorts all jobs for each that is taken, until its own analysis comes.
      if (jobs.length > ANALYSED) await postgres.query(`ANALYZE ${QUEUE_SCHEMA}.job`);
    },
    async take(name) {
      const [job] = await boss.fetch<Record<string, unknown>>(name, { batchSize: 1, priority: false });
      return job === undefined ? null : { id: job.id, data: job.data };
    },
    async complete(name, id, session) {
      await boss.complete(name, id, {}, { db: executor(session) });
    },
    async fail(name, id, why) {
      await boss.fail(name, id, { why });
    },
    recover: () => boss.maintain(),
    async forgetFailed(name, keys) {
      const ids = keys.map((key) => jobId(name, key));
      await postgres.query(
        `DELETE FROM ${QUEUE_SCHEMA}.job WHERE name = $1 AND state IN ('failed', 'cancelled') AND id = ANY($2::uuid[])`,
        [name, ids],
      );
    },
    async counts(name) {
      const rows = await postgres.query(
        `SELECT state::text AS state, count(*)::int AS n FROM ${QUEUE_SCHEMA}.job WHERE name = $1 GROUP BY state`,
        [name],
      );
      return Object.fromEntries(rows.map(({ state, n }) => [String(state), Number(n)]));
    },
    async remove(name) {
      // A queue that has jobs cannot be removed, not even where all are completed.
      await postgres.query(`DELETE FROM ${QUEUE_SCHEMA}.job WHERE name = $1`, [name]);
      await boss.deleteQueue(name);
    },
    close: () => boss.stop({ graceful: false, close: false, wait: false }),
  };
}

/**
 * Jobs are taken in the order in which they were added, by a statement that sorts all that wait. With this index it reads the
 * first alone (docs/scale.md has the times).
 */
async function indexByOrder(postgres: Postgres): Promise<void> {
  const find = (session: Session) =>
    session.query(`SELECT to_regclass('${QUEUE_SCHEMA}.job_in_order') AS found`);
  // Creating it waits for all writers, even where it exists.
  if ((await find(postgres))[0]?.found != null) return;
  await postgres.transaction(async (session) => {
    await session.query("SELECT pg_advisory_xact_lock(hashtext('lookalike.queue.index'))");
    if ((await find(session))[0]?.found != null) return;
    await session.query(
      `CREATE INDEX job_in_order ON ${QUEUE_SCHEMA}.job (created_on, id) WHERE state < 'active'`,
    );
  });
}

/** The same for the same job of the same queue: a UUID whose bits are a hash (RFC 9562, version 8). */
function jobId(name: string, key: string): string {
  const hex = createHash("sha256").update(`${name}\n${key}`).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
