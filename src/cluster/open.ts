import { createLimit } from "../core/index.ts";
import {
  openPostgres,
  openQueue,
  type Postgres,
  type PostgresOptions,
  type Queue,
} from "../io/postgres/index.ts";
import { createJournals, type Journals } from "./ledger/journals.ts";
import { createRuns, type Runs } from "./ledger/runs.ts";
import { prepareLedger } from "./ledger/schema.ts";
import { createShards, type Shards } from "./ledger/shards.ts";

/** The database that the machines share; close it. */
export interface Cluster {
  readonly postgres: Postgres;
  readonly queue: Queue;
  readonly runs: Runs;
  readonly shards: Shards;
  readonly journals: Journals;
  /** Runs work while no other process that shares the database runs work with this function. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/**
 * @param database `postgres://user@host:5432/name`
 * @throws ERR_OPTION_INVALID, ERR_DEPENDENCY_MISSING, ERR_POSTGRES_UNREACHABLE, ERR_POSTGRES_FAILED
 */
export async function openCluster(database: string, options: PostgresOptions = {}): Promise<Cluster> {
  const postgres = await openPostgres(database, options);
  try {
    await prepareLedger(postgres);
    const queue = await openQueue(postgres);
    return {
      postgres,
      queue,
      runs: createRuns(postgres),
      shards: createShards(postgres, queue),
      journals: createJournals(database, postgres),
      alone: createAlone(postgres),
      async close() {
        await queue.close();
        await postgres.close();
      },
    };
  } catch (error) {
    await postgres.close();
    throw error;
  }
}

function createAlone(postgres: Postgres): Cluster["alone"] {
  // In this process one at a time: each holds a connection, and the work needs others.
  const inTurn = createLimit(1);
  return (work) =>
    inTurn(() =>
      postgres.transaction(async ({ query }) => {
        await query("SELECT pg_advisory_xact_lock(hashtext('lookalike.alone'))");
        return work();
      }),
    );
}
