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
 * Removes a person's ties, in either direction, from the months in a folder. Record the withdrawal or the
 * erasure in the registry before: months that are being written then leave the person out.
 *
 * @returns the number of removed rows
 * @throws ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE, ERR_STORE_BUSY
 */
export function forgetInNetwork(customerId: string, kept: NetworkFolder): Promise<number> {
  const id = canonicalId(customerId);
  return forgetAmong(kept, (ids) => ids.filter((own) => own === id));
}

/**
 * Like `forgetInNetwork`, for several people.
 *
 * @param isGone returns those of the given ids that are to be removed
 */
export async function forgetAmong(
  kept: NetworkFolder,
  isGone: (ids: readonly string[]) => readonly string[],
): Promise<number> {
  if (!existsSync(kept.folder)) return 0;
  const files = await whileKept(kept, () => listMonths(kept));
  if (files.length === 0) return 0;
  const database = await openDatabase({ threads: 1, memoryMb: 512 });
  try {
    return await forgetPeople(database, { ...kept, files }, isGone);
  } finally {
    await database.close();
  }
}
