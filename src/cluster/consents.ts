import type { Session } from "../io/postgres/index.ts";
import { type ConsentRegistry, LOCKED_VERSION } from "../trust/index.ts";

/**
 * The registry's version as seen by the transaction of a commit. A registry in the same PostgreSQL cannot
 * change until the commit has ended; any other registry is read at this moment.
 *
 * @param shown the address of the cluster's database
 */
export async function registryVersion(
  registry: ConsentRegistry | null,
  session: Session,
  shown: string,
): Promise<number | null> {
  if (registry?.path !== shown) return registry?.version ?? null;
  const [row] = await session.query(LOCKED_VERSION);
  return Number(row?.changes);
}
