export { readAllDecisions } from "./all-decisions.ts";
export { creativeFiles, listCreatives, removeCreatives } from "./creatives.ts";
export {
  dropCutLine,
  openDecisionLog,
  readDecisions,
} from "./decisions/log.ts";
export { resealDecisions, rewriteDecisions } from "./decisions/rewrite.ts";
export {
  checkBaseUrl,
  checkUtm,
  publicUrl,
  type UtmKey,
  type UtmParameters,
  withUtm,
} from "./export/address.ts";
export { csvLine, isFormula, markText } from "./export/csv.ts";
export { type EmailSlots, renderEmail } from "./export/email.ts";
export { type ExportOptions, exportAds } from "./export/export.ts";
export type { WrittenFile } from "./export/parts.ts";
export { decimalsOf, isPriceIn } from "./export/price.ts";
export { EXPORT_TOOLS } from "./export/tools/index.ts";
export {
  type Column,
  type CustomerAd,
  EXPORT_FORMATS,
  type ExportFormat,
  type PublicAd,
} from "./export/types.ts";
export { isByFace, type StoppedCustomers } from "./export/withheld.ts";
export type { ExportReport } from "./export/work.ts";
export { removeExports } from "./exports-folder.ts";
export { type Journal, lockRun, openJournal } from "./journal.ts";
export { findKnownRuns } from "./known-runs.ts";
export {
  type ManifestOffer,
  type RunManifest,
  readManifest,
  writeManifest,
} from "./manifest.ts";
export { planPictures } from "./proof/pictures.ts";
export { writeProof } from "./proof/write.ts";
export { pruneCreatives } from "./prune.ts";
export {
  APPROVAL_POLICIES,
  type ApprovalPolicy,
  adHash,
  createApprovals,
} from "./records/approvals.ts";
export {
  DRAFT,
  type ReviewEvent,
  type ReviewStanding,
  type ReviewState,
  type ReviewSubject,
  type Reviews,
} from "./records/reviews.ts";
export { RECORDS_NAMES } from "./records/schema.ts";
export { hasRecords, openRecords } from "./records/store.ts";
export type {
  ExposureRecord,
  OutcomeRecord,
  RecordBatch,
  RunRecords,
  ServedDecision,
} from "./records/types.ts";
export { type RecordWriter, startWriter } from "./records/writer/writer.ts";
export { runFiles } from "./run-folder.ts";
export type { AssignedArm, Decision } from "./types.ts";
