import type { RunManifest } from "../manifest.ts";
import type { AdImage } from "./types.ts";

/** Chooses the creatives of an ad for a tool. */

type Channel = RunManifest["channels"][number];

/** Not all mail programs and feeds render WebP and AVIF (https://www.caniemail.com/features/image-webp/). */
const IS_DRAWN_EVERYWHERE = /\.(?:jpe?g|png)$/i;

/**
 * The channel for mail: the mail channel, else a landscape at least as wide as a message, else the widest;
 * only JPEG or PNG.
 */
export function mailChannel(all: readonly Channel[]): Channel | null {
  const channels = all.filter(({ format }) => format === "jpeg" || format === "png");
  const own = channels.find(({ id }) => id === "email-hero");
  const landscape = channels.find(
    ({ width, height }) => width >= 600 && width > height && width < 2.4 * height,
  );
  const widest = channels.toSorted((a, b) => b.width - a.width)[0];
  return own ?? landscape ?? widest ?? null;
}

/** The JPEGs and PNGs whose shorter side is long enough. */
export function largeImages(images: readonly AdImage[], minSide: number): AdImage[] {
  return images.filter(({ url, width, height }) => {
    return IS_DRAWN_EVERYWHERE.test(url) && Math.min(width, height) >= minSide;
  });
}

/**
 * The JPEG or PNG closest to a square whose shorter side is long enough; the larger one if two are equal;
 * null: none.
 */
export function squarest(images: readonly AdImage[], minSide: number): AdImage | null {
  const skew = ({ width, height }: AdImage) => Math.abs(Math.log(width / height));
  return largeImages(images, minSide).toSorted((a, b) => skew(a) - skew(b) || b.width - a.width)[0] ?? null;
}

export function imageOf(images: readonly AdImage[], channel: string | undefined): AdImage | null {
  return images.find((image) => image.channel === channel) ?? null;
}
