export { openSqlite } from "./database.ts";
export { corrupt } from "./errors.ts";
export { isUnderKey, rekeySqlite } from "./rekey.ts";
export { compact, emptyLog, openStore, type StoreKind } from "./store.ts";
export type { Database, SqliteOptions, SqlRow, SqlValue, Statement, StoreNames } from "./types.ts";
export { claimStore, type StoreUse, useStore } from "./use.ts";
