export { openDatabase } from "./database.ts";
export { quoteFile, quoteName, quoteText } from "./quote.ts";
export type { Database, DatabaseOptions, DatabaseResources, RowBatch, SqlValue } from "./types.ts";
