export { isPassing } from "./errors.ts";
export {
  isPostgresUrl,
  openPostgres,
  type Postgres,
  type PostgresOptions,
  type PostgresRow,
  type Session,
} from "./open.ts";
export { type Job, openQueue, type Queue } from "./queue.ts";
export { openPostgresSync, type PostgresSync, type SyncRow, type SyncValue } from "./sync.ts";
