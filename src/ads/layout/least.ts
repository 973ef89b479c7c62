import type { CropSlot, Size } from "./candidates.ts";
import { asidePenalty, eyesPenalty, headPenalty, shouldersPenalty, sizePenalty } from "./composition.ts";
import type { Scene } from "./scene.ts";

/**
 * Lower bounds of the penalty of a composition by the size, the column and the row of its region, so that regions that
 * cannot be the best are skipped. The three add up; without a leading head they are 0.
 */

/** Companions change some terms: the lower of both counts. */
function leastInCompany({ heads }: Scene, penaltyOf: (heads: number) => number): number {
  const alone = penaltyOf(1);
  return heads.length === 1 ? alone : Math.min(alone, penaltyOf(2));
}

export function leastOfSize(scene: Scene, size: Size, { slot, free, short, lead }: CropSlot): number {
  if (!lead) return 0;
  const scale = slot.width / size.width;
  const head = { width: lead.bounds.width * scale, height: lead.bounds.height * scale };
  const least = leastInCompany(scene, (heads) => headPenalty(head, free, heads));
  return least + sizePenalty((lead.face * scale) / short, short);
}

/** @param x left edge of a region of this width, px of the photo */
export function leastOfColumn(
  scene: Scene,
  x: number,
  width: number,
  { slot, free, lead }: CropSlot,
): number {
  if (!lead) return 0;
  const middle = slot.x + ((lead.bounds.x + lead.bounds.width / 2 - x) * slot.width) / width;
  const headX = (middle - free.x) / free.width;
  const least = leastInCompany(scene, (heads) => asidePenalty(lead, headX, heads));
  return least + (scene.heads.length === 1 ? 2 * Math.abs(headX - 0.5) : 0);
}

/** @param y upper edge of a region of this height, px of the photo */
export function leastOfRow(y: number, height: number, { slot, free, lead }: CropSlot): number {
  if (!lead) return 0;
  const scale = slot.height / height;
  const top = slot.y + (lead.bounds.y - y) * scale;
  const head = { ...lead.bounds, y: top, height: lead.bounds.height * scale };
  const eyesY = (slot.y + (lead.eyes[1] - y) * scale - free.y) / free.height;
  return eyesPenalty(eyesY) + shouldersPenalty(head, free);
}
