import type { Decision } from "lookalike-ads";
import type { Story } from "../story.ts";

/** The sheet's sentences, shared by page and picture. */

const REASONS: Readonly<Record<string, string>> = {
  no_consent: "gave no consent, so the portrait was not opened",
  consent_in_future: "has consented for later, so the portrait was not opened",
  consent_expired: "had consented, but that has expired, so the portrait was not opened",
  no_photo: "has no portrait",
  photo_unreadable: "has a portrait that cannot be read",
  no_face: "uploaded a picture without a face",
  face_too_small: "has too small a face on the portrait",
  face_unclear: "has a portrait that shows the face poorly",
  ambiguous: "uploaded a picture of several people",
  too_dissimilar: "resembles nobody in the inventory closely enough",
  too_similar: "is too near to every photo in the inventory",
  no_releasable_photo: "could be shown no photo with a valid release",
};

export function reasonWords(reason: string): string {
  return REASONS[reason] ?? reason.replaceAll("_", " ");
}

export function offerHeadline({ campaign }: Story, { offer }: Decision): string {
  return campaign.offers.find(({ id }) => id === offer.id)?.headline ?? "Nothing is shown";
}

/** "+12.0 points more likely to buy with the ad; worth EUR 12.43" */
export function whyOffer({ campaign }: Story, { offer }: Decision): string {
  if (offer.basis === "holdout") return "Held out at random, so that the campaign's effect can be measured.";
  if (offer.basis === null) return "No offer is expected to earn more than it costs.";
  const worth = `${money(offer.expected_value ?? 0, campaign.currency)} expected per customer shown`;
  if (offer.uplift !== null) {
    const sign = offer.uplift < 0 ? "−" : "+";
    return `${sign}${(100 * Math.abs(offer.uplift)).toFixed(1)} points chance to buy because of the ad: ${worth}.`;
  }
  return `Switches to it ${(offer.lift ?? 0).toFixed(1)} times as often as others, an association: ${worth}.`;
}

export function fileName(path: string): string {
  return path.split("/").at(-1) ?? path;
}

function money(value: number, currency: string): string {
  return new Intl.NumberFormat("en", { style: "currency", currency }).format(value);
}
