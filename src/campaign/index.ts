export { samplePhoto } from "./ad-photo.ts";
export type { BudgetShares } from "./assign.ts";
export { openAllocator } from "./budgets.ts";
export { placeholdersOf, plainCopy } from "./copy.ts";
export { type CustomerCounts, countCustomers } from "./count-customers.ts";
export type { FinishedDecision } from "./creative.ts";
export { type Decider, type DeciderCustomer, openDecider, type Settled } from "./decider.ts";

export { type ExamineOptions, examine } from "./doctor/examine.ts";
export type { Finding } from "./doctor/types.ts";
export { draftCampaign } from "./draft/draft.ts";
export type { CampaignDraft, DraftAnswers } from "./draft/types.ts";
export { type DryRun, dryRun } from "./dry-run.ts";
export { type Exclusion, readExclusions, writeExclusions } from "./exclusions.ts";
export { type AdRun, type GenerateOptions, generateAds } from "./generate.ts";
export { chosenFace, faceMiddle } from "./lead-face.ts";
export {
  type LearnOptions,
  learnPolicy,
  type TrainingSources,
  trainingSources,
} from "./learn-from-results.ts";
export { loadCampaign, parseCampaign } from "./load.ts";
export {
  type CampaignParts,
  indexDetail,
  type OpenCampaign,
  type OpenCampaignOptions,
  openCampaign,
  openCampaignParts,
  type RunOptions,
} from "./open.ts";
export type { RunParts } from "./prepare.ts";
export { type Preview, type PreviewOptions, previewAd } from "./preview.ts";
export { type Circulation, findCirculation } from "./privacy/circulation.ts";
export { type EraseOptions, type EraseReceipt, eraseCustomer } from "./privacy/erase.ts";
export { type ErasePhotosOptions, erasePhotos } from "./privacy/erase-photos.ts";
export { type ExplainOptions, explainDecision, isExplained } from "./privacy/explain.ts";
export { type IdLookup, lookUpCustomer } from "./privacy/known-ids.ts";
export { type NoticeFacts, privacyNotice, retentionPolicy } from "./privacy/notice.ts";
export { type PurgeOptions, type PurgeReport, purgeExpired } from "./privacy/purge.ts";
export { rekeyAll } from "./privacy/rekey.ts";
export { type ReleaseEnd, releaseEnd } from "./privacy/release.ts";
export { sweepNetwork, type WithdrawOptions, withdrawConsent } from "./privacy/withdraw.ts";
export { createCampaignRenderer } from "./renderer.ts";
export type { RunBatch } from "./run-batches.ts";
export { type AssembleOptions, assembleRun } from "./shards/assemble.ts";
export { openShardDecider, type ShardDecider, workFingerprintOf } from "./shards/decider.ts";
export { type CustomerSnapshot, openSnapshot } from "./shards/snapshot.ts";
export { drawMatchSheet } from "./sheets/match.ts";
export { campaignSources } from "./sources.ts";
export type * from "./types.ts";
