export { openDatabase } from "./database.ts";
export { quoteFile, quoteName, quoteText } from "./quote.ts";
export type { Database, DatabaseResources, RowBatch } from "./types.ts";
