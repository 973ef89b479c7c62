import type { LookalikeError } from "../core/index.ts";
import type { Face, PhotoOutcome } from "../faces/index.ts";
import type { AppearanceFilter, Gallery, Match, MatchOptions, QualityFloor } from "../gallery/index.ts";
import { hashFile } from "../io/files.ts";
import type { Consent } from "../trust/index.ts";
import type { CampaignPolicy, DefaultReason, LookalikeChoice } from "./types.ts";

/** A customer's face in front of the gallery: who may be looked at, which face counts, which match is kept. */

/** Null where the customer's portrait may be opened, else why it stays closed. */
export function consentGate(consent: Consent, photo: string | null): DefaultReason | null {
  switch (consent.status) {
    case "missing":
      return "no_consent";
    case "unreadable":
      return "consent_unreadable";
    case "future":
      return "consent_in_future";
    case "expired":
      return "consent_expired";
    case "withdrawn":
      return "consent_withdrawn";
    case "insufficient":
      return "consent_insufficient";
    case "given":
      return photo === null ? "no_photo" : null;
  }
}

/** The face of a described portrait that stands for the customer. */
export function pickFace(outcome: PhotoOutcome<string>, policy: CampaignPolicy): Face | DefaultReason {
  if (outcome.status === "refused") return reasonOfRefusal(outcome.error);
  const [main, second] = outcome.faces.filter((face) => face.score >= policy.quality.minScore);
  if (main === undefined) return "no_face";
  if (policy.ambiguousPortrait === "refuse" && second !== undefined && isRival(second, main))
    return "ambiguous";
  if (main.quality.interocularPx < policy.quality.minInterocularPx) return "face_too_small";
  if (main.quality.score < policy.quality.minQuality) return "face_unclear";
  return main;
}

function reasonOfRefusal(error: LookalikeError): DefaultReason {
  return error.code === "ERR_PHOTO_NOT_FOUND" ? "no_photo" : "photo_unreadable";
}

/** A second face of at least half the main one's area could as well be the customer. */
function isRival(second: Face, main: Face): boolean {
  const area = ({ box }: Face) => box.width * box.height;
  return area(second) >= 0.5 * area(main);
}

export interface LookalikeSearch extends MatchOptions {
  readonly gallery: Gallery;
  readonly policy: CampaignPolicy;
  /** Whether a match can lead an ad in every channel; where some can, others are passed over. Default: all can. */
  readonly leads?: ((match: Match) => boolean) | undefined;
}

/**
 * The photo of the inventory inside the policy's bounds that resembles the customer most and is not the customer's own
 * file. The face is read and not kept.
 */
export async function findLookalike(
  face: Pick<Face, "embedding" | "attributes" | "features">,
  portrait: string,
  { gallery, policy, leads, ...options }: LookalikeSearch,
): Promise<LookalikeChoice> {
  const { minDistance, maxDistance } = policy.similarity;
  const ownHash = await hashFile(portrait);
  const search: MatchOptions = {
    ...options,
    appearance: appearanceFor(face, policy),
    floor: inventoryFloor(policy),
    weights: policy.resemblance.weights,
  };
  const bounds = { minDistance, maxDistance, ...(await bandOf(face, gallery, { policy, search })) };
  const inside = { gallery, search: { ...search, ...bounds } };
  const match = await findOther(face, ownHash, inside);
  if (match !== null)
    return leads === undefined || leads(match) ? { status: "matched", match } : nextThatLeads();
  // Without the bounds: which of them left nothing?
  const any = await findOther(face, ownHash, { gallery, search });
  if (any === null) return { status: "default", reason: await whyNone(face, { gallery, search }) };
  const farther = await findOther(face, ownHash, { gallery, search: { ...search, minDistance } });
  return { status: "default", reason: farther === null ? "too_similar" : "too_dissimilar" };

  /** Where none of the next ones can lead either, the layout makes the best of the first. */
  async function nextThatLeads(): Promise<LookalikeChoice> {
    const next = await gallery.match(face, { ...inside.search, top: LED_BY });
    const others = next.filter(({ photo }) => photo.hash !== ownHash);
    const passedOver = others.findIndex((other) => leads?.(other));
    const chosen = others[Math.max(0, passedOver)];
    if (chosen === undefined) throw new RangeError("the match is gone");
    return { status: "matched", match: chosen, passedOver: Math.max(0, passedOver) };
  }
}

/** Matches among which one that can lead is looked for. */
const LED_BY = 32;

/** How well a face of the inventory must be seen to be shown. */
export function inventoryFloor({ inventory }: CampaignPolicy): QualityFloor {
  const { minInterocularPx, minQuality, maxYawDegrees } = inventory;
  return { interocularPx: minInterocularPx, score: minQuality, maxYawDegrees };
}

/** The first match that is not the customer's own file. */
async function findOther(
  face: Pick<Face, "embedding" | "features">,
  ownHash: string,
  { gallery, search }: { readonly gallery: Gallery; readonly search: MatchOptions },
): Promise<Match | null> {
  for (let top = 4; ; top *= 4) {
    const matches = await gallery.match(face, { ...search, top });
    const kept = matches.find(({ photo }) => photo.hash !== ownHash);
    if (kept !== undefined) return kept;
    if (matches.length < top) return null;
  }
}

/** Nothing but the customer's own file passes the filters, or nothing at all. */
async function whyNone(
  face: Pick<Face, "embedding" | "features">,
  { gallery, search }: { readonly gallery: Gallery; readonly search: MatchOptions },
): Promise<DefaultReason> {
  const matches = await gallery.match(face, { ...search, top: 1 });
  return matches.length === 0 ? "no_releasable_photo" : "too_similar";
}

/** An age gap of so many years is none. */
const MOST_YEARS = 150;
/** Apparent genders in between, a share of both, are not filtered by. */
const CLEAR_GENDER = 0.7;

function appearanceFor(
  { attributes }: Pick<Face, "attributes">,
  { appearance, resemblance }: CampaignPolicy,
): AppearanceFilter {
  if (attributes === null) return appearance;
  const { age, female } = attributes;
  const { maxAgeGap, sameGender } = resemblance;
  const isClear = Math.max(female, 1 - female) >= CLEAR_GENDER;
  return {
    ...appearance,
    ageIfKnown: maxAgeGap < MOST_YEARS ? [age - maxAgeGap, age + maxAgeGap] : undefined,
    female: sameGender && isClear ? female >= 0.5 : undefined,
  };
}

/** The policy's band as bounds for this customer. */
async function bandOf(
  face: Pick<Face, "embedding" | "features">,
  gallery: Gallery,
  { policy, search }: { readonly policy: CampaignPolicy; readonly search: MatchOptions },
): Promise<Pick<MatchOptions, "minDistance" | "maxDistance" | "minResemblance" | "maxResemblance">> {
  const { band, min, max } = policy.resemblance;
  const [from, to] = band;
  if (from === 0 && to === 1) return { minResemblance: min, maxResemblance: max };
  const { of, values } = await gallery.quantiles(face, band, search);
  const [least = 0, most = Number.POSITIVE_INFINITY] = values;
  if (of === "resemblance")
    return { minResemblance: Math.max(min, least), maxResemblance: Math.min(max, most) };
  const { minDistance, maxDistance } = policy.similarity;
  return { minDistance: Math.max(minDistance, least), maxDistance: Math.min(maxDistance, most) };
}
