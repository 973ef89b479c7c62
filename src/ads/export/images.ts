import type { RunManifest } from "../manifest.ts";
import type { AdImage } from "./types.ts";

/** Which of an ad's creatives a tool is given. */

type Channel = RunManifest["channels"][number];

/** The channel for mail: the one made for it, else a landscape at least as wide as a message, else the widest. */
export function mailChannel(channels: readonly Channel[]): Channel | null {
  const own = channels.find(({ id }) => id === "email-hero");
  const landscape = channels.find(
    ({ width, height }) => width >= 600 && width > height && width < 2.4 * height,
  );
  const widest = channels.toSorted((a, b) => b.width - a.width)[0];
  return own ?? landscape ?? widest ?? null;
}

/** The creative nearest to a square whose shorter side is long enough; the larger of two; null where none is. */
export function squarest(images: readonly AdImage[], minSide: number): AdImage | null {
  const skew = ({ width, height }: AdImage) => Math.abs(Math.log(width / height));
  const fit = images.filter(({ width, height }) => Math.min(width, height) >= minSide);
  return fit.toSorted((a, b) => skew(a) - skew(b) || b.width - a.width)[0] ?? null;
}

export function imageOf(images: readonly AdImage[], channel: string | undefined): AdImage | null {
  return images.find((image) => image.channel === channel) ?? null;
}
