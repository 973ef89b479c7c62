import { loadSharp } from "./library.ts";
import { type RgbaImage, type RgbImage, rawShape } from "./types.ts";

/** Drawing and composing pixels. */

/**
 * Draws SVG of paths, shapes and gradients at its own size. Do not use text elements: they depend on the
 * machine's fonts.
 */
export async function rasterizeSvg(svg: string): Promise<RgbaImage> {
  const sharp = await loadSharp();
  const { data, info } = await sharp(Buffer.from(svg), { density: 72 })
    .ensureAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** A picture drawn over another, its top left corner at (x, y) px; parts outside are cut off. */
export interface ImageLayer {
  readonly image: RgbImage | RgbaImage;
  readonly x: number;
  readonly y: number;
}

/** Draws pictures over a plain background, in order. */
export async function composeImage(
  width: number,
  height: number,
  background: string,
  layers: readonly ImageLayer[],
): Promise<RgbImage> {
  const sharp = await loadSharp();
  const { data } = await sharp({ create: { width, height, channels: 3, background } })
    .composite(
      layers.map(({ image, x, y }) => ({ input: bufferOf(image), raw: rawShape(image), left: x, top: y })),
    )
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, data };
}

/** Crops a region of a picture and scales it to `width` x `height` px (Lanczos 3). */
export async function cropImage(
  image: RgbImage,
  region: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  width: number,
  height: number,
): Promise<RgbImage> {
  const left = Math.min(Math.max(0, Math.round(region.x)), image.width - 1);
  const top = Math.min(Math.max(0, Math.round(region.y)), image.height - 1);
  const sharp = await loadSharp();
  const { data } = await sharp(image.data, { raw: rawShape(image) })
    .extract({
      left,
      top,
      width: Math.max(1, Math.min(Math.round(region.width), image.width - left)),
      height: Math.max(1, Math.min(Math.round(region.height), image.height - top)),
    })
    .resize(width, height, { fit: "fill", kernel: "lanczos3" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, data };
}

/** Scales a graphic to fit inside a box, px; its transparency is kept. */
export async function scaleGraphic(
  image: RgbaImage,
  maxWidth: number,
  maxHeight: number,
): Promise<RgbaImage> {
  const sharp = await loadSharp();
  const { data, info } = await sharp(image.data, { raw: rawShape(image) })
    .resize({ width: maxWidth, height: maxHeight, fit: "inside" })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** The same memory as a Buffer, which sharp's types require. */
function bufferOf({ data }: RgbImage | RgbaImage): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
