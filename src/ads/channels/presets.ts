import type { Channel } from "../types.ts";

/**
 * The built-in channels: sizes and weight limits as the platforms publish them, checked 2026-11-21. IAB sizes
 * carry the initial-load limits of the IAB New Ad Portfolio; social platforms allow far heavier files, so theirs
 * are kept at a weight that loads fast.
 */
export const CHANNELS: readonly Channel[] = [
  // IAB fixed sizes
  { id: "rectangle-300x250", width: 300, height: 250, format: "jpeg", maxBytes: 150_000 },
  { id: "rectangle-336x280", width: 336, height: 280, format: "jpeg", maxBytes: 150_000 },
  { id: "half-page-300x600", width: 300, height: 600, format: "jpeg", maxBytes: 150_000 },
  { id: "billboard-970x250", width: 970, height: 250, format: "jpeg", maxBytes: 250_000 },
  // Meta, LinkedIn, Pinterest
  { id: "square-1080", width: 1080, height: 1080, format: "jpeg", maxBytes: 400_000 },
  { id: "portrait-1080x1350", width: 1080, height: 1350, format: "jpeg", maxBytes: 500_000 },
  { id: "link-1200x628", width: 1200, height: 628, format: "jpeg", maxBytes: 400_000 },
  { id: "pin-1000x1500", width: 1000, height: 1500, format: "jpeg", maxBytes: 500_000 },
  // E-mail, 600 px wide at twice the density
  { id: "email-hero", width: 1200, height: 800, format: "jpeg", maxBytes: 200_000 },
  { id: "web-hero", width: 1920, height: 1080, format: "webp", maxBytes: 400_000 },
];

/** The built-in channel of that id; undefined where there is none. */
export function findChannel(id: string): Channel | undefined {
  return CHANNELS.find((channel) => channel.id === id);
}
