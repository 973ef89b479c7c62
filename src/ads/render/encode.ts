import { expected, LookalikeError } from "../../core/index.ts";
import { encodeImage, type ImageFormat, type RgbImage } from "../../io/image/index.ts";

export interface Encoded {
  readonly data: Buffer;
  /** 1 to 100. */
  readonly quality: number;
}

export interface EncodeLimits {
  readonly format: ImageFormat;
  readonly maxBytes: number;
  readonly xmp: string;
}

const BEST: Readonly<Record<ImageFormat, number>> = { jpeg: 90, webp: 88, avif: 66, png: 100 };
/** Below this, faces show blocks and text shows fringes. */
const LOWEST_QUALITY = 20;
/** Larger pictures have room under their limits; small ones are worth mozjpeg's full search. */
const SMALL_PX = 300_000;

/**
 * Encodes at the best quality that meets the weight limit, found by bisection.
 *
 * @throws ERR_WEIGHT_LIMIT even the lowest quality is too heavy
 */
export async function encodeWithin(image: RgbImage, limits: EncodeLimits): Promise<Encoded> {
  const { format, maxBytes, xmp } = limits;
  const effort = image.width * image.height > SMALL_PX ? "fast" : "thorough";
  const encode = (quality: number) => encodeImage(image, { format, quality, xmp, effort });
  const best = { data: await encode(BEST[format]), quality: BEST[format] };
  if (best.data.length <= maxBytes) return best;
  let low = LOWEST_QUALITY;
  let high = BEST[format] - 1;
  let found: Encoded | null = null;
  let lightest = best.data.length;
  while (low <= high) {
    const quality = Math.floor((low + high) / 2);
    const data = await encode(quality);
    lightest = Math.min(lightest, data.length);
    if (data.length <= maxBytes) {
      found = { data, quality };
      low = quality + 1;
    } else {
      high = quality - 1;
    }
  }
  if (found) return found;
  throw new LookalikeError(
    "ERR_WEIGHT_LIMIT",
    `${expected(`at most ${maxBytes} bytes`, `a ${image.width} x ${image.height} ${format}`, lightest)} even at the lowest quality`,
    { hint: "Raise the channel's max_bytes, or choose another format." },
  );
}
