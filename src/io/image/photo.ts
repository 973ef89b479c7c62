import { isLookalikeError, LookalikeError } from "../../core/index.ts";
import { readNamed, reason } from "../files.ts";

import { isDrawing, renderDrawing } from "./drawing.ts";
import { type HeicImage, isHeic, openHeic } from "./heic.ts";

import { loadSharp } from "./library.ts";
import type { QuarterTurn, RgbaImage, RgbImage } from "./types.ts";

/** Decoding of photos, logos and their metadata to plain pixels and text. */

export interface DecodedPhoto {
  /** Size of the upright (EXIF-applied, then turned) original, px. */
  readonly width: number;
  readonly height: number;
  /** The pixels, scaled down to `maxSide` if the original is larger. */
  readonly image: RgbImage;
  /** Original px per px of `image`, >= 1, along each axis. */
  readonly scaleX: number;
  readonly scaleY: number;
}

export interface DecodeOptions {
  /** Longest side of the decoded pixels; larger photos are scaled down while decoding. Default: no scaling. */
  readonly maxSide?: number | undefined;
  /**
   * Additional rotation of the upright picture, degrees clockwise, for photos without a recorded orientation;
   * default 0.
   */
  readonly turn?: QuarterTurn | undefined;
  /** Pictures with more pixels are rejected; default 100 million. */
  readonly maxPixels?: number | undefined;
}

export const DEFAULT_MAX_PIXELS = 100_000_000;
/** Limit for photos that were accepted earlier, under any limit. */
export const ACCEPTED_MAX_PIXELS = 1_000_000_000;

/** Name and version of the decoder: a photo that one version rejects may be readable for another. */
export async function decoderVersion(): Promise<string> {
  const sharp = await loadSharp();
  return `sharp ${sharp.versions.sharp}, libvips ${sharp.versions.vips}`;
}

/** Raster formats only: vector and document formats can refer to other files and are not photographs. */
const PHOTO_FORMATS = new Set(["jpeg", "png", "webp", "gif", "tiff", "heif", "avif"]);

/**
 * Decodes any raster photo that sharp reads to upright 8-bit sRGB. EXIF orientation and colour profile are
 * applied, alpha is flattened on white, grey, CMYK and 16-bit are converted, and only the first frame of an
 * animation is used.
 *
 * @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE, ERR_PHOTO_TOO_LARGE
 */
export async function decodePhoto(
  source: string | Uint8Array,
  options: DecodeOptions = {},
): Promise<DecodedPhoto> {
  const name = typeof source === "string" ? source : "photo";
  const bytes = typeof source === "string" ? await readPhoto(source) : source;
  const maxPixels = options.maxPixels ?? DEFAULT_MAX_PIXELS;
  const { pipeline: opened, size: stored } = isHeic(bytes)
    ? await inspectHeic(bytes, name, maxPixels)
    : await inspect(bytes, name, maxPixels);
  const { turn = 0 } = options;
  const size = turn % 180 === 0 ? stored : { width: stored.height, height: stored.width };
  try {
    let pipeline = opened.toColourspace("srgb").flatten({ background: "#fff" });
    if (turn !== 0) pipeline = pipeline.rotate(turn);
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
    return await readNamed(path);
  } catch (cause) {
    throw new LookalikeError("ERR_PHOTO_NOT_FOUND", `Could not open ${path}: ${reason(cause)}`, {
      hint: "Check the path and the file's permissions.",
      cause,
    });
  }
}

interface Source {
  /** The upright picture. */
  readonly pipeline: Awaited<ReturnType<typeof open>>;
  readonly size: { readonly width: number; readonly height: number };
}

async function inspectHeic(bytes: Uint8Array, name: string, maxPixels: number): Promise<Source> {
  let image: HeicImage | null = null;
  try {
    image = await openHeic(bytes);
    const { width, height } = image;
    checkPixels({ width, height, pixels: width * height }, name, maxPixels);
    const sharp = await loadSharp();
    const pipeline = sharp(await image.decode(), {
      raw: { width, height, channels: 4 },
      limitInputPixels: false,
    });
    return { pipeline, size: { width, height } };
  } catch (cause) {
    throw isLookalikeError(cause) ? cause : unreadable(name, cause);
  } finally {
    image?.dispose();
  }
}

function checkPixels(
  { width, height, pixels }: { readonly width: number; readonly height: number; readonly pixels: number },
  name: string,
  maxPixels: number,
): void {
  if (pixels <= maxPixels) return;
  throw new LookalikeError(
    "ERR_PHOTO_TOO_LARGE",
    `Expected at most ${maxPixels} pixels for ${name} but received ${width} x ${height} = ${pixels}`,
    { hint: `Scale the image down, or pass --max-megapixels ${Math.ceil(pixels / 1e6)}.` },
  );
}

async function inspect(bytes: Uint8Array, name: string, maxPixels: number): Promise<Source> {
  if (bytes.length === 0) throw unreadable(name, new Error("the file is empty"));
  const metadata = await (await open(bytes)).metadata().catch((cause) => {
    throw unreadable(name, cause);
  });
  const { format, width, height, autoOrient, depth } = metadata;
  if (!PHOTO_FORMATS.has(format)) {
    throw unreadable(name, new Error(`${format.toUpperCase()} is not a photo format`));
  }
  // The value of white in them is not recorded: it may be 1, 255 or any other number.
  if (!INTEGER_DEPTHS.has(depth))
    throw unreadable(name, new Error(`its pixels are stored as ${depth}: save it with 8 or 16 bits`));
  checkPixels({ width, height, pixels: width * (metadata.pageHeight ?? height) }, name, maxPixels);
  const size = { width: autoOrient.width, height: autoOrient.height };
  return { pipeline: (await open(bytes)).autoOrient(), size };
}

const INTEGER_DEPTHS = new Set<string | undefined>([
  undefined,
  "uchar",
  "char",
  "ushort",
  "short",
  "uint",
  "int",
]);

/** `failOn: "error"`: truncated data is rejected, harmless metadata warnings are not. */
async function open(bytes: Uint8Array) {
  const sharp = await loadSharp();
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
    hint: "Replace the file: it is damaged, empty, or not a JPEG, PNG, WebP, AVIF, HEIC, GIF or TIFF image.",
    cause,
  });
}

/**
 * Reads a logo or another graphic (raster or SVG), scaled to fit inside a box, px; its transparency is kept.
 */
export async function decodeGraphic(path: string, maxWidth: number, maxHeight: number): Promise<RgbaImage> {
  const bytes = await readPhoto(path);
  try {
    if (isDrawing(bytes)) return await renderDrawing(bytes, maxWidth, maxHeight);
    const sharp = await loadSharp();
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

/**
 * The XMP packet of a picture; null if it has none.
 *
 * @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE
 */
export async function readXmp(source: string | Uint8Array): Promise<string | null> {
  const name = typeof source === "string" ? source : "picture";
  const bytes = typeof source === "string" ? await readPhoto(source) : source;
  const metadata = await (await open(bytes)).metadata().catch((cause) => {
    throw unreadable(name, cause);
  });
  return metadata.xmp ? metadata.xmp.toString("utf8") : null;
}
