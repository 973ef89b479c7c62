export { CHANNELS, findChannel, isChannelAlike } from "./channels/presets.ts";
export type { ChannelPreset, TextRules } from "./channels/types.ts";
export { blend, contrast, MIN_CONTRAST, parseColor, type Rgb, readableOn, toHex } from "./color.ts";
export {
  type CopyFinding,
  type CopyFindingCode,
  type CopyToLint,
  hasContactData,
  IMPERSONAL_COLUMNS,
  lintCopy,
  lintOffers,
} from "./copy/lint.ts";
export { type Platform, platformOf } from "./copy/platforms.ts";
export { firstSentences, sentencesOf } from "./copy/sentences.ts";
export { chooseCrop } from "./layout/crop.ts";
export { frameCrop } from "./layout/frame.ts";
export { headOf } from "./layout/head.ts";
export { canLead, leastFacePx } from "./layout/leads.ts";
export { type Scene, sceneOf } from "./layout/scene.ts";
export { colorChanges } from "./render/brand-colors.ts";
export {
  type CreativeMetadata,
  type DigitalSourceType,
  readCreativeMetadata,
} from "./render/metadata.ts";
export {
  type AdRenderer,
  createRenderer,
  type RendererOptions,
} from "./render/renderer.ts";
export type { RenderRequest } from "./render/request.ts";
export { type CreativeOrigin, NOTES_FOLDER, notePath, parseOrigin, readOrigin } from "./render/store.ts";
export { TEMPLATES } from "./templates/index.ts";
export { isTemplatePath } from "./templates/own/load.ts";
export type { Arrangement, Canvas, Ground, Template } from "./templates/types.ts";
export { type RenderTextOptions, renderText } from "./text.ts";
export { isRightToLeft } from "./type/direction.ts";
export { type BrandFont, loadFonts, TEXT_WEIGHTS } from "./type/fonts.ts";
export { AD_LANGUAGES, HYPHENATED_LANGUAGES } from "./type/hyphenate.ts";
export { createTypesetter, type TextStyle, type Typesetter } from "./type/typesetter.ts";
export type * from "./types.ts";
export { BRAND_CORNERS, BRAND_TONES } from "./types.ts";
