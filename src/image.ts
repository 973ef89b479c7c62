import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { LookalikeError } from "./errors.ts";
import { reason } from "./files.ts";

/** The one file that knows sharp: photos become plain pixels here, and pixels become files. */

/** Interleaved 8-bit sRGB, row by row from the top left: `data[(y * width + x) * 3 + channel]`. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface DecodedPhoto {
  /** Size of the upright (EXIF-applied) original, px. */
  readonly width: number;
  readonly height: number;
  /** The pixels, scaled down to `maxSide` where the original is larger. */
  readonly image: RgbImage;
  /** Original px per px of `image`, >= 1, along each axis. */
  readonly scaleX: number;
  readonly scaleY: number;
}

export interface DecodeOptions {
  /** Longest side of the decoded pixels; larger photos are scaled down while decoding. Default: no scaling. */
  readonly maxSide?: number | undefined;
  /** Refuse pictures of more pixels than this; default 100 million. */
  readonly maxPixels?: number | undefined;
}

export const DEFAULT_MAX_PIXELS = 100_000_000;

/** Names the decoder: what one version refuses another may read. */
export function decoderVersion(): string {
  return `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`;
}

/** Raster formats only: vector and document formats can refer to other files and are no photographs. */
const PHOTO_FORMATS = new Set([
  "jpeg",
  "png",
  "webp",
  "gif",
  "tiff",
  "heif",
  "avif",
  "jp2",
  "jxl",
  "ppm",
  "raw",
]);

/**
 * Decodes any raster photo that sharp reads to upright 8-bit sRGB: EXIF orientation and colour profile applied,
 * alpha flattened on white, grey, CMYK and 16-bit converted, the first frame of an animation.
 *
 * @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE, ERR_PHOTO_TOO_LARGE
 */
export async function decodePhoto(
  source: string | Uint8Array,
  options: DecodeOptions = {},
): Promise<DecodedPhoto> {
  const name = typeof source === "string" ? source : "photo";
  const bytes = typeof source === "string" ? await readPhoto(source) : source;
  const size = await inspect(bytes, name, options.maxPixels ?? DEFAULT_MAX_PIXELS);
  try {
    let pipeline = open(bytes).autoOrient().toColourspace("srgb").flatten({ background: "#fff" });
    if (options.maxSide !== undefined && Math.max(size.width, size.height) > options.maxSide) {
      pipeline = pipeline.resize({ width: options.maxSide, height: options.maxSide, fit: "inside" });
    }
    const { data, info } = await pipeline.raw({ depth: "uchar" }).toBuffer({ resolveWithObject: true });
    const image = { width: info.width, height: info.height, data: threeChannels(data, info.channels) };
    return { ...size, image, scaleX: size.width / info.width, scaleY: size.height / info.height };
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

async function readPhoto(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LookalikeError("ERR_PHOTO_NOT_FOUND", `Could not open ${path}: ${reason(cause)}`, {
      hint: "Check the path and the file's permissions.",
      cause,
    });
  }
}

async function inspect(
  bytes: Uint8Array,
  name: string,
  maxPixels: number,
): Promise<{ width: number; height: number }> {
  if (bytes.length === 0) throw unreadable(name, new Error("the file is empty"));
  const metadata = await open(bytes)
    .metadata()
    .catch((cause) => {
      throw unreadable(name, cause);
    });
  const { format, width, height, autoOrient } = metadata;
  if (!PHOTO_FORMATS.has(format)) {
    throw unreadable(name, new Error(`${format.toUpperCase()} is not a photo format`));
  }
  const pixels = width * (metadata.pageHeight ?? height);
  if (pixels > maxPixels) {
    throw new LookalikeError(
      "ERR_PHOTO_TOO_LARGE",
      `Expected at most ${maxPixels} pixels for ${name} but received ${width} x ${height} = ${pixels}`,
      { hint: "Scale the picture down, or raise the pixel limit." },
    );
  }
  return { width: autoOrient.width, height: autoOrient.height };
}

/** `failOn: "error"`: truncated data is refused, a camera's harmless metadata warnings are not. */
function open(bytes: Uint8Array) {
  return sharp(bytes, { failOn: "error", limitInputPixels: false, pages: 1 });
}

function threeChannels(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const pixels = data.length / channels;
  const rgb = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const grey = data[i * channels] ?? 0;
    rgb.fill(grey, i * 3, i * 3 + 3);
  }
  return rgb;
}

function unreadable(name: string, cause: unknown): LookalikeError {
  return new LookalikeError("ERR_PHOTO_UNREADABLE", `Could not read ${name} as a photo: ${reason(cause)}`, {
    hint: "Replace the file: it is damaged, empty, or not a JPEG, PNG, WebP, AVIF, HEIF, GIF or TIFF picture.",
    cause,
  });
}

