import type { Database } from "../../io/sqlite/index.ts";
import type { IndexFile } from "../vectors/index-file.ts";
import type { Store } from "./store.ts";

/** Rows deleted in one transaction. */
const BATCH = 500;

/**
 * Deletes contents that no photo has any more: first from the search index, which contains copies of the
 * vectors, then the rows, then the write-ahead log, which still contains the old pages. A kill in between leaves
 * orphans for the next run to find.
 */
export async function eraseOrphans(database: Database, store: Store, file: IndexFile): Promise<void> {
  if (!store.hasOrphans()) return;
  await file.discard();
  while (database.transaction(() => store.dropOrphans(BATCH)) === BATCH);
  database.pragma("wal_checkpoint(TRUNCATE)");
}
