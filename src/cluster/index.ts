export { type ClusterErasure, eraseFromRuns } from "./customers/erase.ts";
export { type PlanCustomersOptions, type PlannedRun, planCustomers } from "./customers/plan.ts";
export { statusOf } from "./ledger/status.ts";
export { type MergeRunOptions, mergePhotosRun, mergeRun } from "./merge.ts";
export { type Cluster, openCluster } from "./open.ts";
export { createPersistence, type PatienceOptions, type Persist } from "./patience.ts";
export { type MergePhotosOptions, type PlanPhotosOptions, planPhotos } from "./photos/run.ts";
export type * from "./types.ts";
export { type ShardEvent, type WorkerOptions, type WorkerReport, work } from "./worker.ts";
