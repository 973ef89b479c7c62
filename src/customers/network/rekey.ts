import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { isLookalikeError } from "../../core/index.ts";
import { syncFolder, writeFileAtomic } from "../../io/files.ts";
import type { Vault } from "../../trust/index.ts";
import { type KeptFile, type KeptMonths, listMonths, openFile, whileKept } from "./kept.ts";

export interface RekeyMonths {
  readonly folder: string;
  /** null: in clear. */
  readonly from: Vault | null;
  readonly to: Vault | null;
}

/**
 * Seals the kept months of ties under another key, or none. Months under the new key are passed over, so that a change that
 * was killed is completed by the next one.
 *
 * @returns paths of the months that changed
 * @throws ERR_KEY_WRONG, ERR_KEY_REQUIRED, ERR_STORE_BUSY, ERR_OUTPUT_UNWRITABLE
 */
export async function rekeyNetwork({ folder, from, to }: RekeyMonths): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  return whileKept({ folder }, async () => {
    const changed: string[] = [];
    for (const file of await listMonths({ folder })) {
      const path = join(folder, file.name);
      const bytes = await readFile(path);
      if (isDone(bytes, file, to)) continue;
      const name = file.name.replace(/\.\w+$/, to === null ? ".parquet" : ".sealed");
      const clear = openFile(bytes, file, { vault: from });
      await writeFileAtomic(join(folder, name), to?.sealBytes(clear, name) ?? clear, 0o600);
      if (name !== file.name) {
        await rm(path);
        await syncFolder(folder);
      }
      changed.push(join(folder, name));
    }
    return changed;
  });
}

function isDone(bytes: Buffer, file: KeptFile, to: KeptMonths["vault"]): boolean {
  if (to === null || !file.isSealed) return to === null && !file.isSealed;
  try {
    openFile(bytes, file, { vault: to });
    return true;
  } catch (error) {
    if (isLookalikeError(error) && error.code === "ERR_KEY_WRONG") return false;
    throw error;
  }
}
