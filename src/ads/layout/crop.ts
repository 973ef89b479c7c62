import type { Point } from "../../faces/index.ts";
import { aimedRegions, gridRegions } from "./candidates.ts";
import { compositionPenalty, emptyPenalty, sizePenalty } from "./composition.ts";
import type { Head } from "./head.ts";
import { leadFlaws } from "./leading.ts";
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

/** What a focus pays for a head that the frame cuts: worse than any other flaw. */
const CUT_HEAD = 8;
/** Paid for the leading face where the platform covers it, and by how much of it; other faces pay a part. */
const COVERED = 30;
const COVERED_WHOLE = 15;
const COVERED_OTHER = 0.3;
/** Paid for each thing that keeps the leading face from leading: another division of the canvas, or a frame, is better. */
export const LEAD_FLAW = 25;
/** Paid for a body without its head by how much of the picture it takes. */
const HEADLESS_WHOLE = 12;

export interface CropOptions {
  /** Rectangles of the creative (text, panel) that no head may lie under; default: none. */
  readonly obstacles?: readonly Rect[] | undefined;
  /** Those of them, and corners of a round photo, under which nothing of the photo shows; default: none. */
  readonly covers?: readonly Rect[] | undefined;
  /** Corners of a round photo, which take no more than air from the leading head's box; default: none. */
  readonly corners?: readonly Rect[] | undefined;
  /** Where heads should be: what the platform does not cover; default: anywhere. */
  readonly open?: Rect | undefined;
  /** The creative's shorter side, px, which faces are measured by; default: the slot's. */
  readonly short?: number | undefined;
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
  const stage = { slot, obstacles, covers, corners, open, short, free: clip(free, open) ?? free };
  const isAimed = scene.focus === null && leadOf(scene) !== undefined;
  let best: Crop | null = null;
  for (const region of isAimed ? aimedRegions(scene, stage) : gridRegions(scene, slot)) {
    if (!isReachable(scene, region) || (best && best.penalty <= leastPenalty(scene, region, stage))) continue;
    const crop = judge(scene, region, stage);
    if (crop && (best === null || crop.penalty < best.penalty)) best = crop;
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
  /** What the platform leaves uncovered. */
  readonly open: Rect;
  /** What of the slot the obstacles and the platform leave. */
  readonly free: Rect;
  readonly short: number;
}

/** What a region pays at least, by the size of the leading face alone. */
function leastPenalty(scene: Scene, region: Rect, { slot, short }: Stage): number {
  const lead = scene.focus === null ? leadOf(scene) : undefined;
  return lead ? sizePenalty((lead.face * slot.width) / (region.width * short)) : 0;
}

interface Cast {
  readonly shown: readonly Head[];
  readonly cutHeads: number;
  readonly covered: number;
  /** Paid for faces that the platform covers. */
  readonly hidden: number;
}

function judge(scene: Scene, region: Rect, stage: Stage): Crop | null {
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
  const penalty = compositionPenalty({ scene, first, shown, region, place, free, short });
  return { ...crop, flaws, penalty: penalty + hidden + bodies + LEAD_FLAW * flaws.length };
}

/** A head's box has nothing of the head in its corners: so much of its width is air there. */
const ROUND_HEAD = 0.1;

/** The heads that a region shows; null where it breaks a rule about them. */
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
