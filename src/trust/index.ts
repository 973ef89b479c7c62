export {
  ACCESS_NAMES,
  type AccessKey,
  type AccessKeys,
  type NewAccessKey,
  openAccessKeys,
  SCOPES,
  type Scope,
} from "./access/keys.ts";
export { actorOf } from "./actor.ts";
export { createAuditJournal, readAuditJournal } from "./audit/journal.ts";
export {
  AUDIT_NAMES,
  type AuditAction,
  type AuditCheck,
  type AuditHead,
  type AuditLog,
  type NewAuditEntry,
  openAudit,
} from "./audit/log.ts";
export type { AuditSink, JournalEntry } from "./audit/types.ts";
export { CONSENT_SCHEMA, LOCKED_VERSION } from "./consents/in-postgres.ts";
export { judgeConsent } from "./consents/judge.ts";
export { findRule, type JurisdictionRule } from "./consents/jurisdictions.ts";
export { requireNotLost } from "./consents/lost.ts";
export { type MoveReport, moveConsents } from "./consents/move.ts";
export { type ConsentsOptions, openConsents, openConsentsInPostgres } from "./consents/registry.ts";
export { CONSENT_NAMES } from "./consents/schema.ts";
export {
  CONSENT_COLUMNS,
  type Consent,
  type ConsentImportReport,
  type ConsentMapping,
  type ConsentRecord,
  type ConsentRegistry,
  type ConsentStanding,
  type CrmConsent,
  type JudgeOptions,
  type KeptConsent,
  type NetworkUse,
  PURPOSES,
  type Purpose,
} from "./consents/types.ts";
export { AUDIT_NAME, privacyFiles, REGISTRY_NAME } from "./privacy-files.ts";
export {
  hasAuditLog,
  hasRegistry,
  openPrivacyFolder,
  openRegistry,
  type PrivacyFolder,
} from "./privacy-folder.ts";
export {
  createVault,
  findVault,
  isSameHash,
  isSealedText,
  type KeySource,
  pseudonym,
  type Vault,
  writeKeyFile,
} from "./vault.ts";
