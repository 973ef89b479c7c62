import { canonicalId } from "../../core/index.ts";
import { openDatabase } from "../../io/duckdb/index.ts";
import type { Vault } from "../../trust/index.ts";
import { forgetPerson, listMonths } from "./kept.ts";

/**
 * Removes a person's ties from the months that a folder keeps, those that name them from either end.
 *
 * @returns how many rows went
 * @throws ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE
 */
export async function forgetInNetwork(
  customerId: string,
  kept: { readonly folder: string; readonly vault: Vault | null },
): Promise<number> {
  if ((await listMonths(kept)).length === 0) return 0;
  const database = await openDatabase({ threads: 1, memoryMb: 512 });
  try {
    return await forgetPerson(database, kept, canonicalId(customerId));
  } finally {
    await database.close();
  }
}
