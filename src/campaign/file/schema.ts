import { z } from "zod";
import { AD_LANGUAGES, BRAND_CORNERS, BRAND_TONES } from "../../ads/index.ts";
import { parseTerritory } from "../../core/index.ts";
import { PLAIN_COPY } from "../../experiments/index.ts";
import { decimalsOf, isPriceIn } from "../../handover/index.ts";
import { channel, copyByChannel, template, variants } from "./schema-ads.ts";
import { experiment } from "./schema-experiment.ts";
import { inputs } from "./schema-inputs.ts";
import { policy, privacy } from "./schema-rules.ts";
import { color, id, number, path, text, webAddress } from "./schema-values.ts";

/**
 * The schema of `campaign.yaml`. Messages say what was expected ("Expected <message> for <key> but received
 * ..."), and `docs/campaign.md` describes every key.
 */

const brand = z.strictObject(
  {
    name: text("the brand's name", 60),
    logo: path("the path of the logo, a PNG, SVG, WebP or JPEG file").optional(),
    logo_mono: path("the path of the logo in one colour, a PNG, SVG, WebP or JPEG file").optional(),
    colors: z
      .strictObject(
        {
          primary: color.default("#1f4fd8"),
          ink: color.default("#11151c"),
          paper: color.default("#ffffff"),
        },
        "a map of colours",
      )
      .prefault({}),
    fonts: z
      .strictObject(
        {
          regular: path("the path of a TTF, OTF, WOFF or WOFF2 font").optional(),
          bold: path("the path of a TTF, OTF, WOFF or WOFF2 font").optional(),
        },
        "a map of fonts",
      )
      .prefault({}),
    corner: z.enum(BRAND_CORNERS, `one of ${BRAND_CORNERS.join(", ")}`).default("round"),
    tone: z.enum(BRAND_TONES, `one of ${BRAND_TONES.join(", ")}`).default("bold"),
  },
  "a map with the brand's name",
);

const offer = z.strictObject(
  {
    id: id.refine((value) => value !== "none", "an id other than none, which is reserved for the control"),
    arm: text("the offer's name in the experiment log", 200).optional(),
    product: text("the manufacturer that the offer sells", 120),
    headline: text("the headline", 120),
    headline_short: text("a shorter headline", 60).optional(),
    body: text("the text", 300),
    cta: text("the button's text", 40),
    legal: text("the small print", 400).optional(),
    channels: copyByChannel.optional(),
    variants: variants.optional(),
    url: webAddress,
    price: number("a price of 0 or more", 0, 1e12).optional(),
    margin: number("a number of 0 or more, earned per sale", 0, 1e12),
    cost: number("a number of 0 or more, spent per customer shown", 0, 1e12).default(0),
    budget: z
      .int("a whole number of customers, 1 or more")
      .min(1, "a whole number of customers, 1 or more")
      .optional(),
    eligible: text('an SQL predicate such as "age >= 18"', 2000).optional(),
    photo_tags: z.array(text("a tag", 64), "a list of tags").default([]),
  },
  "a map that describes one offer",
);

const photos = z.strictObject(
  {
    default: path("the path of the campaign's default photo"),
    side: z.enum(["auto", "left", "right"], "one of auto, left, right").default("auto"),
    territory: z
      .string("an ISO 3166 country code such as 'NL'")
      .refine((code) => parseTerritory(code) === code, "an ISO 3166 country code such as 'NL'")
      .optional(),
    media: z
      .string("a medium such as online")
      .regex(/^[a-z][a-z0-9_-]{0,39}$/i, "a medium such as online")
      .optional(),
  },
  "a map with the default photo",
);

export const campaignSchema = z
  .strictObject(
    {
      name: text("the campaign's name", 120),
      currency: text("a currency code such as EUR", 12)
        .transform((code) => (/^[a-z]{3}$/i.test(code) ? code.toUpperCase() : code))
        .default("EUR"),
      language: z
        .enum(AD_LANGUAGES, `a language such as en or de; known: ${AD_LANGUAGES.join(", ")}`)
        .optional(),
      template: template.optional(),
      brand,
      inputs,
      offers: z
        .array(offer, "a list of offers")
        .min(1, "at least one offer")
        .max(1000, "at most 1,000 offers"),
      channels: z
        .array(channel, "a list of channels")
        .min(1, "at least one channel")
        .default(["square-1080", "rectangle-300x250"]),
      photos,
      policy,
      privacy,
      experiment,
    },
    "a map with name, brand, inputs, offers and photos",
  )
  .superRefine((campaign, context) => {
    refuseRepeated(
      context,
      ["offers"],
      campaign.offers.map((entry) => entry.id),
    );
    refuseRepeated(
      context,
      ["offers"],
      campaign.offers.map((entry) => entry.arm ?? entry.id),
    );
    const channelIds = campaign.channels.map((entry) => (typeof entry === "string" ? entry : entry.id));
    refuseRepeated(context, ["channels"], channelIds);
    refuseUnknownChannels(context, campaign.offers, channelIds);
    refuseUnknownVariants(context, campaign);
    refuseSplitUnits(context, campaign);
  });

/**
 * Rejects prices with too many decimals: catalogues would round them and show another price than the customer
 * pays.
 */
function refuseSplitUnits(
  context: z.RefinementCtx,
  {
    currency,
    offers,
  }: { readonly currency: string; readonly offers: readonly { readonly price?: number | undefined }[] },
): void {
  for (const [index, { price }] of offers.entries()) {
    if (price === undefined || isPriceIn(currency, price)) continue;
    const decimals = decimalsOf(currency);
    const message =
      decimals === 0 ? `a whole number of ${currency}` : `at most ${decimals} decimals in ${currency}`;
    context.addIssue({ code: "custom", path: ["offers", index, "price"], message });
  }
}

interface OfferWords {
  readonly channels?: Readonly<Record<string, unknown>> | undefined;
}

/** Rejects texts for a channel that the campaign does not have: they would never be shown. */
function refuseUnknownChannels(
  context: z.RefinementCtx,
  offers: readonly OfferWords[],
  ids: readonly string[],
): void {
  for (const [index, { channels = {} }] of offers.entries()) {
    for (const name of Object.keys(channels).filter((one) => !ids.includes(one))) {
      const path = ["offers", index, "channels", name];
      context.addIssue({ code: "custom", path, message: "one of the campaign's channels" });
    }
  }
}

/** Rejects a variant that no offer has: it would never be shown. */
function refuseUnknownVariants(
  context: z.RefinementCtx,
  {
    offers,
    experiment: drawn,
  }: {
    readonly offers: readonly { readonly variants?: Readonly<Record<string, unknown>> | undefined }[];
    readonly experiment?: { readonly copy?: Readonly<Record<string, number>> | undefined } | undefined;
  },
): void {
  const known = new Set([PLAIN_COPY, ...offers.flatMap(({ variants: own = {} }) => Object.keys(own))]);
  for (const name of Object.keys(drawn?.copy ?? {}).filter((arm) => !known.has(arm))) {
    context.addIssue({
      code: "custom",
      path: ["experiment", "copy", name],
      message: `${PLAIN_COPY}, or a variant that an offer has`,
    });
  }
}

/** A valid campaign file with the defaults filled in. */
export type CampaignFile = z.output<typeof campaignSchema>;

function refuseRepeated(context: z.RefinementCtx, at: readonly string[], ids: readonly string[]): void {
  for (const [index, value] of ids.entries()) {
    if (ids.indexOf(value) === index) continue;
    context.addIssue({
      code: "custom",
      path: [...at, index],
      message: "an id (and an arm) that is not used by an earlier entry",
    });
  }
}
