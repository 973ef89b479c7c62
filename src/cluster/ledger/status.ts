import type { Postgres } from "../../io/postgres/index.ts";
import type { ClusterRun, PhaseStatus, RunStatus } from "../types.ts";

/** Most errors listed per run. */
const LISTED = 10;

/** The state of a run, by the server's clock. */
export async function statusOf({ query }: Postgres, run: ClusterRun): Promise<RunStatus> {
  const counted = await query(
    `SELECT p.position, p.name, p.shards, p.remaining,
       count(*) FILTER (WHERE NOT s.is_done AND s.leased_until > now() AND s.error IS NULL)::int AS active,
       count(*) FILTER (WHERE NOT s.is_done AND s.attempts > 20)::int AS failed,
       sum(greatest(s.attempts - 1, 0))::int AS repeats
     FROM lookalike.phases p LEFT JOIN lookalike.shards s ON s.run_id = p.run_id AND s.phase = p.position
     WHERE p.run_id = $1 GROUP BY p.position, p.name, p.shards, p.remaining ORDER BY p.position`,
    [run.id],
  );
  const phases = counted.map((row): PhaseStatus => {
    const [shards, remaining] = [Number(row.shards), Number(row.remaining)];
    const [active, failed] = [Number(row.active), Number(row.failed)];
    const waiting = Math.max(0, remaining - active - failed);
    return { name: String(row.name), shards, done: shards - remaining, active, failed, waiting };
  });
  const errors = await query(
    `SELECT p.name, s.number, s.error, s.attempts FROM lookalike.shards s JOIN lookalike.phases p
       ON p.run_id = s.run_id AND p.position = s.phase
     WHERE s.run_id = $1 AND s.error IS NOT NULL AND NOT s.is_done ORDER BY s.phase, s.number LIMIT ${LISTED}`,
    [run.id],
  );
  return {
    run,
    phases,
    repeats: counted.reduce((sum, { repeats }) => sum + Number(repeats ?? 0), 0),
    isDone: phases.length > 0 && phases.every(({ done, shards }) => done === shards),
    errors: errors.map(({ name, number, error, attempts }) => ({
      shard: `${name} ${number}`,
      error: String(error),
      attempts: Number(attempts),
    })),
  };
}
