import type { Decision } from "../../handover/index.ts";

/**
 * Explains a decision in plain sentences for the customer: why they see this ad, or none.
 *
 * @example
 * for await (const decision of readDecisions("ads/decisions.jsonl"))
 *   if (decision.customer_id === "c-17") console.log(explainDecision(decision, { campaign: "Spring", currency: "EUR" }));
 */
export function explainDecision(
  { offer, photo, models }: Decision,
  { campaign, currency }: { readonly campaign: string; readonly currency: string },
): string {
  const lines = [`Why you see this ad (${campaign})`, "", explainOffer(offer, currency)];
  if (photo !== null) lines.push(explainPhoto(photo));
  else if (offer.id !== "none") lines.push(TAKEN_DOWN);
  lines.push(
    "You can object to advertising of this kind, withdraw your consent to face matching, or ask for what is kept about you to be erased, at any time and without giving a reason.",
    `Made by: ${Object.entries(models)
      .map(([part, version]) => `${part} ${version}`)
      .join(", ")}.`,
  );
  return `${lines.join("\n")}\n`;
}

/** Only an erasure of the photo leaves an offer without a picture. */
const TAKEN_DOWN =
  "The ad itself was taken down: the photo in it was erased. You are shown no ad until a new one is made.";

function explainOffer(offer: Decision["offer"], currency: string): string {
  const { id, basis, uplift, lift } = offer;
  if (basis === "holdout") {
    return "You are shown no ad: a share of all customers, drawn by lot, is left out so that the campaign's effect can be measured.";
  }
  if (basis === "explore") {
    return `The offer ${id} was drawn by lot among those that you may be shown: a share of all customers gets such an offer, so that we learn what is of use to whom.`;
  }
  if (id === "none") return "You are shown no ad: none of the offers was expected to be of use to you.";
  if (uplift !== null) {
    return `The offer ${id} was chosen ${offer.personal === false ? "because it did best in an earlier test" : "from what we know of your contract and use"}. ${explainEffect(uplift, offer, currency)}`;
  }
  const factor = lift === null ? "" : ` (${lift.toFixed(1)} times as often as customers on the whole)`;
  return `The offer ${id} was chosen because customers who use what you use often choose it next${factor}. That is a pattern, not proof that the ad changes anything.`;
}

function explainEffect(
  uplift: number,
  { unit, personal }: Pick<Decision["offer"], "unit" | "personal">,
  currency: string,
): string {
  const whom = personal === false ? "customers" : "customers like you";
  const sign = uplift >= 0;
  const change =
    unit === "amount"
      ? `spent ${Math.abs(uplift).toFixed(2)} ${currency} ${sign ? "more" : "less"}`
      : `bought ${Math.abs(100 * uplift).toFixed(1)} percentage points ${sign ? "more" : "less"} often`;
  return `In an earlier test, ${whom} who were shown it ${change} than those who were not.`;
}

function explainPhoto({ basis, reason, distance }: NonNullable<Decision["photo"]>): string {
  if (basis === "lookalike") {
    const found = distance === null ? "" : ` (distance ${distance.toFixed(2)})`;
    return `You agreed that your photo may be compared with the photos of our models. The picture shows the model whose face came nearest to yours${found}. The comparison was made in memory for this one ad; no measurement of your face was kept. Your own photo is not shown to anyone.`;
  }
  if (basis === "drawn" || reason === "drawn") {
    return "You agreed that your photo may be compared with the photos of our models. There was one that resembles you, but a share of these customers, drawn by lot, is shown another photo, so that we can measure whether resemblance matters. The comparison was made in memory for this one ad; no measurement of your face was kept.";
  }
  return `The picture is the one that everybody sees: ${REASONS[reason] ?? "no photo was chosen for you"}.`;
}

const CLOSED = "your photo was not opened";

/** By `photo.reason`, as docs/campaign.md lists them. */
const REASONS: Readonly<Record<string, string>> = {
  no_consent: `you have not agreed to face matching, so ${CLOSED}`,
  consent_unreadable: `your consent to face matching is recorded without a date, so ${CLOSED}`,
  consent_in_future: `your consent to face matching begins later, so ${CLOSED}`,
  consent_expired: `your consent to face matching has ended, so ${CLOSED}`,
  consent_withdrawn: `you withdrew your consent to face matching, so ${CLOSED}`,
  consent_insufficient: `your consent to face matching is not recorded as the law of your place asks, so ${CLOSED}`,
  minor: `we do not compare the faces of young people, so ${CLOSED}`,
  age_unknown: `we do not know your age and do not compare the faces of young people, so ${CLOSED}`,
  excluded_from_matching: `you belong to a group whose faces we do not compare, so ${CLOSED}`,
  no_photo: "we have no photo of you",
  photo_unreadable: "your photo could not be read",
  no_face: "no face was found on your photo",
  face_too_small: "the face on your photo is too small",
  face_unclear: "the face on your photo is not seen clearly enough",
  ambiguous: "your photo shows several people",
  too_dissimilar: "no model resembles you closely enough",
  too_similar: "the only likeness was too close for comfort",
  no_releasable_photo: "no model's photo may be shown at this time and place",
  drawn: "a share of customers, drawn by lot, is shown it so that we can measure whether resemblance matters",
  inventory_photo_unreadable: "the photo that was chosen could not be read",
};

/** The reasons that have words of their own. */
export const EXPLAINED_REASONS: ReadonlySet<string> = new Set(Object.keys(REASONS));
