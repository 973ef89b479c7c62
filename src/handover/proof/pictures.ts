import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Creative } from "../../ads/index.ts";
import { LookalikeError, throwIfAborted } from "../../core/index.ts";
import { reason } from "../../io/files.ts";
import { ACCEPTED_MAX_PIXELS, decodePhoto, encodeImage } from "../../io/image/index.ts";

/** Creatives as data URIs: the originals if the page stays small enough. */

/** Limit for all pictures of a page together, so that it opens in any browser and fits most mailboxes. */
const MAX_PICTURE_BYTES = 24_000_000;

/** Longest sides for scaled-down pictures, tried in this order if the originals are too large together. */
const SIDES = [900, 560, 360, 240] as const;
/** Bytes per pixel of a small JPEG (an upper estimate), times the growth by base64. */
const BYTES_PER_PIXEL = 0.28 * (4 / 3);

export interface PicturePlan {
  /** Longest side, px; null: the original file. */
  readonly maxSide: number | null;
  /** Number of creatives with a picture, from the first. */
  readonly pictured: number;
}

/** Chooses the size of the pictures, and their number if even the smallest do not all fit. */
export function planPictures(creatives: readonly Creative[], maxBytes = MAX_PICTURE_BYTES): PicturePlan {
  const originals = creatives.reduce((sum, { bytes }) => sum + (bytes * 4) / 3, 0);
  if (originals <= maxBytes) return { maxSide: null, pictured: creatives.length };
  for (const maxSide of SIDES) {
    const bytes = creatives.reduce((sum, creative) => sum + scaledBytes(creative, maxSide), 0);
    if (bytes <= maxBytes) return { maxSide, pictured: creatives.length };
  }
  const maxSide = SIDES[3];
  let left = maxBytes;
  const pictured = creatives.findIndex((creative) => {
    left -= scaledBytes(creative, maxSide);
    return left < 0;
  });
  return { maxSide, pictured };
}

function scaledBytes({ width, height }: Creative, maxSide: number): number {
  const scale = Math.min(1, maxSide / Math.max(width, height));
  return width * scale * height * scale * BYTES_PER_PIXEL + 600;
}

/**
 * One creative as a data URI.
 *
 * @throws ERR_RUN_UNREADABLE the file is missing or damaged
 */
export async function pictureUri(
  out: string,
  { file }: Creative,
  maxSide: number | null,
  signal?: AbortSignal | undefined,
): Promise<string> {
  throwIfAborted(signal);
  const path = join(out, file);
  try {
    if (maxSide === null) return dataUri(mediaType(file), await readFile(path));
    const { image } = await decodePhoto(path, { maxSide, maxPixels: ACCEPTED_MAX_PIXELS });
    return dataUri("image/jpeg", await encodeImage(image, { format: "jpeg", quality: 78 }));
  } catch (cause) {
    throw new LookalikeError("ERR_RUN_UNREADABLE", `Could not read the creative ${path}: ${reason(cause)}`, {
      hint: "Generate again: missing or damaged creatives are drawn again.",
      cause,
    });
  }
}

export function dataUri(type: string, data: Buffer): string {
  return `data:${type};base64,${data.toString("base64")}`;
}

function mediaType(file: string): string {
  const extension = file.split(".").at(-1) ?? "";
  return `image/${extension === "jpg" ? "jpeg" : extension}`;
}
