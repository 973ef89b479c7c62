import type { Point } from "../../faces/index.ts";
import { aimedRegions, gridRegions } from "./candidates.ts";
import { compositionPenalty, emptyPenalty, sizePenalty } from "./composition.ts";
import type { Head } from "./head.ts";
import { isRival, leadFlaws, sizeFlaw } from "./leading.ts";
import { bottom, clip, contains, freeArea, grow, overlap, project, type Rect } from "./rect.ts";
import {
  type Crop,
  coveredShare,
  headlessShare,
  isReachable,
  leadOf,
  type Scene,
  standing,
} from "./scene.ts";

/**
 * Which part of a photo shows in a slot: every candidate that keeps the rules is scored, the best is taken.
 * The rules: the leading head whole, every other head whole or not there at all, none under text or panel, nothing
 * beyond the photo but a plain backdrop, and no enlargement past 1.5. A manual focus may break the ones about heads,
 * if nothing else shows its point. Faces are outside the covered area if any candidate allows it.
 */

/** Penalty of a head that the frame cuts, with a manual focus: more than any other flaw. */
const CUT_HEAD = 8;
/** Penalty of a leading face that the platform covers, and by the share covered; other faces have a part of it. */
const COVERED = 30;
const COVERED_WHOLE = 15;
const COVERED_OTHER = 0.3;
/** Penalty of each reason why the leading face does not lead: another division of the canvas, or a frame, is better. */
export const LEAD_FLAW = 25;
/** Penalty of a body without its head by its share of the picture. */
const HEADLESS_WHOLE = 12;

export interface CropOptions {
  /** Rectangles of the creative (text, panel) that no head may lie under; default: none. */
  readonly obstacles?: readonly Rect[] | undefined;
  /** The opaque ones of them, and corners of a round photo; default: none. */
  readonly covers?: readonly Rect[] | undefined;
  /** Corners of a round photo, which may overlap the corners of the leading head's box; default: none. */
  readonly corners?: readonly Rect[] | undefined;
  /** The part that the platform does not cover, where heads should be; default: anywhere. */
  readonly open?: Rect | undefined;
  /** The creative's shorter side, px, which faces are measured by; default: the slot's. */
  readonly short?: number | undefined;
  /** Columns of a frame, px of the creative, and its position in them from 0, left, to 1; default: the middle of the slot. */
  readonly align?: { readonly x: number; readonly width: number; readonly at: 0 | 1 } | undefined;
  /** Only crops with a lower penalty are of use; default: all. */
  readonly below?: number | undefined;
}

/**
 * Finds the best region of a photo for a slot of a creative.
 *
 * @returns null if no region of the slot's shape keeps the rules
 *
 * @example
 * const crop = chooseCrop(sceneOf(photo, faces.map(headOf), 0), { x: 0, y: 0, width: 600, height: 1080 });
 */
export function chooseCrop(scene: Scene, slot: Rect, options: CropOptions = {}): Crop | null {
  const { obstacles = [], covers = [], corners = [] } = options;
  const { open = slot, short = Math.min(slot.width, slot.height) } = options;
  const free = freeArea(slot, obstacles);
  const lead = scene.focus === null ? leadOf(scene) : undefined;
  const rivals = lead ? scene.heads.filter((head) => isRival(head, lead)) : [];
  const stage = {
    slot,
    obstacles,
    covers,
    corners,
    open,
    short,
    free: clip(free, open) ?? free,
    lead,
    rivals,
  };
  let best: Crop | null = null;
  let below = options.below ?? Number.POSITIVE_INFINITY;
  for (const region of lead ? aimedRegions(scene, stage) : gridRegions(scene, slot)) {
    if (below <= leastPenalty(region, stage) || !isReachable(scene, region)) continue;
    const crop = judge(scene, region, stage, below);
    if (crop && crop.penalty < below) [best, below] = [crop, crop.penalty];
  }
  return best;
}

/** Penalty of a photo that starts below the covered area, under a band of its own colour. */
const LOWERED = 1.5;

/** The best region for the part of a slot below the platform's bar at the top; null if it covers none of it. */
export function chooseLowered(scene: Scene, slot: Rect, options: CropOptions & { open: Rect }): Crop | null {
  const { open } = options;
  const lowered = clip(slot, { ...slot, y: open.y, height: bottom(slot) - open.y });
  if (!lowered || lowered.height >= slot.height) return null;
  const crop = chooseCrop(scene, lowered, options);
  return crop && { ...crop, penalty: crop.penalty + LOWERED };
}

