import { type CropOptions, LEAD_FLAW } from "./crop.ts";
import type { Head } from "./head.ts";
import { leadFlaws } from "./leading.ts";
import { bottom, clamp, clip, freeArea, grow, hull, type Rect, right } from "./rect.ts";
import { type Crop, frameOf, leadOf, MAX_UPSCALE, roomy, type Scene, standing } from "./scene.ts";

/** For slots in which no region of the photo keeps the rules: a part of the photo in a frame. */

/** Penalty of every framed photo, so that one that fills its slot is preferred. */
export const FRAMED = 8.5;
/** Penalty of a slot that shows only ground; less by the photo's share of it. */
const EMPTY = 4;
const CUT_HEAD = 8;
/** A frame beside a text that is narrower than this share of its slot floats in it; penalty of each share less. */
const NARROW = { share: 0.5, penalty: 24 };
/** Space around the head if the photo has it, in heads. */
const AIRS = [0.42, 0.28, 0.14, 0.04];
/** Width / height of a frame. */
const SHAPES = [1, 0.8, 1.25];
/** Ground around the frame, by the free part's shorter side. */
const MAT = 0.07;
/** Largest height of the leading face, by the creative's shorter side. */
const LARGEST_FACE = 0.45;
const SMALL_FACE = 0.22;

/**
 * Shows as much of the photo as contains the leading head and cuts no other, in a frame in the slot's free part, in its
 * middle or aligned with the text. Enlarges by at most 1.5.
 *
 * @example
 * const crop = chooseCrop(scene, slot) ?? frameCrop(scene, slot);
 */
export function frameCrop(scene: Scene, slot: Rect, options: CropOptions = {}): Crop {
  const { obstacles = [], open = slot, short = Math.min(slot.width, slot.height), align } = options;
  const free = freeArea(clip(slot, open) ?? slot, obstacles);
  const inner = grow(free, -MAT * Math.min(free.width, free.height));
  // A frame above a text has the text's edge, not a distance from its own area's.
  const room = (align && clip({ ...inner, x: align.x, width: align.width }, free)) ?? inner;
  const place = { slot, room, short, at: align?.at ?? 0.5, isBeside: align === undefined };
  const crops = regionsOf(scene, room).map((region) => framed(scene, region, place));
  return crops.reduce((best, crop) => (crop.penalty < best.penalty ? crop : best));
}

interface FramePlace {
  readonly slot: Rect;
  readonly room: Rect;
  readonly short: number;
  /** Position of the frame in the room, from 0, left, to 1. */
  readonly at: number;
  /** The text is beside the slot, not above or below it. */
  readonly isBeside: boolean;
}

function framed(scene: Scene, region: Rect, { slot, room, short, at, isBeside }: FramePlace): Crop {
  const lead = leadOf(scene);
  const most = lead ? (LARGEST_FACE * short) / lead.face : MAX_UPSCALE;
  const scale = Math.min(room.width / region.width, room.height / region.height, MAX_UPSCALE, most);
  const width = region.width * scale;
  const height = region.height * scale;
  const x = room.x + (room.width - width) * at;
  const y = room.y + (room.height - height) / 2;
  const cutHeads = scene.heads.filter((head) => standing(head, region) === "cut").length;
  const lost = 1 - (width * height) / (slot.width * slot.height);
  const narrow = isBeside ? NARROW.penalty * Math.max(0, NARROW.share - width / slot.width) : 0;
  const flaws = leadFlaws(scene, { region, scale, short });
  const penalty =
    FRAMED +
    EMPTY * lost +
    narrow +
    smallness(scene, scale, short) +
    cutHeads * CUT_HEAD +
    LEAD_FLAW * flaws.length;
  return { region, target: { x, y, width, height }, penalty, cutHeads, covered: 0, flaws };
}

/** Penalty of a face that is smaller than faces should be. */
function smallness(scene: Scene, scale: number, short: number): number {
  const lead = leadOf(scene);
  return lead ? 4 * Math.max(0, Math.log2((SMALL_FACE * short) / (lead.face * scale))) : 0;
}

/** Regions around the leading head with more and less space, in several shapes; the whole photo if no face leads. */
function regionsOf(scene: Scene, room: Rect): Rect[] {
  const frame = frameOf(scene);
  const lead = leadOf(scene);
  if (!lead) return [scene.heads.length === 0 ? frame : absorb(scene, groupOf(scene))];
  const shapes = [...SHAPES, clamp(room.width / room.height, 0.66, 1.5)];
  const alone = besideNeighbours(scene, lead);
  return AIRS.flatMap((air) => {
    const region = roomy(scene, lead, air);
    const own = clip(region, alone) ?? region;
    const whole = absorb(scene, region);
    return [
      whole,
      ...shapes.map((shape) => absorb(scene, shapedAround(whole, shape, frame))),
      ...[own, ...shapes.map((shape) => shapedAround(own, shape, alone))].filter((one) => !cuts(scene, one)),
    ];
  });
}

function cuts({ heads }: Scene, region: Rect): boolean {
  return heads.some((head) => standing(head, region) === "cut");
}

/** The columns between the heads on both sides of one: a frame that ends there shows no part of theirs. */
function besideNeighbours(scene: Scene, lead: Head): Rect {
  const { height, width } = frameOf(scene);
  const others = scene.heads.filter(
    ({ bounds }) => bounds.y < bottom(lead.bounds) && bottom(bounds) > lead.bounds.y,
  );
  const from = Math.max(
    0,
    ...others.map(({ bounds }) => right(bounds)).filter((x) => x <= lead.bounds.x + 1),
  );
  const to = Math.min(
    width,
    ...others.map(({ bounds }) => bounds.x).filter((x) => x >= right(lead.bounds) - 1),
  );
  return { x: from, y: 0, width: to - from, height };
}

function groupOf(scene: Scene): Rect {
  return hull(scene.heads.map((head) => roomy(scene, head, AIRS[1] ?? 0)));
}

/** Extends a region until it cuts no head, at most to the whole photo. */
function absorb(scene: Scene, region: Rect): Rect {
  let whole = region;
  for (;;) {
    const cut: Head[] = scene.heads.filter((head) => standing(head, whole) === "cut");
    if (cut.length === 0) return whole;
    whole = hull([whole, ...cut.map((head) => roomy(scene, head, 0.02))]);
  }
}

/** The smallest region of this shape around `region`, limited by `limits`. */
function shapedAround(region: Rect, aspect: number, limits: Rect): Rect {
  const width = Math.min(limits.width, Math.max(region.width, region.height * aspect));
  const height = Math.min(limits.height, Math.max(region.height, region.width / aspect));
  const x = clamp(region.x + region.width / 2 - width / 2, limits.x, right(limits) - width);
  const y = clamp(region.y + region.height / 2 - height / 2, limits.y, bottom(limits) - height);
  return { x, y, width, height };
}
