export {
  ACCESS_NAMES,
  type AccessKey,
  type AccessKeys,
  openAccessKeys,
  SCOPES,
  type Scope,
} from "./access/keys.ts";
export { actorOf } from "./actor.ts";
export { createAuditJournal, readAuditJournal } from "./audit/journal.ts";
export {
  type AuditAction,
  type AuditCheck,
  type AuditHead,
  type AuditLog,
  type NewAuditEntry,
  openAudit,
} from "./audit/log.ts";
export { AUDIT_NAMES } from "./audit/rows.ts";
export type { AuditSink } from "./audit/types.ts";
export { LOCKED_VERSION } from "./consents/in-postgres.ts";
export { findRule } from "./consents/jurisdictions.ts";
export { requireNotLost } from "./consents/lost.ts";
export { moveConsents } from "./consents/move.ts";
export { openConsents, openConsentsInPostgres } from "./consents/registry.ts";
export { CONSENT_NAMES } from "./consents/schema.ts";
export { consentStatus } from "./consents/status.ts";
export {
  CONSENT_COLUMNS,
  type Consent,
  type ConsentImportReport,
  type ConsentMapping,
  type ConsentQuestion,
  type ConsentRecord,
  type ConsentRegistry,
  type CrmConsent,
  type KeptConsent,
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
  pseudonym,
  type Vault,
  writeKeyFile,
} from "./vault.ts";
