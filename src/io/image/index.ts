/** The adapter of sharp: decodes photos to pixels and encodes pixels to files. */
export { composeImage, cropImage, type ImageLayer, rasterizeSvg, scaleGraphic } from "./draw.ts";
export { encodeImage, type ImageFormat } from "./encode.ts";
export { COPY_BITS, hashDistance, hashPicture, isCopy, type PictureHash } from "./perceptual.ts";
export {
  ACCEPTED_MAX_PIXELS,
  DEFAULT_MAX_PIXELS,
  type DecodedPhoto,
  decodeGraphic,
  decodePhoto,
  decoderVersion,
  readXmp,
} from "./photo.ts";
export type { QuarterTurn, RgbaImage, RgbImage } from "./types.ts";
