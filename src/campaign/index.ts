export type { BudgetShares } from "./deciding/assign.ts";
export { openAllocator } from "./deciding/budgets.ts";
export { type Decider, type DeciderCustomer, openDecider, type Settled } from "./deciding/decider.ts";
export { type Exclusion, readExclusions, writeExclusions } from "./deciding/exclusions.ts";
export type { RunBatch } from "./deciding/run-batches.ts";
export { type ExamineOptions, examine } from "./doctor/examine.ts";
export type { Finding } from "./doctor/types.ts";
export { draftCampaign } from "./draft/draft.ts";
export type { CampaignDraft, DraftAnswers } from "./draft/types.ts";
export { samplePhoto } from "./drawing/ad-photo.ts";
export { placeholdersOf, plainCopy } from "./drawing/copy.ts";
export type { FinishedDecision } from "./drawing/creative.ts";
export { createCampaignRenderer } from "./drawing/renderer.ts";
export { loadCampaign, loadRules, parseCampaign } from "./file/load.ts";
export { chosenFace, faceMiddle } from "./matching/lead-face.ts";
export {
  type CampaignParts,
  indexDetail,
  type OpenCampaign,
  type OpenCampaignOptions,
  openCampaign,
  openCampaignParts,
} from "./open.ts";
export { type Preview, type PreviewOptions, previewAd } from "./preview.ts";
export { type Circulation, findCirculation } from "./privacy/circulation.ts";
export { type EraseReceipt, eraseCustomer } from "./privacy/erase.ts";
export { erasePhotos } from "./privacy/erase-photos.ts";
export { explainDecision, isExplained } from "./privacy/explain.ts";
export { type IdLookup, lookUpCustomer } from "./privacy/known-ids.ts";
export { type NoticeFacts, privacyNotice, retentionPolicy } from "./privacy/notice.ts";
export { type PurgeReport, purgeExpired } from "./privacy/purge.ts";
export { rekeyAll } from "./privacy/rekey.ts";
export { releaseEnd } from "./privacy/release.ts";
export { sweepNetwork, withdrawConsent } from "./privacy/withdraw.ts";
export { countCustomers } from "./run/count-customers.ts";
export { dryRun } from "./run/dry-run.ts";
export { type AdRun, generateAds } from "./run/generate.ts";
export {
  learnPolicy,
  trainingSources,
} from "./run/learn-from-results.ts";
export type { GenerateOptions } from "./run/open-run.ts";
export type { RunParts } from "./run/prepare.ts";
export { campaignSources } from "./run/sources.ts";
export { assembleRun } from "./shards/assemble.ts";
export { openShardDecider, type ShardDecider, workFingerprintOf } from "./shards/decider.ts";
export { type CustomerSnapshot, openSnapshot } from "./shards/snapshot.ts";
export { drawMatchSheet } from "./sheets/match.ts";
export type * from "./types.ts";
