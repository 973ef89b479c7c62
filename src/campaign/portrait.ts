import type { LookalikeError } from "../core/index.ts";
import type { Face, PhotoOutcome } from "../faces/index.ts";
import type { Gallery, Match, MatchOptions } from "../gallery/index.ts";
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

/** Whether a campaign weighs how people look, for which the engine must estimate it. */
export function weighsAppearance({ appearance }: CampaignPolicy): boolean {
  return Object.values(appearance.weights).some((weight) => weight > 0);
}

export interface LookalikeSearch extends MatchOptions {
  readonly gallery: Gallery;
  readonly policy: CampaignPolicy;
}

/**
 * The photo of the inventory inside the policy's band that resembles the customer most and is not the customer's own
 * file. The face is read and not kept.
 */
export async function findLookalike(
  face: Pick<Face, "embedding" | "attributes">,
  portrait: string,
  options: LookalikeSearch,
): Promise<LookalikeChoice> {
  const { policy } = options;
  const { weights, only: appearance } = policy.appearance;
  const { minInterocularPx, minQuality } = policy.inventory;
  const ownHash = await hashFile(portrait);
  const floor = { interocularPx: minInterocularPx, score: minQuality };
  const search = { ...options, appearance, floor };
  if (face.attributes !== null && weighsAppearance(policy)) {
    // Of the photos in the band the one of the lowest score, which need not be the nearest.
    const { maxDistance } = policy.similarity;
    const resemblance = { to: face.attributes, ...weights };
    const weighed = await findKept(face.embedding, ownHash, { ...search, maxDistance, resemblance });
    if (weighed.status === "matched") return weighed;
  }
  // By distance alone; this also tells why the band is empty.
  return findKept(face.embedding, ownHash, search);
}

async function findKept(
  probe: Float32Array,
  ownHash: string,
  { gallery, policy, ...match }: LookalikeSearch,
): Promise<LookalikeChoice> {
  const { minDistance, maxDistance } = policy.similarity;
  for (let top = 8; ; top *= 4) {
    const matches = await gallery.match(probe, { ...match, top });
    if (matches.length === 0) return { status: "default", reason: "no_releasable_photo" };
    const kept = matches.find((found) => found.distance >= minDistance && found.photo.hash !== ownHash);
    if (kept !== undefined) return withinReach(kept, maxDistance);
    // Only photos that are too near so far: look farther, until there are no more.
    if (matches.length < top) return { status: "default", reason: "too_similar" };
  }
}

function withinReach(match: Match, maxDistance: number): LookalikeChoice {
  return match.distance <= maxDistance
    ? { status: "matched", match }
    : { status: "default", reason: "too_dissimilar" };
}
