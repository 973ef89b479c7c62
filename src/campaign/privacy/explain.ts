import type { Decision } from "../../handover/index.ts";
import { type Speaker, speakerOf } from "./words/index.ts";

export interface ExplainOptions {
  /** The campaign's name. */
  readonly campaign: string;
  /** Currency of uplifts in money. */
  readonly currency: string;
  /** The campaign's language, ISO 639-1: en, de, es, fr, it or nl; default, and for others: English. */
  readonly language?: string | null | undefined;
}

/**
 * Explains a decision in plain sentences for the customer: why they see this ad, or none.
 *
 * @example
 * for await (const decision of readDecisions("ads/decisions.jsonl"))
 *   if (decision.customer_id === "c-17") console.log(explainDecision(decision, { campaign: "Spring", currency: "EUR" }));
 */
export function explainDecision(
  { offer, photo, models, own_default: isOwnDefault }: Decision,
  { campaign, currency, language = null }: ExplainOptions,
): string {
  const speaker = speakerOf(language);
  const { say } = speaker;
  const lines = [say("why_title", { campaign }), "", explainOffer(offer, currency, speaker)];
  if (photo !== null) lines.push(explainPhoto(photo, speaker));
  // Otherwise only an erasure of the photo leaves an offer without a picture.
  else if (offer.id !== "none") lines.push(say(isOwnDefault ? "why_own_default" : "why_taken_down"));
  const versions = Object.entries(models).map(([part, version]) => `${part} ${version}`);
  lines.push(say("why_rights"), say("why_models", { models: versions.join(", ") }));
  return `${lines.join("\n")}\n`;
}

function explainOffer(offer: Decision["offer"], currency: string, speaker: Speaker): string {
  const { say, number } = speaker;
  const { id, basis, uplift, lift, personal } = offer;
  if (basis === "holdout") return say("offer_holdout");
  if (basis === "explore") return say("offer_explore", { offer: id });
  if (id === "none") return say("offer_none");
  if (uplift !== null) {
    const chosen = say(personal === false ? "offer_single" : "offer_personal", { offer: id });
    return `${chosen} ${explainEffect(uplift, offer, currency, speaker)}`;
  }
  if (lift === null) return say("offer_lift", { offer: id });
  return say("offer_lift_factor", { offer: id, factor: number(lift, 1) });
}

function explainEffect(
  uplift: number,
  { unit, personal }: Pick<Decision["offer"], "unit" | "personal">,
  currency: string,
  { say, number }: Speaker,
): string {
  const whom = say(personal === false ? "whom_all" : "whom_like_you");
  if (unit === "amount") {
    const amount = `${number(Math.abs(uplift), 2)} ${currency}`;
    return say(uplift >= 0 ? "effect_spent_more" : "effect_spent_less", { whom, amount });
  }
  const amount = number(Math.abs(100 * uplift), 1);
  return say(uplift >= 0 ? "effect_bought_more" : "effect_bought_less", { whom, amount });
}

function explainPhoto(photo: NonNullable<Decision["photo"]>, speaker: Speaker): string {
  const { say, number, knows } = speaker;
  // Not limited to the list of reasons, so that decisions of other versions can be explained.
  const reason: string = photo.reason;
  if (photo.basis === "lookalike") {
    const { distance } = photo;
    const found = distance === null ? "" : say("photo_distance", { distance: number(distance, 2) });
    return say("photo_lookalike", { distance: found });
  }
  if (reason === "influencer") return say("photo_network");
  if (photo.basis === "drawn" || reason === "drawn") return say("photo_drawn");
  const word = `reason_${reason}`;
  return say("photo_default", { reason: say(knows(word) ? word : "reason_unknown") });
}

/** Whether a reason for the default photo has a text of its own. */
export function isExplained(reason: string): boolean {
  return speakerOf(null).knows(`reason_${reason}`);
}
