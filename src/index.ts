/**
 * The public API for campaigns, in the order of a campaign. Parts have subpaths of their own
 * (`lookalike-ads/faces`, `/gallery`, `/offers`, `/ads`); everything else is internal.
 */

// A campaign, from its file to its ads.
// Consent, erasure, encryption and the audit log.
export {
  type AdRun,
  type Campaign,
  drawMatchSheet,
  type EraseReceipt,
  type ExamineOptions,
  eraseCustomer,
  examine,
  explainDecision,
  type GenerateOptions,
  type GenerateReport,
  generateAds,
  loadCampaign,
  type OpenCampaign,
  type OpenCampaignOptions,
  openCampaign,
  type Preview,
  type PreviewOptions,
  parseCampaign,
  previewAd,
  privacyNotice,
  purgeExpired,
} from "./campaign/index.ts";
// Errors.
export { type ErrorCode, LookalikeError } from "./core/index.ts";
// Customers and past campaigns.
export {
  type Customers,
  type CustomersOptions,
  openCustomers,
  readCustomers,
  readExperiment,
} from "./customers/index.ts";
// Faces and the gallery of campaign photos.
export {
  type Box,
  createFaceEngine,
  evaluateFaces,
  type Face,
  type FaceEngine,
  type FaceEngineOptions,
  type FaceEvaluation,
  type FaceEvaluationOptions,
  renderFaceEvaluation,
} from "./faces/index.ts";
export {
  type Gallery,
  type IndexReport,
  type Match,
  type MatchOptions,
  openGallery,
} from "./gallery/index.ts";
// The output of a run, and the files for mail and ad tools.
export {
  type Decision,
  type ExportOptions,
  type ExportReport,
  exportAds,
  readDecisions,
  readManifest,
  writeProof,
} from "./handover/index.ts";
// Offers.
export {
  evaluateOffers,
  loadOfferModel,
  type OfferModel,
  saveOfferModel,
  scoreCustomers,
  trainOffers,
} from "./offers/index.ts";
export {
  type AuditLog,
  type ConsentRegistry,
  createVault,
  findVault,
  openAudit,
  openConsents,
  type Vault,
  writeKeyFile,
} from "./trust/index.ts";
