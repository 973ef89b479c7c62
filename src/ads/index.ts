export { CHANNELS, findChannel, isChannelAlike } from "./channels/presets.ts";
export type { ChannelPreset, TextRules } from "./channels/types.ts";
export { contrast, parseColor, type Rgb } from "./color.ts";
export { LINTED_LANGUAGES } from "./copy/attributes.ts";
export {
  type CopyFinding,
  type CopyFindingCode,
  type CopyToLint,
  IMPERSONAL_COLUMNS,
  lintCopy,
  lintOffers,
} from "./copy/lint.ts";
export { type Platform, platformOf } from "./copy/platforms.ts";
export {
  type DecisionLog,
  type DecisionLogOptions,
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
export type { StoppedCustomers, Withheld } from "./export/withheld.ts";
export type { ExportReport } from "./export/work.ts";
export { escapeHtml } from "./html.ts";
export { chooseCrop } from "./layout/crop.ts";
export { type Head, headOf } from "./layout/head.ts";
export { padCrop } from "./layout/pad.ts";
export { type Crop, type Scene, sceneOf } from "./layout/scene.ts";
export {
  MANIFEST_FILE,
  type ManifestOffer,
  type RunManifest,
  readManifest,
  writeManifest,
} from "./manifest.ts";
export { type PicturePlan, planPictures } from "./proof/pictures.ts";
export { type ProofOptions, type ProofReport, writeProof } from "./proof/write.ts";
export type { IimFields } from "./render/iim.ts";
export {
  type CreativeMetadata,
  type DigitalSourceType,
  readCreativeIim,
  readCreativeMetadata,
} from "./render/metadata.ts";
export { type PruneReport, pruneCreatives } from "./render/prune.ts";
export {
  type AdRenderer,
  createRenderer,
  type RenderCounts,
  type RendererOptions,
  type RenderRequest,
} from "./render/renderer.ts";
export { TEMPLATES } from "./templates/index.ts";
export type { Arrangement, Canvas, Ground, Template } from "./templates/types.ts";
export { type RenderTextOptions, renderText } from "./text.ts";
export { type BrandFont, TEXT_WEIGHTS, type TextWeight } from "./type/fonts.ts";
export { createTypesetter, type TextStyle, type Typesetter } from "./type/typesetter.ts";
export type * from "./types.ts";
export { BRAND_CORNERS, BRAND_TONES } from "./types.ts";
