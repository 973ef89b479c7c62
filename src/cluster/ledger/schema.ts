import type { Postgres } from "../../io/postgres/index.ts";

/**
 * The state of runs, phases and shards, and the journals of workers whose shared files cannot be appended to. The
 * queue says which worker may try a shard; these tables say which attempt counts.
 */
const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS lookalike;
CREATE TABLE IF NOT EXISTS lookalike.runs (
  id text PRIMARY KEY,
  kind text NOT NULL,
  fingerprint text NOT NULL,
  state text NOT NULL,
  data text NOT NULL,
  lease_seconds int NOT NULL,
  settings jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE IF NOT EXISTS lookalike.phases (
  run_id text NOT NULL REFERENCES lookalike.runs ON DELETE CASCADE,
  position int NOT NULL,
  name text NOT NULL,
  shards int NOT NULL,
  remaining int NOT NULL,
  is_open boolean NOT NULL DEFAULT false,
  PRIMARY KEY (run_id, position)
);
CREATE TABLE IF NOT EXISTS lookalike.shards (
  run_id text NOT NULL,
  phase int NOT NULL,
  number int NOT NULL,
  is_done boolean NOT NULL DEFAULT false,
  attempt uuid,
  attempts int NOT NULL DEFAULT 0,
  worker text,
  leased_until timestamptz,
  committed_at timestamptz,
  output jsonb,
  error text,
  PRIMARY KEY (run_id, phase, number),
  FOREIGN KEY (run_id, phase) REFERENCES lookalike.phases ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS lookalike.journals (
  run_id text NOT NULL,
  name text NOT NULL,
  position int NOT NULL,
  line text NOT NULL,
  PRIMARY KEY (run_id, name, position)
);
`;

/**
 * Creates missing tables; two processes may do it at once. Where they exist nothing is created, because a
 * worker's role may lack the right.
 */
export async function prepareLedger(postgres: Postgres): Promise<void> {
  const [found] = await postgres.query("SELECT to_regclass('lookalike.journals') IS NOT NULL AS is_ready");
  if (found?.is_ready === true) return;
  await postgres.transaction(async ({ query }) => {
    await query("SELECT pg_advisory_xact_lock(hashtext('lookalike.schema'))");
    await query(SCHEMA);
  });
}
