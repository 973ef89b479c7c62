import type { Session } from "../io/postgres/index.ts";
import type { ConsentRegistry } from "../trust/index.ts";

/** The registry's version as the transaction of a commit sees it. */
export async function registryVersion(
  registry: ConsentRegistry | null,
  _session: Session,
): Promise<number | null> {
  return registry?.version ?? null;
}
