import { randomBytes } from "node:crypto";
import { expected, LookalikeError } from "../../core/index.ts";
import type { Postgres, PostgresRow, Session } from "../../io/postgres/index.ts";
import type { ClusterRun, Phase, RunKind, RunState } from "../types.ts";

type NewRun = Pick<ClusterRun, "kind" | "fingerprint" | "data" | "leaseSeconds">;

export interface Runs {
  /** The run of this fingerprint that is not merged yet; null: none. */
  findOpen(kind: RunKind, fingerprint: string): Promise<ClusterRun | null>;
  /** @throws ERR_CLUSTER_RUN_UNKNOWN */
  find(id: string): Promise<ClusterRun>;
  /** Newest first. */
  list(): Promise<readonly ClusterRun[]>;
  /** Ids of runs with shards that can be taken, oldest first. */
  working(): Promise<readonly string[]>;
  /** @throws ERR_OPTION_INVALID the lease is a day or longer */
  create(run: NewRun): Promise<ClusterRun>;
  /**
   * Writes the phases and their shards, and makes them available to workers.
   *
   * @throws ERR_CLUSTER_RUN_UNKNOWN the run was removed while it was planned
   */
  start(id: string, settings: object, phases: readonly Phase[]): Promise<void>;
  /** Replaces these settings and keeps the others. */
  changeSettings(id: string, changed: object): Promise<void>;
  setMerged(id: string): Promise<void>;
  /** Deletes a run with its shards. */
  remove(id: string): Promise<void>;
}

/** The queue's limit: less than a day. */
const LONGEST_LEASE = 86_399;

export function createRuns(postgres: Postgres): Runs {
  const { query } = postgres;
  return {
    async findOpen(kind, fingerprint) {
      const [row] = await query(
        "SELECT * FROM lookalike.runs WHERE kind = $1 AND fingerprint = $2 AND state <> 'merged' ORDER BY created_at DESC LIMIT 1",
        [kind, fingerprint],
      );
      return row === undefined ? null : readRun(row);
    },
    async find(id) {
      const [row] = await query("SELECT * FROM lookalike.runs WHERE id = $1", [id]);
      if (row !== undefined) return readRun(row);
      throw new LookalikeError(
        "ERR_CLUSTER_RUN_UNKNOWN",
        `Expected a run of the cluster but there is no ${id}`,
        {
          hint: "List the runs with `lookalike cluster status`.",
        },
      );
    },
    list: async () => (await query("SELECT * FROM lookalike.runs ORDER BY created_at DESC")).map(readRun),
    working: async () =>
      (await query("SELECT id FROM lookalike.runs WHERE state = 'working' ORDER BY created_at")).map(
        ({ id }) => String(id),
      ),
    async create({ kind, fingerprint, data, leaseSeconds }) {
      if (leaseSeconds < 1 || leaseSeconds > LONGEST_LEASE) {
        const message = expected(`a lease of 1 to ${LONGEST_LEASE} seconds`, "the run", leaseSeconds);
        throw new LookalikeError("ERR_OPTION_INVALID", message, {
          hint: "Plan smaller shards if one takes longer.",
        });
      }
      const id = `${kind}-${randomBytes(5).toString("hex")}`;
      const [row] = await query(
        `INSERT INTO lookalike.runs (id, kind, fingerprint, state, data, lease_seconds, settings)
         VALUES ($1, $2, $3, 'planning', $4, $5, '{}') RETURNING *`,
        [id, kind, fingerprint, data, leaseSeconds],
      );
      return readRun(row ?? {});
    },
    start: (id, settings, phases) =>
      postgres.transaction(async (session) => {
        const started = await session.query(
          "UPDATE lookalike.runs SET state = 'working', settings = $2 WHERE id = $1 RETURNING id",
          [id, settings],
        );
        if (started.length === 0) throw removedRun(id);
        for (const [position, phase] of phases.entries()) await addPhase(session, id, position, phase);
      }),
    changeSettings: async (id, changed) =>
      void (await query("UPDATE lookalike.runs SET settings = settings || $2::jsonb WHERE id = $1", [
        id,
        changed,
      ])),
    setMerged: async (id) =>
      void (await query("UPDATE lookalike.runs SET state = 'merged' WHERE id = $1", [id])),
    remove: async (id) => void (await query("DELETE FROM lookalike.runs WHERE id = $1", [id])),
  };
}

function removedRun(id: string): LookalikeError {
  return new LookalikeError(
    "ERR_CLUSTER_RUN_UNKNOWN",
    `Expected the planned run ${id} but it was removed meanwhile: a customer in it was erased, or it was planned by another process`,
    { hint: "Plan the run again." },
  );
}

async function addPhase({ query }: Session, id: string, position: number, phase: Phase): Promise<void> {
  await query(
    "INSERT INTO lookalike.phases (run_id, position, name, shards, remaining) VALUES ($1, $2, $3, $4, $4)",
    [id, position, phase.name, phase.shards],
  );
  await query(
    "INSERT INTO lookalike.shards (run_id, phase, number) SELECT $1::text, $2::int, generate_series(0, $3::int - 1)",
    [id, position, phase.shards],
  );
}

function readRun(row: PostgresRow): ClusterRun {
  return {
    id: String(row.id),
    kind: row.kind as RunKind,
    fingerprint: String(row.fingerprint),
    state: row.state as RunState,
    data: String(row.data),
    leaseSeconds: Number(row.lease_seconds),
    settings: row.settings as ClusterRun["settings"],
    createdAt: new Date(row.created_at as Date),
  };
}
