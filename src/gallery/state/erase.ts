import type { Database } from "../../io/sqlite/index.ts";
import type { IndexFile } from "../vectors/index-file.ts";
import type { Store } from "./store.ts";

/** Rows deleted in one transaction. */
const BATCH = 500;

/**
 * Deletes contents without a photo: first the search index, which contains copies of the vectors, then the rows, then the
 * write-ahead log, which contains the old pages. After an interruption, the next run finds the contents that are left.
 */
export async function eraseOrphans(database: Database, store: Store, file: IndexFile): Promise<void> {
  if (!store.hasOrphans()) return;
  await file.discard();
  while (database.transaction(() => store.dropOrphans(BATCH)) === BATCH);
  database.pragma("wal_checkpoint(TRUNCATE)");
}
