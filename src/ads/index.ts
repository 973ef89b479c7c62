export { CHANNELS, findChannel } from "./channels/presets.ts";
export { contrast, parseColor, type Rgb } from "./color.ts";
export {
  type DecisionLog,
  type DecisionLogOptions,
  openDecisionLog,
  readDecisions,
} from "./decisions/log.ts";
export { type Crop, chooseCrop, padCrop, type Scene, sceneOf } from "./layout/crop.ts";
export { type Head, headOf } from "./layout/head.ts";
export {
  type AdRenderer,
  createRenderer,
  type RenderCounts,
  type RendererOptions,
  type RenderRequest,
} from "./render/renderer.ts";
export { type RenderTextOptions, renderText } from "./text.ts";
export { type BrandFont, TEXT_WEIGHTS, type TextWeight } from "./type/fonts.ts";
export { createTypesetter, type TextStyle, type Typesetter } from "./type/typesetter.ts";
export type * from "./types.ts";
