import type { Channel } from "../types.ts";
import type { ChannelPreset } from "./types.ts";

/**
 * The built-in channels: sizes, weights and rules as the platforms publish them. Where a platform accepts far more
 * than a page should load, the limit is ours: a size that loads fast. Photographs are JPEG, which
 * every platform, feed and mail program accepts; WebP only where the web page is one's own.
 *
 * `checkedOn` is the day on which the figures were compared with stored copies of the pages named, not with the live
 * pages; Meta's safe zone, which its pages show in images, with three descriptions by others.
 */

const CHECKED = "2026-11-21";

type Size = readonly [width: number, height: number];
type Shared = Omit<ChannelPreset, "id" | "width" | "height" | "format" | "maxBytes">;

function preset(id: string, [width, height]: Size, maxBytes: number, shared: Shared): ChannelPreset {
  return { id, width, height, format: shared.formats[0] ?? "jpeg", maxBytes, ...shared };
}

const IAB: Shared = {
  platform: "IAB display",
  formats: ["jpeg", "png"],
  rules: [
    "The limit is the initial load of the whole ad. 300x600 and 336x280 are not IAB fixed sizes; they are Google's.",
    "Google Ads accepts uploaded images of up to 150 kB, in any size.",
    "The ad must be distinguishable from the page around it.",
  ],
  source: "https://www.iab.com/newadportfolio/",
  checkedOn: CHECKED,
};

const META: Shared = {
  platform: "Meta",
  formats: ["jpeg", "png"],
  text: { headline: 40, visible: 125 },
  rules: [
    "Meta accepts files up to 30 MB; our limit is lower.",
    "The text must not imply that the advertiser knows a person's name or traits.",
  ],
  source: "https://www.facebook.com/business/ads-guide/update",
  checkedOn: CHECKED,
};

const GOOGLE: Shared = {
  platform: "Google responsive display",
  formats: ["jpeg", "png"],
  text: { headline: 30, description: 90 },
  rules: [
    "Google accepts files up to 5,120 kB; our limit is lower.",
    "1200 x 1500 is optional in addition to the two others.",
    "Text should cover less than a fifth of the image.",
    "Feeds and URLs must not contain personal data.",
  ],
  source: "https://support.google.com/google-ads/answer/7005917",
  checkedOn: CHECKED,
};

const LINKEDIN: Shared = {
  platform: "LinkedIn single image",
  formats: ["jpeg", "png"],
  text: { headline: 70, visible: 150 },
  rules: [
    "LinkedIn accepts files up to 5 MB; our limit is lower.",
    "Portrait images are shown on mobile devices only.",
  ],
  source: "https://www.linkedin.com/help/lms/answer/a426534",
  checkedOn: CHECKED,
};

const PINTEREST: Shared = {
  platform: "Pinterest",
  formats: ["jpeg", "png"],
  text: { headline: 100, visible: 40, description: 500 },
  rules: [
    "Pinterest accepts files up to 20 MB; our limit is lower.",
    "Pins taller than 2 : 3 are cropped in the feed.",
  ],
  source: "https://help.pinterest.com/en/business/article/pinterest-product-specs",
  checkedOn: CHECKED,
};

const EMAIL: Shared = {
  platform: "e-mail",
  formats: ["jpeg", "png"],
  density: 2,
  rules: [
    "Shown 600 px wide at double density.",
    "Not all mail programs show WebP and AVIF.",
    "Many mail programs hide images at first: the alternative text must contain the message.",
  ],
  source: "https://www.caniemail.com/features/image-webp/",
  checkedOn: CHECKED,
};

const WEB: Shared = {
  platform: "web page",
  formats: ["webp", "jpeg", "png", "avif"],
  rules: ["The largest image of a page determines how fast the page seems to load."],
  source: "https://web.dev/articles/lcp",
  checkedOn: CHECKED,
};

/** Stories and Reels share one frame: 14 % of the top, 35 % of the foot and 6 % of each side are covered. */
const STORY_SAFE = { top: 270, right: 65, bottom: 672, left: 65 };

export const CHANNELS: readonly ChannelPreset[] = [
  preset("rectangle-300x250", [300, 250], 150_000, IAB),
  preset("rectangle-336x280", [336, 280], 150_000, IAB),
  preset("leaderboard-728x90", [728, 90], 150_000, IAB),
  preset("skyscraper-160x600", [160, 600], 150_000, IAB),
  preset("half-page-300x600", [300, 600], 150_000, IAB),
  preset("mobile-320x50", [320, 50], 50_000, { ...IAB, body: false }),
  preset("billboard-970x250", [970, 250], 250_000, IAB),

  preset("square-1080", [1080, 1080], 400_000, { ...META, density: 2 }),
  preset("portrait-1080x1350", [1080, 1350], 500_000, { ...META, density: 2 }),
  preset("story-1080x1920", [1080, 1920], 600_000, { ...META, density: 2, safe: STORY_SAFE }),
  preset("link-1200x628", [1200, 628], 400_000, { ...META, density: 2 }),

  preset("google-1200x628", [1200, 628], 400_000, { ...GOOGLE, density: 2 }),
  preset("google-1200x1200", [1200, 1200], 450_000, { ...GOOGLE, density: 2 }),
  preset("google-1200x1500", [1200, 1500], 500_000, { ...GOOGLE, density: 2 }),

  preset("linkedin-1200x628", [1200, 628], 400_000, { ...LINKEDIN, density: 2 }),
  preset("linkedin-1200x1200", [1200, 1200], 450_000, { ...LINKEDIN, density: 2 }),
  preset("linkedin-720x900", [720, 900], 300_000, { ...LINKEDIN, density: 2 }),

  preset("pin-1000x1500", [1000, 1500], 500_000, { ...PINTEREST, density: 2 }),
  preset("email-hero", [1200, 800], 200_000, EMAIL),
  preset("web-hero", [1920, 1080], 400_000, WEB),
];

/**
 * Returns the built-in channel with this id, or undefined.
 *
 * @example
 * findChannel("square-1080")?.width; // 1080
 */
export function findChannel(id: string): ChannelPreset | undefined {
  return CHANNELS.find((channel) => channel.id === id);
}

/** Whether two channels differ only in name and file size limit. */
export function isChannelAlike(a: Channel, b: Channel): boolean {
  const bare = (channel: Channel) => canvasKey({ ...channel, id: "", maxBytes: 0 });
  return bare(a) === bare(b);
}

/** The visible properties of a channel: a changed rule or date does not need a new rendering. */
export function canvasKey({ id, width, height, format, maxBytes, safe, density, body }: Channel): string {
  return JSON.stringify([id, width, height, format, maxBytes, safe, density ?? 1, body ?? true]);
}
