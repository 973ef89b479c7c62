import type { AdPhoto, Channel } from "../types.ts";
import { headOf } from "./head.ts";
import { FACE_RANGE, isRival } from "./leading.ts";
import { contains, grow, overlap } from "./rect.ts";
import { MAX_UPSCALE } from "./scene.ts";

/** Whether a face can lead an ad, estimated from the photo's faces alone: for a first choice among photos. */

/** Space around a head that is apart from others, by its height. */
const APART = 0.1;

/** The least height of a face, px of the photo, that leads in a channel without being enlarged past 1.5. */
export function leastFacePx({ width, height }: Pick<Channel, "width" | "height">): number {
  return Math.round((FACE_RANGE[0] * Math.min(width, height)) / MAX_UPSCALE);
}

/** Whether the leading face of a photo is complete and high enough, px of the photo. */
export function isLarge(
  { width, height, faces, leadFace }: Pick<AdPhoto, "width" | "height" | "faces" | "leadFace">,
  leastPx: number,
): boolean {
  const lead = faces[leadFace ?? -1];
  if (!lead || lead.box.height < leastPx) return false;
  return contains({ x: 0, y: 0, width, height }, lead.box);
}

/**
 * Whether the leading face of a photo is complete, tall enough, and clearly the largest of the photo or apart from its
 * neighbours, so that a crop can show it alone.
 *
 * @param leastPx minimum height of the face, px of the photo
 *
 * @example
 * canLead({ width: 1920, height: 1080, faces, leadFace: 0 }, 144);
 */
export function canLead(
  photo: Pick<AdPhoto, "width" | "height" | "faces" | "leadFace">,
  leastPx: number,
): boolean {
  const lead = photo.faces[photo.leadFace ?? -1];
  if (!lead || !isLarge(photo, leastPx)) return false;
  const head = headOf(lead);
  const others = photo.faces.filter((face) => face !== lead).map(headOf);
  if (!others.some((other) => isRival(other, head))) return true;
  const room = grow(head.bounds, APART * head.bounds.height);
  return others.every(({ bounds }) => overlap(bounds, room) === 0);
}
