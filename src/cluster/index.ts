export { type PlanCustomersOptions, type PlannedRun, planCustomers } from "./customers/plan.ts";
export { statusOf } from "./ledger/status.ts";
export { type MergeRunOptions, mergeRun } from "./merge.ts";
export { type Cluster, openCluster } from "./open.ts";
export type * from "./types.ts";
export { type ShardEvent, type WorkerOptions, type WorkerReport, work } from "./worker.ts";
