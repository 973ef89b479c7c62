import type { RunManifest } from "../../manifest.ts";
import { imageOf, mailChannel } from "../images.ts";
import { altText } from "../text.ts";
import type { Column, CustomerAd, Limit, MailNames } from "../types.ts";

/** Attribute names for tools without a tight limit on them. */
export const LONG_NAMES: MailNames = {
  offer: "lookalike_offer",
  ad: "lookalike_ad",
  headline: "lookalike_headline",
  body: "lookalike_body",
  cta: "lookalike_cta",
  link: "lookalike_link",
  image: "lookalike_image",
  alt: "lookalike_alt",
};

/**
 * The first column of tools that identify people by address: from the contacts, otherwise the id if it is an address.
 */
export const EMAIL_ADDRESS: Column<CustomerAd> = {
  name: "Email Address",
  kind: "email",
  isRequired: true,
  value: ({ email, customerId }) => email ?? customerId,
};

/** The columns for all mail tools, under the tool's own names. */
export function mailColumns(run: RunManifest, names: MailNames, limit: Limit): readonly Column<CustomerAd>[] {
  const mail = mailChannel(run.channels)?.id;
  const text = (name: string, value: Column<CustomerAd>["value"]): Column<CustomerAd> => {
    return { name, kind: "text", value, limit };
  };
  const url = (name: string, value: Column<CustomerAd>["value"]): Column<CustomerAd> => {
    return { name, kind: "url", isRequired: true, value, limit };
  };
  return [
    text(names.offer, (row) => row.offer.id),
    text(names.ad, ({ ad }) => ad?.adId ?? null),
    text(names.headline, ({ ad }) => ad?.copy.headline ?? null),
    text(names.body, ({ ad }) => ad?.copy.body ?? null),
    text(names.cta, ({ ad }) => ad?.copy.cta ?? null),
    url(names.link, ({ ad }) => ad?.link ?? null),
    url(names.image, ({ ad }) => (ad === null ? null : (imageOf(ad.images, mail)?.url ?? null))),
    text(names.alt, ({ ad }) => (ad === null ? null : altText(ad.copy, limit))),
  ];
}
