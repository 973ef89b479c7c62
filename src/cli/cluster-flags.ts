import type { Command } from "commander";
import { type Cluster, openCluster, type Persist } from "../cluster/index.ts";
import { wrongUse } from "../core/index.ts";

/** Flags of the database for runs on several machines. */
export interface DatabaseFlags {
  readonly database?: string;
}

export function withDatabaseFlag(command: Command): Command {
  return command.option(
    "--database <address>",
    "the PostgreSQL that all machines share, postgres://user@host:5432/name (default: LOOKALIKE_DATABASE)",
  );
}

/** @throws ERR_OPTION_INVALID no database is given */
export function databaseOf(
  { database }: DatabaseFlags,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const address = database ?? env.LOOKALIKE_DATABASE;
  if (address) return address;
  throw wrongUse(
    "--database",
    "none",
    "Pass --database postgres://user@host:5432/name, or set LOOKALIKE_DATABASE, which keeps a password out of the process list.",
  );
}

/**
 * Runs an action with the machines' database.
 *
 * @param persist opens it again if it is unreachable; default: one attempt
 */
export async function withCluster<T>(
  flags: DatabaseFlags,
  env: Readonly<Record<string, string | undefined>>,
  action: (cluster: Cluster) => Promise<T>,
  persist: Persist = (open) => open(),
): Promise<T> {
  const database = databaseOf(flags, env);
  const cluster = await persist(() => openCluster(database));
  try {
    return await action(cluster);
  } finally {
    await cluster.close();
  }
}
