import { assignFace, type FaceAssignment } from "../../experiments/index.ts";
import type { Gallery, GalleryPhoto, Match } from "../../gallery/index.ts";
import type { Campaign } from "../types.ts";
import type { PhotoChoice } from "../types-choice.ts";
import { mayLead } from "./lead-face.ts";
import type { NetworkArm } from "./network-arm.ts";
import { createOwnCheck, leastDistance } from "./own-picture.ts";
import { createPhotoPool, type PhotoPool } from "./photo-pool.ts";
import { type FaceCustomer, inventoryFloor, tooNear } from "./portrait.ts";

/** Chooses the photo that the face layer shows to a customer with a look-alike. */
export interface FaceArms {
  choose(lookalike: Match, customer: FaceCustomer): Promise<PhotoChoice>;
}

/** Number of nearest matches from which the arm `band` draws. */
const BAND_MATCHES = 256;
/** Number of photos tried before a pool counts as exhausted. */
const TRIES = 64;

/**
 * Creates the arms of the face layer. A drawn photo satisfies every rule for look-alikes: its release is
 * valid, it has the offer's tags, its face is good enough, it is not the customer's own picture, and it is
 * not nearer than `policy.similarity.min_distance` if the search found it. A customer without an eligible
 * contact is shown the look-alike.
 */
export function createFaceArms(
  { experiment, photos, policy }: Campaign,
  gallery: Gallery,
  network: NetworkArm | null,
): FaceArms {
  const { inventory: floor, requireRelease } = policy;
  const pool = createPhotoPool(gallery, { placement: photos, floor, requireRelease });
  return {
    async choose(lookalike, customer) {
      const { arms: faces, customerId } = customer;
      if (faces === null) return { status: "matched", match: lookalike };
      const assigned = assignFace({ salt: experiment.salt, faces }, customerId);
      const face = { assigned, lookalike };
      if (assigned.arm === "lookalike") return { status: "matched", match: lookalike, face };
      if (assigned.arm === "default") return { status: "default", reason: "drawn", face };
      if (assigned.arm === "influencer") {
        const chosen = (await network?.choose(customer)) ?? null;
        return chosen === null
          ? { status: "matched", match: lookalike, face }
          : { status: "drawn", ...chosen, distance: null, face };
      }
      const photo =
        assigned.arm === "band"
          ? await drawFromBand(assigned, customer)
          : await drawFromPool(pool, assigned, customer);
      return photo === null
        ? { status: "default", reason: "drawn", face }
        : { status: "drawn", ...photo, face };
    },
  };
}

interface DrawnPhoto {
  readonly photo: GalleryPhoto;
  readonly faceIndex: number;
  readonly distance: number | null;
}

async function drawFromBand(
  { band, pick }: FaceAssignment,
  { face, portrait, search }: FaceCustomer,
): Promise<DrawnPhoto | null> {
  const [from, to] = band ?? [0, 2];
  const { gallery, policy, ...match } = search;
  const least = Math.max(from, leastDistance(policy));
  const isOwn = createOwnCheck(portrait);
  const { appearance, requireRelease } = policy;
  for (let top = BAND_MATCHES; ; top *= 4) {
    const options = { ...match, floor: inventoryFloor(policy), requireRelease, appearance };
    const matches = await gallery.match(face.embedding, { ...options, top, maxDistance: to });
    const inside: Match[] = [];
    for (const candidate of matches) {
      const isInside = candidate.distance >= least && mayLead(candidate);
      if (isInside && !(await isOwn(candidate))) inside.push(candidate);
    }
    const found = inside[Math.floor(pick * inside.length)];
    if (found !== undefined) return found;
    if (matches.length < top) return null;
  }
}

async function drawFromPool(
  pool: PhotoPool,
  { arm, pick }: FaceAssignment,
  { face, portrait, search }: FaceCustomer,
): Promise<DrawnPhoto | null> {
  const isOwn = createOwnCheck(portrait);
  const { female } = face.attributes ?? { female: null };
  if (arm === "same_gender" && female === null) return null;
  const candidates = await pool.find(search, arm === "same_gender" && female !== null ? female >= 0.5 : null);
  const near = await tooNear(face, search);
  const start = Math.floor(pick * candidates.length);
  for (let step = 0; step < Math.min(TRIES, candidates.length); step++) {
    const candidate = candidates[(start + step) % candidates.length];
    if (candidate === undefined || near.has(candidate.path)) continue;
    const photo = await pool.open(candidate, search.at ?? null);
    if (photo !== null && !(await isOwn({ photo, distance: null })))
      return { photo, faceIndex: candidate.faceIndex, distance: null };
  }
  return null;
}
