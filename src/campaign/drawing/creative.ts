import type { AdCopy, AdPhoto, AdRenderer, AdWarning, RenderedAd } from "../../ads/index.ts";
import { isLookalikeError, LookalikeError } from "../../core/index.ts";
import type { Decision } from "../../handover/index.ts";
import type { CustomerPlan } from "../deciding/decide.ts";
import { withAssignment } from "../deciding/record.ts";
import type { PrivacyGate } from "../privacy/gate.ts";
import type { CampaignOffer } from "../types.ts";
import { matchedPhoto } from "./ad-photo.ts";
import { allVariants, plainCopy, plainExtras } from "./copy.ts";
import type { Renderers } from "./renderer.ts";

/** Turns plans into finished ads and decision records. */

export interface CreativeParts {
  readonly renderers: Renderers;
  readonly defaultPhoto: AdPhoto;
  readonly models: Decision["models"];
  readonly gate: Pick<PrivacyGate, "refusal">;
  readonly signal: AbortSignal | undefined;
}

export interface FinishedDecision {
  readonly decision: Decision;
  readonly warnings: readonly AdWarning[];
}

/**
 * Sets the plain text of every offer in all channels, without photos, before any work: text that cannot be
 * set would stop the run midway. A customer's own values may still be too long; then the plain text is shown.
 *
 * @throws ERR_COPY_TOO_LONG, ERR_GLYPH_MISSING naming the offer
 */
export async function checkOffers(renderer: AdRenderer, offers: readonly CampaignOffer[]): Promise<void> {
  for (const offer of offers.flatMap(allVariants)) {
    await renderer.check(plainCopy(offer), plainExtras(offer)).catch((error: unknown) => {
      throw isLookalikeError(error) && isOfCopy(error) ? ofOffer(error, offer.id) : error;
    });
  }
}

function isOfCopy({ code }: LookalikeError): boolean {
  return code === "ERR_COPY_TOO_LONG" || code === "ERR_GLYPH_MISSING";
}

export async function finishDecision(parts: CreativeParts, plan: CustomerPlan): Promise<FinishedDecision> {
  if (plan.status === "none") return { decision: recordOf(plan, null, parts.models), warnings: [] };
  const drawn = await renderPlan(parts, plan);
  return { decision: recordOf(plan, drawn, parts.models), warnings: drawn?.ad.warnings ?? [] };
}

/**
 * The decision record of a plan.
 *
 * @param drawn the drawn ad; null: none, or not yet
 */
export function recordOf(plan: CustomerPlan, drawn: Drawn | null, models: Decision["models"]): Decision {
  const { customerId: customer_id } = plan;
  const shown = {
    photo: drawn?.photo ?? null,
    copy: drawn?.copy ?? null,
    creatives: drawn?.ad.creatives ?? [],
    models,
  };
  if (plan.status === "none") {
    const basis = plan.because === "holdout" ? "holdout" : null;
    const offer = { id: "none", basis, uplift: null, lift: null, expected_value: null } as const;
    return withAssignment({ customer_id, offer, ...shown }, plan);
  }
  const { uplift, unit, isPersonal: personal, lift, expectedValue: expected_value } = plan.score;
  const basis = plan.layers?.offer?.arm === "explore" ? ("explore" as const) : plan.score.basis;
  const effect = uplift === null ? { uplift } : { uplift, unit, personal };
  const offer = { id: plan.offer.id, basis, ...effect, lift, expected_value };
  const own = plan.isOwnDefault === true ? ({ own_default: true } as const) : {};
  return withAssignment({ customer_id, offer, ...shown, ...own }, plan);
}

interface Drawn {
  readonly photo: NonNullable<Decision["photo"]>;
  readonly copy: AdCopy;
  readonly ad: RenderedAd;
}

/**
 * If a photo can no longer be read, or a consent ended while the ad was drawn, the customer gets the default
 * photo.
 *
 * @returns null: nothing is shown, because the default photo is the customer's own picture
 */
async function renderPlan(
  parts: CreativeParts,
  plan: CustomerPlan & { readonly status: "offer" },
): Promise<Drawn | null> {
  const { choice } = plan;
  if (choice.status === "default") return renderDefault(parts, plan, choice.reason);
  try {
    if (choice.status === "drawn") {
      const drawn = await renderCopy(parts, plan, matchedPhoto(choice));
      const refusal = refusalOf(parts, plan);
      if (refusal !== null) return renderDefault(parts, plan, refusal);
      const { photo, distance, face, network } = choice;
      if (network !== undefined && !network.isPermitted()) return renderDefault(parts, plan, "drawn");
      const permit = network === undefined ? {} : { permit: network.permit };
      const reason = face.assigned.arm;
      return { photo: { path: photo.path, basis: "drawn", distance, reason, ...permit }, ...drawn };
    }
    const { match, reason = "nearest" } = choice;
    const drawn = await renderCopy(parts, plan, matchedPhoto(match));
    const { distance, resemblance } = match;
    const refusal = refusalOf(parts, plan);
    if (refusal !== null) return renderDefault(parts, plan, refusal);
    const { path } = match.photo;
    return { photo: { path, basis: "lookalike", distance, resemblance, reason }, ...drawn };
  } catch (error) {
    if (!isLookalikeError(error) || !error.code.startsWith("ERR_PHOTO_")) throw error;
    return renderDefault(parts, plan, "inventory_photo_unreadable");
  }
}

/** Why the customer's face may no longer affect the ad; null: it may. */
function refusalOf({ gate }: CreativeParts, { request }: CustomerPlan & { readonly status: "offer" }) {
  return request === null ? null : gate.refusal(request);
}

async function renderDefault(
  parts: CreativeParts,
  plan: CustomerPlan & { readonly status: "offer" },
  reason: string,
): Promise<Drawn | null> {
  if (plan.isOwnDefault === true) return null;
  const { defaultPhoto } = parts;
  const drawn = await renderCopy(parts, plan, defaultPhoto);
  return {
    photo: { path: defaultPhoto.path, basis: "default", distance: null, resemblance: null, reason },
    ...drawn,
  };
}

/** If a customer's value cannot be set, because of its length or script, the plain text is shown. */
async function renderCopy(
  { renderers, signal }: CreativeParts,
  plan: CustomerPlan & { readonly status: "offer" },
  photo: AdPhoto,
): Promise<Omit<Drawn, "photo">> {
  const { copy, extras } = plan;
  const renderer = renderers.of(plan.layers?.creative.template?.arm ?? null);
  try {
    return {
      copy,
      ad: await renderer.render({ copy, extras, photo, isPersonal: isPersonal(plan) }, { signal }),
    };
  } catch (error) {
    if (!isLookalikeError(error) || !isOfCopy(error)) throw error;
    if (!isPersonal(plan)) throw ofOffer(error, plan.offer.id);
    const plain = { copy: plainCopy(plan.offer), extras: plainExtras(plan.offer) };
    return { copy: plain.copy, ad: await renderer.render({ ...plain, photo }, { signal }) };
  }
}

/** Whether the text differs from the plain text. */
function isPersonal({ copy, extras, offer }: CustomerPlan & { readonly status: "offer" }): boolean {
  return JSON.stringify([copy, extras]) !== JSON.stringify([plainCopy(offer), plainExtras(offer)]);
}

function ofOffer(error: LookalikeError, offerId: string): LookalikeError {
  return new LookalikeError(error.code, `Offer ${offerId}: ${error.message}`, {
    hint: error.hint,
    cause: error,
  });
}
