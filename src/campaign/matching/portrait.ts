import type { LookalikeError } from "../../core/index.ts";
import type { FaceArm } from "../../experiments/index.ts";
import type { Face, PhotoOutcome } from "../../faces/index.ts";
import type { AppearanceFilter, Gallery, Match, MatchOptions, QualityFloor } from "../../gallery/index.ts";
import type { Consent } from "../../trust/index.ts";
import type { CampaignPolicy } from "../types.ts";
import type { DefaultReason, LookalikeChoice } from "../types-choice.ts";
import { mayLead } from "./lead-face.ts";
import { createOwnCheck, leastDistance, type OwnCheck } from "./own-picture.ts";

/**
 * Matches a customer's face against the gallery: which portraits may be opened, which face counts, which
 * match is used.
 */

/** null if the customer's portrait may be opened, else why not. */
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

/** The customer's face in a described portrait. */
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

/** Whether a second face has at least half the main one's area, so that it could also be the customer. */
function isRival(second: Face, main: Face): boolean {
  const area = ({ box }: Face) => box.width * box.height;
  return area(second) >= 0.5 * area(main);
}

export interface LookalikeSearch extends MatchOptions {
  readonly gallery: Gallery;
  readonly policy: CampaignPolicy;
  /** Whether a match can lead an ad in every channel; if some can, others are skipped. Default: all can. */
  readonly leads?: ((match: Match) => boolean | Promise<boolean>) | undefined;
}

export interface FaceCustomer {
  readonly customerId: string;
  /** The customer's arms of the face layer; null: all are shown the look-alike. */
  readonly arms: readonly FaceArm[] | null;
  readonly face: Pick<Face, "embedding" | "attributes" | "features">;
  /** The customer's own file. */
  readonly portrait: string;
  readonly search: LookalikeSearch;
}

/**
 * Finds the photo of the inventory inside the policy's bounds that resembles the customer most and is not the
 * customer's own picture. The face is read and not kept.
 */
export async function findLookalike(
  face: Pick<Face, "embedding" | "attributes" | "features">,
  portrait: string,
  { gallery, policy, leads, ...options }: LookalikeSearch,
): Promise<LookalikeChoice> {
  const { maxDistance } = policy.similarity;
  const minDistance = leastDistance(policy);
  const isOwn = createOwnCheck(portrait);
  const search: MatchOptions = {
    ...options,
    appearance: appearanceFor(face, policy),
    floor: inventoryFloor(policy),
    requireRelease: policy.requireRelease,
    weights: policy.resemblance.weights,
  };
  const bounds = { minDistance, maxDistance, ...(await bandOf(face, gallery, { policy, search })) };
  const inside = { gallery, search: { ...search, ...bounds } };
  const match = await findOther(face, isOwn, inside);
  if (match !== null)
    return leads === undefined || (await leads(match)) ? { status: "matched", match } : nextThatLeads(match);
  // Searches without the bounds to find out which of them excluded all photos.
  const any = await findOther(face, isOwn, { gallery, search });
  if (any === null) return { status: "default", reason: await whyNone(face, { gallery, search }) };
  const farther = await findOther(face, isOwn, { gallery, search: { ...search, minDistance } });
  return { status: "default", reason: farther === null ? "too_similar" : "too_dissimilar" };

  /** If none of the next matches leads either, the first is shown, and the decision records it. */
  async function nextThatLeads(nearest: Match): Promise<LookalikeChoice> {
    const next = await gallery.match(face, { ...inside.search, top: LED_BY });
    const others: Match[] = [];
    for (const other of next) if (mayLead(other) && !(await isOwn(other))) others.push(other);
    for (const match of others) {
      if (await leads?.(match)) return { status: "matched", match, reason: "nearest_that_leads" };
    }
    const [first = nearest] = others;
    return { status: "matched", match: first, reason: "nearest_cannot_lead" };
  }
}

/** Number of matches among which one that can lead is searched for. */
const LED_BY = 32;

/** Number of photos nearer than the policy allows that are looked up. */
const NEAR = 64;

/** Paths of the photos that are so near to a face that they may show the same person. */
export async function tooNear(
  { embedding }: Pick<Face, "embedding">,
  { gallery, policy, ...match }: LookalikeSearch,
): Promise<ReadonlySet<string>> {
  const near = await gallery.match(embedding, { ...match, maxDistance: leastDistance(policy), top: NEAR });
  return new Set(near.map(({ photo }) => photo.path));
}

/** The quality that a face of the inventory needs to be shown. */
export function inventoryFloor({ inventory }: CampaignPolicy): QualityFloor {
  const { minInterocularPx, minQuality, minEyeLight, maxYawDegrees } = inventory;
  // A photo that no quarter turn certainly sets upright is not shown; `index` reports it.
  return {
    interocularPx: minInterocularPx,
    score: minQuality,
    eyeLight: minEyeLight,
    maxYawDegrees,
    upright: true,
  };
}

/** The first match that is not the customer's own picture. */
async function findOther(
  face: Pick<Face, "embedding" | "features">,
  isOwn: OwnCheck,
  { gallery, search }: { readonly gallery: Gallery; readonly search: MatchOptions },
): Promise<Match | null> {
  for (let top = 4; ; top *= 4) {
    const matches = await gallery.match(face, { ...search, top });
    for (const match of matches) if (mayLead(match) && !(await isOwn(match))) return match;
    if (matches.length < top) return null;
  }
}

/** The reason: only the customer's own picture passes the filters, or no picture at all. */
async function whyNone(
  face: Pick<Face, "embedding" | "features">,
  { gallery, search }: { readonly gallery: Gallery; readonly search: MatchOptions },
): Promise<DefaultReason> {
  const matches = (await gallery.match(face, { ...search, top: NEAR })).filter(mayLead);
  return matches.length === 0 ? "no_releasable_photo" : "too_similar";
}

/** An age gap of this many years disables the filter. */
const MOST_YEARS = 150;
/** Apparent genders in between, as shares of both, are not filtered by. */
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
  const { band, bandOf: among, min, max } = policy.resemblance;
  const [from, to] = band;
  if (from === 0 && to === 1) return { minResemblance: min, maxResemblance: max };
  const { of, values } = await gallery.quantiles(face, band, { ...search, among });
  // 0 and 1 are no bounds: the nearest photo may be nearer than all faces that the quantiles were measured on.
  const least = from === 0 ? 0 : (values[0] ?? 0);
  const most = to === 1 ? Number.POSITIVE_INFINITY : (values[1] ?? Number.POSITIVE_INFINITY);
  if (of === "resemblance")
    return { minResemblance: Math.max(min, least), maxResemblance: Math.min(max, most) };
  const { maxDistance } = policy.similarity;
  return { minDistance: Math.max(leastDistance(policy), least), maxDistance: Math.min(maxDistance, most) };
}