/** Interleaved 8-bit sRGB with straight (not premultiplied) alpha: four bytes a pixel. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Draws SVG of paths, shapes and gradients at its own size. Text elements would depend on the machine's fonts: do not use them. */
export async function rasterizeSvg(svg: string): Promise<RgbaImage> {
  const { data, info } = await sharp(Buffer.from(svg), { density: 72 })
    .ensureAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** A picture laid over another, its top left corner at (x, y) px; parts outside are cut off. */
export interface ImageLayer {
  readonly image: RgbImage | RgbaImage;
  readonly x: number;
  readonly y: number;
}

/** Lays pictures over a plain background, first to last. */
export async function composeImage(
  width: number,
  height: number,
  background: string,
  layers: readonly ImageLayer[],
): Promise<RgbImage> {
  const { data } = await sharp({ create: { width, height, channels: 3, background } })
    .composite(
      layers.map(({ image, x, y }) => ({ input: bufferOf(image), raw: rawShape(image), left: x, top: y })),
    )
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width, height, data };
}

/** Cuts a region out of a picture and scales it to `width` x `height` px (Lanczos 3). */
export async function cropImage(
  image: RgbImage,
  region: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  width: number,
  height: number,
): Promise<RgbImage> {
  const left = Math.min(Math.max(0, Math.round(region.x)), image.width - 1);
  const top = Math.min(Math.max(0, Math.round(region.y)), image.height - 1);
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

/** Reads a logo or another drawing (raster or SVG) with its transparency, scaled to fit inside a box, px. */
export async function decodeGraphic(path: string, maxWidth: number, maxHeight: number): Promise<RgbaImage> {
  const bytes = await readPhoto(path);
  try {
    const { data, info } = await sharp(bytes, { density: 288 })
      .trim({ threshold: 1 })
      .resize({ width: maxWidth, height: maxHeight, fit: "inside" })
      .toColourspace("srgb")
      .ensureAlpha()
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, data };
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

export type ImageFormat = "jpeg" | "png" | "webp" | "avif";

export interface EncodeOptions {
  readonly format: ImageFormat;
  /** 1 to 100; for PNG below 100 a palette of that quality. Default 90. */
  readonly quality?: number | undefined;
  /** `fast` leaves out mozjpeg's trellis search: a sixth of the time for an eighth more bytes. Default `thorough`. */
  readonly effort?: "fast" | "thorough" | undefined;
  /** XMP packet to embed; default none. */
  readonly xmp?: string | undefined;
}

/** Encodes pixels; the same pixels and options give the same bytes. */
export async function encodeImage(image: RgbImage | RgbaImage, options: EncodeOptions): Promise<Buffer> {
  const { format, quality = 90, effort = "thorough", xmp } = options;
  const plain = sharp(image.data, { raw: rawShape(image) });
  const pipeline = xmp === undefined ? plain : plain.withXmp(xmp);
  if (format === "jpeg") {
    return pipeline.flatten({ background: "#fff" }).jpeg(jpegOptions(quality, effort)).toBuffer();
  }
  if (format === "webp") return pipeline.webp({ quality, effort: 4 }).toBuffer();
  if (format === "avif") return pipeline.avif({ quality, effort: 4 }).toBuffer();
  const palette = quality < 100 ? { palette: true, quality, effort: 7 } : {};
  return pipeline.png({ compressionLevel: 7, ...palette }).toBuffer();
}

/** Full colour resolution as long as the quality allows: letters in colour fray without it. */
function jpegOptions(quality: number, effort: "fast" | "thorough") {
  const chromaSubsampling = quality >= 76 ? "4:4:4" : "4:2:0";
  if (effort === "thorough") return { quality, mozjpeg: true, chromaSubsampling };
  // mozjpeg's quantisation table and deringing around letters, without its searches.
  return { quality, chromaSubsampling, quantisationTable: 3, overshootDeringing: true, progressive: true };
}

/**
 * The XMP packet of a picture; null where it has none.
 *
 * @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE
 */
export async function readXmp(source: string | Uint8Array): Promise<string | null> {
  const name = typeof source === "string" ? source : "picture";
  const bytes = typeof source === "string" ? await readPhoto(source) : source;
  const metadata = await open(bytes)
    .metadata()
    .catch((cause) => {
      throw unreadable(name, cause);
    });
  return metadata.xmp ? metadata.xmp.toString("utf8") : null;
}

function rawShape(image: RgbImage | RgbaImage): { width: number; height: number; channels: 3 | 4 } {
  const channels = image.data.length === image.width * image.height * 4 ? 4 : 3;
  return { width: image.width, height: image.height, channels };
}

/** The same memory as a Buffer, which sharp's types ask for. */
function bufferOf({ data }: RgbImage | RgbaImage): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
