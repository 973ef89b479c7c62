export { biometricConsent } from "./consent.ts";

export type { CustomerMapping } from "./crm.ts";
export type { ExperimentMapping, ExperimentOptions } from "./experiment/options.ts";
export {
  distinctValues,
  type GuessedCustomers,
  guessCustomerColumns,
  guessTableColumns,
} from "./guess.ts";
export { CALL_NAMES, EXPERIMENT_NAMES, USAGE_NAMES } from "./guess-names.ts";
export { eraseFromLogFeatures, writeLogFeatures } from "./logs/parts/features.ts";
export { type LogPlan, type LogSources, logPlan, planLogs } from "./logs/parts/plan.ts";
export {
  addCounted,
  addScattered,
  addSummaries,
  type Counted,
  countStats,
  featureStats,
  type Scattered,
  type SummaryStats,
  scatterStats,
  summaryStats,
} from "./logs/parts/stats.ts";
export { countPart, featuresOfPart, scatterLog, summarisePart } from "./logs/parts/steps.ts";
export type { StepOptions } from "./logs/parts/tables.ts";
export {
  CALL_ROLES,
  type CallMapping,
  MESSAGE_ROLES,
  type MessageMapping,
  type UsageMapping,
} from "./logs/tables.ts";
export { isNetworkFeature } from "./network/features.ts";
export { forgetAmong, forgetInNetwork } from "./network/forget.ts";
export type { Influence } from "./network/influence.ts";
export { openNetwork } from "./network/open.ts";
export { networkEvents, networkMeasures, networkPage } from "./network/page.ts";
export { rekeyNetwork } from "./network/rekey.ts";
export type { NetworkReport } from "./network/report.ts";
export type { NetworkOptions, NetworkReading } from "./network/types.ts";
export { readCustomers, readExperiment } from "./one-table.ts";
export { type Customers, type CustomersOptions, openCustomers } from "./open.ts";
export { openPredicates } from "./predicates.ts";
export { PURCHASE_ROLES, type PurchaseMapping } from "./purchases/open.ts";
export { readPurchases } from "./purchases/read.ts";
export { readSwitchTable } from "./switches.ts";
export type * from "./types.ts";
