import type { Head } from "./head.ts";
import { bottom, clamp, clip, freeArea, hull, type Rect, right } from "./rect.ts";
import { type Crop, frameOf, leadOf, MAX_UPSCALE, roomy, type Scene, standing } from "./scene.ts";

/** The way out where no region of the slot's shape keeps the rules: a region of another shape on a plain ground. */

/** Paid by every padded photo, so that one that fills its slot wins. */
const PADDED = 6;
/** For a slot that is all ground. */
const EMPTY = 5;
const CUT_HEAD = 8;
/** Kept around the heads where the photo has it, in heads. */
const AIR = 0.3;

/**
 * As much of the photo as shows the leading head and cuts no other, scaled to fit inside the free part of the slot
 * and standing on its lower edge; the rest of the slot is filled with a colour of the photo. Enlarged by 1.5 at the
 * most.
 *
 * @param open where heads should be: what the platform does not cover; default: anywhere
 */
export function padCrop(scene: Scene, slot: Rect, obstacles: readonly Rect[], open: Rect = slot): Crop {
  const free = freeArea(clip(slot, open) ?? slot, obstacles);
  const region = padRegion(scene, free.width / free.height);
  const scale = Math.min(free.width / region.width, free.height / region.height, MAX_UPSCALE);
  const width = region.width * scale;
  const height = region.height * scale;
  const target = {
    x: free.x + (free.width - width) / 2,
    // A photo as wide as the slot stands on its lower edge like a bust; a smaller one hangs in the middle.
    y: scale < MAX_UPSCALE ? bottom(free) - height : free.y + (free.height - height) / 2,
    width,
    height,
  };
  const cutHeads = scene.heads.filter((head) => standing(head, region) === "cut").length;
  const lost = 1 - (width * height) / (slot.width * slot.height);
  const penalty = PADDED + EMPTY * lost + smallness(scene, scale, slot) + cutHeads * CUT_HEAD;
  return { region, target, penalty, cutHeads, covered: 0 };
}

/** A face that is lost in its ground: smaller than about half of what its place could hold. */
function smallness(scene: Scene, scale: number, slot: Rect): number {
  const lead = leadOf(scene);
  const wanted = 0.5 * Math.min(slot.height, 1.2 * slot.width);
  return lead ? 2 * Math.max(0, Math.log2(wanted / (lead.bounds.height * scale))) : 0;
}

/** Grown from the leading head until no head is cut, then to the shape of the free area as far as that cuts none. */
function padRegion(scene: Scene, aspect: number): Rect {
  const frame = frameOf(scene);
  const lead = leadOf(scene);
  const start = lead ? roomy(scene, lead, AIR) : heldTogether(scene, frame);
  let region = absorb(scene, start);
  const shaped = shapedAround(region, aspect, frame);
  for (const candidate of [1, 0.75, 0.5, 0.25].map((share) => between(region, shaped, share))) {
    const whole = absorb(scene, candidate);
    if (whole.width * whole.height <= candidate.width * candidate.height * 1.15) {
      region = whole;
      break;
    }
  }
  return region;
}

function heldTogether(scene: Scene, frame: Rect): Rect {
  return scene.heads.length === 0 ? frame : hull(scene.heads.map((head) => roomy(scene, head, AIR)));
}

/** Takes in every head that the region cuts, until it cuts none. The whole photo is reached at the latest. */
function absorb(scene: Scene, region: Rect): Rect {
  let whole = region;
  for (;;) {
    const cut: Head[] = scene.heads.filter((head) => standing(head, whole) === "cut");
    if (cut.length === 0) return whole;
    whole = hull([whole, ...cut.map((head) => roomy(scene, head, 0.02))]);
  }
}

/** The smallest region of that shape around `region`, inside the photo as far as the photo goes. */
function shapedAround(region: Rect, aspect: number, frame: Rect): Rect {
  const width = Math.min(frame.width, Math.max(region.width, region.height * aspect));
  const height = Math.min(frame.height, Math.max(region.height, region.width / aspect));
  const x = clamp(region.x + region.width / 2 - width / 2, 0, frame.width - width);
  const y = clamp(region.y + region.height / 2 - height / 2, 0, frame.height - height);
  return { x, y, width, height };
}

function between(a: Rect, b: Rect, share: number): Rect {
  const mix = (from: number, to: number) => from + (to - from) * share;
  const x = mix(a.x, b.x);
  const y = mix(a.y, b.y);
  return { x, y, width: mix(right(a), right(b)) - x, height: mix(bottom(a), bottom(b)) - y };
}
