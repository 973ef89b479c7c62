import { existsSync } from "node:fs";
import { canonicalId } from "../../core/index.ts";
import { openDatabase } from "../../io/duckdb/index.ts";
import type { Vault } from "../../trust/index.ts";
import { forgetPeople, listMonths, whileKept } from "./kept.ts";

interface NetworkFolder {
  readonly folder: string;
  readonly vault: Vault | null;
}

/**
 * Removes a person's ties from the months that a folder keeps, those that name them from either end. The registry must
 * know of the withdrawal or the erasure before: months that are being written then leave the person out by themselves.
 *
 * @returns how many rows went
 * @throws ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE, ERR_STORE_BUSY
 */
export function forgetInNetwork(customerId: string, kept: NetworkFolder): Promise<number> {
  const id = canonicalId(customerId);
  return forgetAmong(kept, (ids) => ids.filter((own) => own === id));
}

/**
 * The same of several people.
 * @param isGone those of some ids who are to go
 */
export async function forgetAmong(
  kept: NetworkFolder,
  isGone: (ids: readonly string[]) => readonly string[],
): Promise<number> {
  if (!existsSync(kept.folder)) return 0;
  if ((await whileKept(kept, () => listMonths(kept))).length === 0) return 0;
  const database = await openDatabase({ threads: 1, memoryMb: 512 });
  try {
    return await forgetPeople(database, kept, isGone);
  } finally {
    await database.close();
  }
}