interface Stage {
  readonly slot: Rect;
  readonly obstacles: readonly Rect[];
  readonly covers: readonly Rect[];
  readonly corners: readonly Rect[];
  /** The part that the platform does not cover. */
  readonly open: Rect;
  /** The part of the slot that neither obstacles nor the platform cover. */
  readonly free: Rect;
  readonly short: number;
  /** The leading head, if the crop is composed around it. */
  readonly lead: Head | undefined;
  /** Heads about as large as the leading one, or larger. */
  readonly rivals: readonly Head[];
}

/** The least penalty of a region, by the size of the leading face and its rivals: quick to compute. */
function leastPenalty(region: Rect, { slot, short, lead, rivals }: Stage): number {
  if (!lead) return 0;
  const scale = slot.width / region.width;
  const size = sizeFlaw(lead.face, scale, short) === null ? 0 : LEAD_FLAW;
  const rival = rivals.some((head) => standing(head, region) !== "outside") ? LEAD_FLAW : 0;
  return size + rival + sizePenalty((lead.face * scale) / short);
}

interface Cast {
  readonly shown: readonly Head[];
  readonly cutHeads: number;
  readonly covered: number;
  /** Penalty of faces that the platform covers. */
  readonly hidden: number;
}

/** @returns null if the region breaks a rule, or if its flaws alone cost as much as `below` */
function judge(scene: Scene, region: Rect, stage: Stage, below: number): Crop | null {
  const { slot, free, short } = stage;
  const cast = castOf(scene, region, stage);
  if (!cast) return null;
  const { shown, cutHeads, covered, hidden } = cast;
  const crop = { region, target: slot, cutHeads, covered, flaws: [] };
  if (scene.focus !== null) {
    return { ...crop, penalty: focusPenalty(scene, scene.focus, region) + cutHeads * CUT_HEAD + hidden };
  }
  const lead = leadOf(scene);
  if (lead && !shown.includes(lead)) return null;
  const place = (rect: Rect) => project(rect, region, slot);
  const first = lead ?? shown[0];
  if (!first) {
    const empty = scene.heads.length === 0 ? emptyPenalty(scene, region) : 5;
    return { ...crop, penalty: empty + hidden };
  }
  const covers = stage.covers.map((cover) => project(cover, slot, region));
  const flaws = leadFlaws(scene, { region, scale: slot.width / region.width, short, hidden: covers });
  const bodies = flaws.includes("headless") ? HEADLESS_WHOLE * headlessShare(scene, region, covers) : 0;
  const flawed = hidden + bodies + LEAD_FLAW * flaws.length;
  if (flawed >= below) return null;
  const penalty = flawed + compositionPenalty({ scene, first, shown, region, place, free, short });
  return { ...crop, flaws, penalty };
}

/** The corners of a head's box are empty: a round photo may cut this share of its width. */
const ROUND_HEAD = 0.1;

/** The heads that a region shows; null if it breaks a rule about heads. */
function castOf(scene: Scene, region: Rect, stage: Stage): Cast | null {
  const { slot, open } = stage;
  const lead = leadOf(scene);
  let cutHeads = 0;
  let covered = 0;
  let hidden = 0;
  const shown: Head[] = [];
  for (const head of scene.heads) {
    const stands = standing(head, region);
    if (stands === "outside") continue;
    if (stands === "cut") {
      if (scene.focus === null) return null;
      cutHeads++;
    }
    const placed = project(head.bounds, region, slot);
    const leads = lead === undefined || head === lead;
    if (isObstructed(placed, leads, stage)) return null;
    shown.push(head);
    const share = coveredShare(placed, open);
    if (leads) covered = Math.max(covered, share);
    if (share > 0) hidden += (COVERED + COVERED_WHOLE * share) * (leads ? 1 : COVERED_OTHER);
  }
  return { shown, cutHeads, covered, hidden };
}

function isObstructed(head: Rect, leads: boolean, { obstacles, corners }: Stage): boolean {
  const round = leads ? grow(head, -ROUND_HEAD * head.width) : head;
  return (
    obstacles.some((obstacle) => overlap(head, obstacle) > 0) ||
    corners.some((corner) => overlap(round, corner) > 0)
  );
}

function focusPenalty(scene: Scene, focus: Point, region: Rect): number {
  const point = { x: focus[0] * scene.width, y: focus[1] * scene.height, width: 0, height: 0 };
  const dx = (point.x - region.x) / region.width - 0.5;
  const dy = (point.y - region.y) / region.height - 0.45;
  const outside = contains(region, point) ? 0 : 40;
  const zoom = Math.log2(Math.min(scene.width / region.width, scene.height / region.height));
  return outside + 3 * Math.hypot(dx, dy) + 0.3 * zoom;
}
