import {
  compact,
  ensureSqlite,
  openSqlite,
  type SqliteOptions,
  type StoreUse,
  useStore,
} from "../../io/sqlite/index.ts";
import { CONSENT_NAMES, createConsentSchema, prepareConsents } from "./schema.ts";
import { prepareStatements } from "./statements.ts";
import { createStore } from "./store.ts";

/** The consent registry in a SQLite file. */

/** @throws ERR_STORE_CORRUPT, ERR_STORE_BUSY, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE */
export function openConsentStore(path: string, key: string | undefined) {
  const options = { names: CONSENT_NAMES, key };
  const use = useStore(path, CONSENT_NAMES);
  try {
    return openInUse(path, options, use);
  } catch (error) {
    use.end();
    throw error;
  }
}

function openInUse(path: string, options: SqliteOptions, use: StoreUse) {
  ensureSqlite(path, options, (database) => database.transaction(() => createConsentSchema(database)));
  const database = openSqlite(path, options);
  try {
    prepareConsents(database, path);
    return createStore({
      sql: prepareStatements(database),
      transaction: database.transaction,
      compact: () => compact(database, path, CONSENT_NAMES),
      close() {
        database.close();
        use.end();
      },
    });
  } catch (error) {
    database.close();
    throw error;
  }
}
