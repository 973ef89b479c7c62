export { biometricConsent, parseDate } from "./consent.ts";
export { judgeConsent } from "./consents/judge.ts";
export { findRule, type JurisdictionRule } from "./consents/jurisdictions.ts";
export { requireNotLost } from "./consents/lost.ts";
export { type ConsentsOptions, openConsents } from "./consents/registry.ts";
export { CONSENT_NAMES } from "./consents/store.ts";
export * from "./consents/types.ts";
export type { CustomerMapping } from "./crm.ts";
export { type ExperimentMapping, type ExperimentOptions, OUTCOME_NAMES } from "./experiment/options.ts";
export { CALL_ROLES, type CallMapping, type UsageMapping } from "./logs/tables.ts";
export {
  type Customers,
  type CustomersOptions,
  openCustomers,
  readCustomers,
  readExperiment,
} from "./open.ts";
export type { CustomerReadOptions } from "./read.ts";
export type { TableSource } from "./source/files.ts";
export type { FeatureKind, FeatureRequest } from "./source/request.ts";
export { readSwitchTable, type SwitchMapping, type SwitchTable } from "./switches.ts";
export type { TransitionOptions } from "./transitions.ts";
export type * from "./types.ts";
