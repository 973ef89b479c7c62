export { isPassing } from "./errors.ts";
export {
  isPostgresUrl,
  openPostgres,
  type Postgres,
  type PostgresOptions,
  type PostgresRow,
  type Session,
  withoutPassword,
} from "./open.ts";
export { type Job, type NewJob, openQueue, QUEUE_SCHEMA, type Queue } from "./queue.ts";
export { openPostgresSync, type PostgresSync, type SyncRow, type SyncValue } from "./sync.ts";
