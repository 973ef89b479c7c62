import { createHash } from "node:crypto";
import { loadPgBoss } from "./library.ts";
import type { Postgres, PostgresValue, Session } from "./open.ts";

/** One piece of work of a queue. */
export interface Job {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface NewJob {
  /** Jobs with the same key in one queue are one job. */
  readonly key: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The functions of pg-boss that shards need. Only the clock of the server decides when a lease ends. */
export interface Queue {
  /**
   * @param leaseSeconds time after which a job that was taken is handed out again; @param retries maximum
   *   number of times
   */
  create(name: string, options: { readonly leaseSeconds: number; readonly retries: number }): Promise<void>;
  /** Adds the jobs that do not exist yet. */
  add(name: string, jobs: readonly NewJob[]): Promise<void>;
  /** The next job, whose lease begins now; null if there is none. */
  take(name: string): Promise<Job | null>;
  /** Starts the lease of a taken job again, as part of a transaction. */
  renew(name: string, id: string, session: Session): Promise<void>;
  /** Completes a job as part of a transaction. */
  complete(name: string, id: string, session: Session): Promise<void>;
  /** Gives a job back before its lease ends. */
  fail(name: string, id: string, why: string): Promise<void>;
  /** Hands out again the jobs whose lease has expired. */
  recover(): Promise<void>;
  /** Removes jobs that used up their retries, so that they can be added again. */
  forgetFailed(name: string, keys: readonly string[]): Promise<void>;
  /** Jobs by state: `created`, `retry`, `active`, `completed`, `failed`. */
  counts(name: string): Promise<Readonly<Record<string, number>>>;
  remove(name: string): Promise<void>;
  close(): Promise<void>;
}

const QUEUE_SCHEMA = "lookalike_queue";
/** Jobs added per statement. */
const ADDED = 5_000;
/** Number of new jobs that makes the server's statistics outdated. */
const ANALYSED = 500;
/**
 * A run that waits longer than this for its workers loses its queue; `cluster plan` adds its shards again.
 */
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
    // Idle workers call `recover`; timers would keep a test or a command running.
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
      // Without new statistics the server sorts all jobs for each one taken, until its own analysis runs.
      if (jobs.length > ANALYSED) await postgres.query(`ANALYZE ${QUEUE_SCHEMA}.job`);
    },
    async take(name) {
      const [job] = await boss.fetch<Record<string, unknown>>(name, { batchSize: 1, priority: false });
      return job === undefined ? null : { id: job.id, data: job.data };
    },
    async renew(name, id, session) {
      // pg-boss 10 has no function for it. A lease ends at `started_on + expire_in`.
      await session.query(
        `UPDATE ${QUEUE_SCHEMA}.job SET started_on = clock_timestamp() WHERE name = $1 AND id = $2 AND state = 'active'`,
        [name, id],
      );
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
      // A queue with jobs cannot be removed, even if all are completed.
      await postgres.query(`DELETE FROM ${QUEUE_SCHEMA}.job WHERE name = $1`, [name]);
      await boss.deleteQueue(name);
    },
    close: () => boss.stop({ graceful: false, close: false, wait: false }),
  };
}

/**
 * Jobs are taken in the order in which they were added, by a statement that sorts all waiting jobs. With this
 * index the statement reads only the first (docs/scale.md has the times).
 */
async function indexByOrder(postgres: Postgres): Promise<void> {
  const find = (session: Session) =>
    session.query(`SELECT to_regclass('${QUEUE_SCHEMA}.job_in_order') AS found`);
  // Creating the index waits for all writers, even if it exists already.
  if ((await find(postgres))[0]?.found != null) return;
  await postgres.transaction(async (session) => {
    await session.query("SELECT pg_advisory_xact_lock(hashtext('lookalike.queue.index'))");
    if ((await find(session))[0]?.found != null) return;
    await session.query(
      `CREATE INDEX job_in_order ON ${QUEUE_SCHEMA}.job (created_on, id) WHERE state < 'active'`,
    );
  });
}

/** The same id for the same job of the same queue: a UUID whose bits are a hash (RFC 9562, version 8). */
function jobId(name: string, key: string): string {
  const hex = createHash("sha256").update(`${name}\n${key}`).digest("hex");
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
