export { readAllDecisions } from "./all-decisions.ts";
export { creativeFiles, type FoundCreative, listCreatives, removeCreatives } from "./creatives.ts";
export {
  type DecisionLog,
  type DecisionLogOptions,
  dropCutLine,
  openDecisionLog,
  readDecisions,
} from "./decisions/log.ts";
export { type Rewritten, resealDecisions, rewriteDecisions } from "./decisions/rewrite.ts";
export {
  checkBaseUrl,
  checkUtm,
  publicUrl,
  type UtmKey,
  type UtmParameters,
  withUtm,
} from "./export/address.ts";
export type { ContactsSource } from "./export/contacts.ts";
export { csvCell, csvLine, isFormula, markText } from "./export/csv.ts";
export { type EmailOptions, type EmailParts, type EmailSlots, renderEmail } from "./export/email.ts";
export { type ExportOptions, exportAds } from "./export/export.ts";
export type { WrittenFile } from "./export/parts.ts";
export { decimalsOf, isPriceIn } from "./export/price.ts";
export { EXPORT_TOOLS } from "./export/tools/index.ts";
export {
  type Column,
  type CustomerAd,
  type CustomerTool,
  EXPORT_FORMATS,
  type ExportFormat,
  type ExportTool,
  type PublicAd,
  type PublicTool,
} from "./export/types.ts";
export { isByFace, type StoppedCustomers, type Withheld } from "./export/withheld.ts";
export type { ExportReport } from "./export/work.ts";
export { removeExports } from "./exports-folder.ts";
export { type Journal, type JournalOptions, lockRun, openJournal } from "./journal.ts";
export { findKnownRuns, type KnownRuns } from "./known-runs.ts";
export {
  type ManifestOffer,
  type RunManifest,
  readManifest,
  writeManifest,
} from "./manifest.ts";
export { type PicturePlan, planPictures } from "./proof/pictures.ts";
export { type ProofOptions, type ProofReport, writeProof } from "./proof/write.ts";
export { type PruneReport, pruneCreatives } from "./prune.ts";
export {
  APPROVAL_POLICIES,
  type ApprovalPolicy,
  adHash,
  createApprovals,
  type IsApproved,
} from "./records/approvals.ts";
export {
  DRAFT,
  REVIEW_STATES,
  type ReviewAction,
  type ReviewEvent,
  type ReviewStanding,
  type ReviewState,
  type ReviewSubject,
  type Reviews,
} from "./records/reviews.ts";
export { RECORDS_NAMES } from "./records/schema.ts";
export { hasRecords, openRecords, type RecordsOptions } from "./records/store.ts";
export type {
  BatchOutcome,
  ExposureRecord,
  OnceKey,
  OutcomeRecord,
  RecordBatch,
  RunRecords,
  ServedDecision,
} from "./records/types.ts";
export { type RecordWriter, startWriter } from "./records/writer/writer.ts";
export { type RunFiles, runFiles } from "./run-folder.ts";
export type { AssignedArm, Decision, DecisionAssignment } from "./types.ts";
