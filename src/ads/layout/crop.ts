import type { Point } from "../../faces/index.ts";
import { compositionPenalty, emptyPenalty } from "./composition.ts";
import type { Head } from "./head.ts";
import { bottom, clip, contains, freeArea, overlap, project, type Rect } from "./rect.ts";
import { type Crop, coveredShare, leadOf, MAX_UPSCALE, type Scene, standing } from "./scene.ts";

/**
 * Which part of a photo shows in a slot: every candidate that keeps the rules is scored, the best is taken.
 * The rules: the leading head whole, every other head whole or not there at all, none under text or panel, and no
 * enlargement past 1.5. A manual focus may break the ones about heads, where nothing else shows its point. Faces stand
 * where the platform covers nothing, as far as any candidate can.
 */

/** What a focus pays for a head that the frame cuts: worse than any other flaw. */
const CUT_HEAD = 8;
/** Paid for the leading face where the platform covers it, and by how much of it; other faces pay a part. */
const COVERED = 5;
const COVERED_WHOLE = 15;
const COVERED_OTHER = 0.3;

const SIZES = 11;
const SMALLEST = 0.3;
const COLUMNS = 15;
const ROWS = 13;

/**
 * The best region for a slot.
 *
 * @param obstacles rectangles of the creative (text, panel) that no head may lie under
 * @param open where heads should be: what the platform does not cover; default: anywhere
 * @returns null where no region of the slot's shape keeps the rules
 */
export function chooseCrop(
  scene: Scene,
  slot: Rect,
  obstacles: readonly Rect[],
  open: Rect = slot,
): Crop | null {
  const free = freeArea(slot, obstacles);
  const stage: Stage = { slot, obstacles, open, free: clip(free, open) ?? free };
  return bestOf(scene, stage, false) ?? bestOf(scene, stage, true);
}

/** Paid by a photo that begins below what the platform covers, under a band of its own colour. */
const LOWERED = 1.5;

/** The best region for the part of a slot below the platform's own bar at the top; null where it covers none of it. */
export function chooseLowered(scene: Scene, slot: Rect, obstacles: readonly Rect[], open: Rect): Crop | null {
  const lowered = clip(slot, { ...slot, y: open.y, height: bottom(slot) - open.y });
  if (!lowered || lowered.height >= slot.height) return null;
  const crop = chooseCrop(scene, lowered, obstacles, open);
  return crop && { ...crop, penalty: crop.penalty + LOWERED };
}

interface Stage {
  readonly slot: Rect;
  readonly obstacles: readonly Rect[];
  /** What the platform leaves uncovered. */
  readonly open: Rect;
  /** What of the slot the obstacles and the platform leave. */
  readonly free: Rect;
}

function bestOf(scene: Scene, stage: Stage, snapping: boolean): Crop | null {
  let best: Crop | null = null;
  for (const region of regions(scene, stage.slot, snapping)) {
    const crop = judge(scene, region, stage);
    if (crop && (best === null || crop.penalty < best.penalty)) best = crop;
  }
  return best;
}

/** Regions of the slot's shape inside the photo, from the largest down, on a grid of positions. */
function* regions(scene: Scene, slot: Rect, snapping: boolean): Generator<Rect> {
  const aspect = slot.width / slot.height;
  const fullHeight = Math.min(scene.height, scene.width / aspect);
  const least = Math.max(SMALLEST * fullHeight, slot.height / MAX_UPSCALE);
  if (least > fullHeight + 0.5) return;
  const must = scene.focus === null ? leadOf(scene)?.bounds : undefined;
  for (let size = 0; size < SIZES; size++) {
    const height = fullHeight * Math.min(1, least / fullHeight) ** (size / (SIZES - 1));
    const width = height * aspect;
    const rooms = { x: scene.width - width, y: scene.height - height };
    const columns = steps(rooms.x, COLUMNS, snapping ? snaps(scene.heads, "x", width) : []);
    const rows = steps(rooms.y, ROWS, snapping ? snaps(scene.heads, "y", height) : []);
    for (const x of within(columns, must && [must.x, must.width], width)) {
      for (const y of within(rows, must && [must.y, must.height], height)) yield { x, y, width, height };
    }
  }
}

/** Offsets at which a span of `length` holds the part that must show. */
function within(offsets: number[], must: [number, number] | undefined, length: number): number[] {
  if (must === undefined) return offsets;
  const [start, size] = must;
  const slack = 0.02 * size + 0.5;
  return offsets.filter((at) => at <= start + slack && at + length >= start + size - slack);
}

function steps(room: number, count: number, extra: readonly number[]): number[] {
  if (room < 1) return [Math.max(0, room) / 2];
  const even = Array.from({ length: count }, (_, index) => (room * index) / (count - 1));
  return [...even, ...extra.filter((at) => at >= 0 && at <= room)];
}

/** Offsets that leave a head just inside or just outside of a region: gaps between heads are narrower than the grid. */
function snaps(heads: readonly Head[], axis: "x" | "y", length: number): number[] {
  return heads.slice(0, 12).flatMap(({ bounds }) => {
    const start = bounds[axis];
    const end = start + (axis === "x" ? bounds.width : bounds.height);
    return [start, end, start - length, end - length];
  });
}

function judge(scene: Scene, region: Rect, { slot, obstacles, open, free }: Stage): Crop | null {
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
    if (obstacles.some((obstacle) => overlap(placed, obstacle) > 0)) return null;
    shown.push(head);
    const share = coveredShare(placed, open);
    const leads = lead === undefined || head === lead;
    if (leads) covered = Math.max(covered, share);
    if (share > 0) hidden += (COVERED + COVERED_WHOLE * share) * (leads ? 1 : COVERED_OTHER);
  }
  if (scene.focus !== null) {
    const penalty = focusPenalty(scene, scene.focus, region) + cutHeads * CUT_HEAD + hidden;
    return { region, target: slot, penalty, cutHeads, covered };
  }
  if (lead && !shown.includes(lead)) return null;
  const place = (rect: Rect) => project(rect, region, slot);
  const first = lead ?? shown[0];
  const empty = scene.heads.length === 0 ? emptyPenalty(scene, region) : 5;
  const penalty = first ? compositionPenalty({ scene, first, shown, region, place, free }) : empty;
  return { region, target: slot, penalty: penalty + hidden, cutHeads, covered };
}

function focusPenalty(scene: Scene, focus: Point, region: Rect): number {
  const point = { x: focus[0] * scene.width, y: focus[1] * scene.height, width: 0, height: 0 };
  const dx = (point.x - region.x) / region.width - 0.5;
  const dy = (point.y - region.y) / region.height - 0.45;
  const outside = contains(region, point) ? 0 : 40;
  const zoom = Math.log2(Math.min(scene.width / region.width, scene.height / region.height));
  return outside + 3 * Math.hypot(dx, dy) + 0.3 * zoom;
}
