import type { Creative } from "../../ads/index.ts";
import { LookalikeError } from "../../core/index.ts";
import { hashBytes } from "../../io/files.ts";
import type { ManifestOffer, RunManifest } from "../manifest.ts";
import type { Decision } from "../types.ts";
import { publicUrl, type UtmParameters, withUtm } from "./address.ts";
import type { CustomerAd, PublicAd } from "./types.ts";

/** Converts decisions to the rows that tools' columns are read from. */
export interface RowMaker {
  customerAd(decision: Decision, email: string | null): CustomerAd;
  /** The public data of the ad; null if the customer is shown nothing. */
  publicAd(decision: Decision): PublicAd | null;
}

/**
 * Ads are the same for all customers who are shown these files: 1 M customers with 200 ads create them 200
 * times.
 */
const KEPT_ADS = 20_000;

/** @throws ERR_RUN_UNREADABLE (from its methods) a decision has an offer that the run does not have */
export function createRowMaker(
  run: RunManifest,
  address: { readonly base: string; readonly utm: UtmParameters },
): RowMaker {
  const offers = new Map(run.offers.map((offer) => [offer.id, offer]));
  const known = new Map<string, PublicAd>();

  const publicAd = ({ offer: { id }, creatives }: Decision): PublicAd | null => {
    if (creatives.length === 0) return null;
    const key = adKey(id, creatives);
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const offer = offers.get(id);
    if (offer === undefined) throw unknownOffer(id);
    const made = makeAd(run, offer, { adId: hashBytes(key).slice(0, 16), creatives, address });
    if (known.size >= KEPT_ADS) known.clear();
    known.set(key, made);
    return made;
  };

  return {
    publicAd,
    customerAd(decision, email) {
      const ad = publicAd(decision);
      const { customer_id: customerId, offer, photo, copy } = decision;
      const photoBasis = photo?.basis ?? null;
      if (ad === null) return { customerId, email, offer, photoBasis, ad: null };
      const { adId, link, images } = ad;
      return {
        customerId,
        email,
        offer,
        photoBasis,
        ad: { adId, link, images, copy: copy ?? ad.offer.copy },
      };
    },
  };
}

function adKey(offerId: string, creatives: readonly Creative[]): string {
  return `${offerId}\n${creatives.map(({ file }) => file).join("\n")}`;
}

function makeAd(
  run: RunManifest,
  offer: ManifestOffer,
  made: {
    readonly adId: string;
    readonly creatives: readonly Creative[];
    readonly address: { readonly base: string; readonly utm: UtmParameters };
  },
): PublicAd {
  const { adId, creatives, address } = made;
  return {
    adId,
    offer,
    link: withUtm(offer.url, address.utm, { campaign: run.campaign, offer: offer.id, ad: adId }),
    images: creatives.map(({ channel, file, width, height }) => ({
      channel,
      width,
      height,
      url: publicUrl(address.base, file),
    })),
  };
}

function unknownOffer(id: string): LookalikeError {
  return new LookalikeError(
    "ERR_RUN_UNREADABLE",
    `Expected an offer of the run but a decision names "${id}"`,
    {
      hint: "decisions.jsonl and run.json are of different runs: generate again.",
    },
  );
}

/**
 * The id of a decision's ad from its files: the same in every export, feed and proof page of a run.
 *
 * @returns 16 hexadecimal digits; null if the customer is shown nothing
 */
export function adIdOf({ offer, creatives }: Decision): string | null {
  return creatives.length === 0 ? null : hashBytes(adKey(offer.id, creatives)).slice(0, 16);
}
