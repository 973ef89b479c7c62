import { isPostgresUrl, type Session } from "../io/postgres/index.ts";
import { type ConsentRegistry, LOCKED_VERSION } from "../trust/index.ts";

/**
 * The registry's version as the transaction of a commit sees it. A registry in the same PostgreSQL cannot change until
 * the commit has ended; one in a file is read at this moment.
 */
export async function registryVersion(registry: ConsentRegistry | null, session: Session): Promise<number | null> {
  if (registry === null || !isPostgresUrl(registry.path)) return registry?.version ?? null;
  const [row] = await session.query(LOCKED_VERSION);
  return Number(row?.changes);
}
