import { join } from "node:path";
import { openDatabase } from "./database.ts";

export interface Lock {
  release(): void;
}

/**
 * The gallery's one writer. The lock is SQLite's own on a file that stays empty: the operating system drops it
 * with the process, however that ends, so a lock left behind by a kill does not exist.
 *
 * @throws ERR_GALLERY_BUSY another process, or another gallery object of this one, is writing
 */
export function lockGallery(folder: string): Lock {
  const database = openDatabase(join(folder, "writer.lock"), { timeoutMs: 0 });
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    throw error;
  }
  return { release: () => database.close() };
}
