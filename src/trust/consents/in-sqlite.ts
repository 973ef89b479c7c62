import { compact, useStore } from "../../io/sqlite/index.ts";
import { CONSENT_NAMES, openConsentFile } from "./schema.ts";
import { prepareStatements } from "./statements.ts";
import { createStore } from "./store.ts";

/** The consent registry in a SQLite file. */

/** @throws ERR_STORE_CORRUPT, ERR_STORE_BUSY, ERR_KEY_REQUIRED, ERR_KEY_WRONG, ERR_OUTPUT_UNWRITABLE */
export function openConsentStore(path: string, key: string | undefined) {
  const use = useStore(path, CONSENT_NAMES);
  try {
    return openConsentFile(path, key, (database) =>
      createStore({
        sql: prepareStatements(database),
        transaction: database.transaction,
        compact: () => compact(database, path, CONSENT_NAMES),
        close() {
          database.close();
          use.end();
        },
      }),
    );
  } catch (error) {
    use.end();
    throw error;
  }
}
