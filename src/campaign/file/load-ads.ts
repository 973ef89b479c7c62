import { type Channel, isTemplatePath, leastFacePx } from "../../ads/index.ts";
import { LookalikeError } from "../../core/index.ts";
import type { Campaign, CampaignOffer } from "../types.ts";
import { resolveChannel } from "./channels.ts";
import type { CampaignFile } from "./schema.ts";

/** Resolves an offer of a campaign file. */

export function resolveOffer(offer: CampaignFile["offers"][number]): CampaignOffer {
  const {
    arm = offer.id,
    photo_tags: photoTags,
    price = null,
    budget = null,
    eligible = null,
    headline_short: headlineShort,
    legal,
    channels,
    variants = {},
    ...rest
  } = offer;
  const extras = { headlineShort, legal, channels };
  const words = Object.entries(variants).map(([name, own]) => {
    const { headline = rest.headline, body = rest.body, cta = rest.cta } = own;
    // Texts for single channels are those of the plain copy: a variant has the same text in all channels.
    const others = { headlineShort: own.headline_short, legal: own.legal ?? legal };
    return [name, { headline, body, cta, extras: others }] as const;
  });
  return { ...rest, extras, variants: Object.fromEntries(words), arm, photoTags, price, budget, eligible };
}

/** Resolves templates: a name, or a path relative to the campaign file. */
export function resolveTemplates(
  { template, channels }: CampaignFile,
  absolute: (path: string) => string,
): Campaign["templates"] {
  const named = (name: string) => (isTemplatePath(name) ? absolute(name) : name);
  const own = channels.flatMap((channel): [string, string][] =>
    typeof channel === "string" || channel.template === undefined
      ? []
      : [[channel.id, named(channel.template)]],
  );
  return { all: template === undefined ? null : named(template), byChannel: Object.fromEntries(own) };
}

/** The least height of a leading face per channel: the campaign's minimum, or the channel's default. */
export function leastFaces({ channels, policy }: CampaignFile): Record<string, number> {
  const least = channels.map(toChannel).map((channel): [string, number] => {
    return [channel.id, policy.inventory.min_face_px[channel.id] ?? leastFacePx(channel)];
  });
  return Object.fromEntries(least);
}

export function toChannel(channel: CampaignFile["channels"][number]): Channel {
  if (typeof channel !== "string" && "width" in channel) {
    const { max_bytes: maxBytes, template: _, ...rest } = channel;
    return { ...rest, maxBytes };
  }
  const resolved = resolveChannel(typeof channel === "string" ? channel : channel.id);
  if (!resolved.found) throw new LookalikeError("ERR_CAMPAIGN_INVALID", resolved.message);
  return resolved.channel;
}
