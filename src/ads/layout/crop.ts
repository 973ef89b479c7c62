import type { Point } from "../../faces/index.ts";
import type { Head } from "./head.ts";
import { area, bottom, clamp, clip, contains, grow, overlap, project, type Rect, right } from "./rect.ts";

/** Which part of a photo fills a slot: every candidate is scored, the best is taken. Pure geometry. */

/** A photo as the crop sees it, px. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Heads, cut at the photo's edges where the photo itself cuts them. */
  readonly heads: readonly Head[];
  /** Index of the head that leads; null: none does. */
  readonly lead: number | null;
  /** Manual focal point in [0, 1]; wins over composition. */
  readonly focus: Point | null;
}

export interface Crop {
  /** The region of the photo, px of the photo. */
  readonly region: Rect;
  /** Where it lands in the creative, px. */
  readonly target: Rect;
  /** Lower is better; 0 is flawless. */
  readonly penalty: number;
  /** Heads that stay partly outside of the region. */
  readonly cutHeads: number;
}

/** Enlarging a photo more than this shows. */
export const MAX_UPSCALE = 1.5;

/** Worse than any other flaw a crop can have. */
const CUT_HEAD = 8;
/** Kept free around a head where the photo allows, in heads. */
const BREATHING_ROOM = 0.08;
/** Room below the chin, in heads. */
const SHOULDERS = 0.3;

const SIZES = 11;
const COLUMNS = 17;
const ROWS = 13;
/** A head's box is generous; a sliver of it on the wrong side of the edge cuts hair's width of air, no head. */
const SLIVER = 0.02;

export function sceneOf(
  photo: { readonly width: number; readonly height: number; readonly focus: Point | null },
  heads: readonly Head[],
  lead: number | null,
): Scene {
  const frame = { x: 0, y: 0, width: photo.width, height: photo.height };
  const visible = heads.map((head) => ({ ...head, bounds: clip(head.bounds, frame) ?? frame }));
  return { width: photo.width, height: photo.height, heads: visible, lead, focus: photo.focus };
}

/**
 * The best region for a slot.
 *
 * @param obstacles rectangles of the creative (text, panel) that no head may lie under
 * @returns null where no region of the slot's shape holds the leading head whole and free of obstacles
 */
export function chooseCrop(scene: Scene, slot: Rect, obstacles: readonly Rect[]): Crop | null {
  const stage = { slot, obstacles, free: freeArea(slot, obstacles) };
  let best: Crop | null = null;
  for (const region of regions(scene, slot.width / slot.height)) {
    const crop = judge(scene, region, stage);
    if (crop && (best === null || crop.penalty < best.penalty)) best = crop;
  }
  return best;
}

/** Regions of one shape inside the photo, from the largest down to a third of it, on a grid of positions. */
function* regions(scene: Scene, aspect: number): Generator<Rect> {
  const fullHeight = Math.min(scene.height, scene.width / aspect);
  for (let size = 0; size < SIZES; size++) {
    const height = fullHeight * 0.34 ** (size / (SIZES - 1));
    const width = height * aspect;
    for (const x of steps(scene.width - width, COLUMNS)) {
      for (const y of steps(scene.height - height, ROWS)) yield { x, y, width, height };
    }
  }
}

function steps(room: number, count: number): number[] {
  if (room < 1) return [Math.max(0, room) / 2];
  return Array.from({ length: count }, (_, index) => (room * index) / (count - 1));
}

interface Stage {
  readonly slot: Rect;
  readonly obstacles: readonly Rect[];
  /** What of the slot the obstacles leave. */
  readonly free: Rect;
}

function judge(scene: Scene, region: Rect, { slot, obstacles, free }: Stage): Crop | null {
  const lead = scene.lead === null ? undefined : scene.heads[scene.lead];
  if (lead && scene.focus === null && !contains(region, lead.bounds)) return null;

  let cutHeads = 0;
  const shown: Head[] = [];
  for (const head of scene.heads) {
    const inside = overlap(head.bounds, region) / area(head.bounds);
    if (inside <= SLIVER) continue;
    if (inside < 1 - SLIVER) cutHeads++;
    const placed = project(head.bounds, region, slot);
    if (obstacles.some((obstacle) => overlap(placed, obstacle) > 0)) return null;
    shown.push(head);
  }
  const penalty =
    cutHeads * CUT_HEAD +
    scalePenalty(slot.width / region.width) +
    (scene.focus === null
      ? compositionPenalty(scene, lead, shown, (rect) => project(rect, region, slot), free) +
        edgePenalty(scene, shown, region)
      : focusPenalty(scene, scene.focus, region));
  return { region, target: slot, penalty, cutHeads };
}

function scalePenalty(scale: number): number {
  return scale <= MAX_UPSCALE ? 0 : 2 + 4 * Math.log2(scale / MAX_UPSCALE);
}

function focusPenalty(scene: Scene, focus: Point, region: Rect): number {
  const dx = (focus[0] * scene.width - region.x) / region.width - 0.5;
  const dy = (focus[1] * scene.height - region.y) / region.height - 0.45;
  const outside = Math.abs(dx) > 0.5 || Math.abs(dy) > 0.55 ? 20 : 0;
  const zoom = Math.log2(Math.min(scene.width / region.width, scene.height / region.height));
  return outside + 3 * Math.hypot(dx, dy) + 0.3 * zoom;
}

/** The largest part of the slot beside the obstacles: what the eye takes as the picture. */
function freeArea(slot: Rect, obstacles: readonly Rect[]): Rect {
  let free = slot;
  for (const obstacle of obstacles) {
    const hidden = clip(obstacle, free);
    if (!hidden) continue;
    const parts = [
      { ...free, width: hidden.x - free.x },
      { ...free, x: right(hidden), width: right(free) - right(hidden) },
      { ...free, height: hidden.y - free.y },
      { ...free, y: bottom(hidden), height: bottom(free) - bottom(hidden) },
    ];
    free = parts.reduce((a, b) => (area(b) > area(a) ? b : a));
  }
  return free;
}

function compositionPenalty(
  scene: Scene,
  lead: Head | undefined,
  shown: readonly Head[],
  place: (rect: Rect) => Rect,
  free: Rect,
): number {
  if (scene.heads.length === 0) {
    const whole = place({ x: 0, y: 0, width: scene.width, height: scene.height });
    return (
      0.5 * Math.log2(Math.max(1, Math.min(whole.width / free.width, whole.height / free.height))) +
      Math.abs(whole.x + whole.width / 2 - free.x - free.width / 2) / whole.width +
      Math.abs(whole.y + whole.height / 2 - free.y - free.height / 2) / whole.height
    );
  }
  if (shown.length === 0) return 5;
  const first = lead ?? shown[0];
  if (first === undefined) return 5;
  const head = place(first.bounds);
  const group = place(hull(shown.map((one) => one.bounds)));
  const eyesY = (place({ x: first.eyes[0], y: first.eyes[1], width: 0, height: 0 }).y - free.y) / free.height;

  const size = head.height / free.height;
  const ideal = shown.length === 1 ? 0.62 : 0.5;
  const tooSmall = Math.max(0, Math.log2(ideal / size));
  const tooLarge = Math.max(0, Math.log2(size / 0.72));
  const headX = (head.x + head.width / 2 - free.x) / free.width;
  const groupX = (group.x + group.width / 2 - free.x) / free.width;
  const thirds = Math.min(...[1 / 3, 1 / 2, 2 / 3].map((line) => Math.abs(headX - line)));
  const balance = Math.abs(groupX - 0.5);
  const headroom = Math.max(0, 0.05 - (group.y - free.y) / free.height);
  // A head without neck and shoulders seems to float on the panel.
  const shoulders = Math.max(0, SHOULDERS - (bottom(free) - bottom(head)) / head.height);
  return (
    0.9 * tooSmall +
    1.5 * tooLarge +
    1.2 * thirds +
    1.6 * balance +
    1.8 * Math.abs(eyesY - 0.4) +
    6 * headroom +
    4 * shoulders
  );
}

/** Heads that touch the frame look squeezed, and hair may stand farther off than the landmarks tell. */
function edgePenalty(scene: Scene, shown: readonly Head[], region: Rect): number {
  const photo = { x: 0, y: 0, width: scene.width, height: scene.height };
  const tight = shown.filter(({ bounds }) => {
    const roomy = clip(grow(bounds, BREATHING_ROOM * bounds.height), photo);
    return roomy !== null && !contains(region, roomy);
  });
  return Math.min(2, 1.2 * tight.length);
}

function hull(rects: readonly Rect[]): Rect {
  const x = Math.min(...rects.map((rect) => rect.x));
  const y = Math.min(...rects.map((rect) => rect.y));
  return {
    x,
    y,
    width: Math.max(...rects.map(right)) - x,
    height: Math.max(...rects.map(bottom)) - y,
  };
}

/**
 * The way out where no region of the slot's shape will do: as much of the photo as holds the heads, scaled to
 * fit inside the free part of the slot, standing on its lower edge; the rest of the slot is filled with a colour
 * of the photo.
 */
export function padCrop(scene: Scene, slot: Rect, obstacles: readonly Rect[]): Crop {
  const free = freeArea(slot, obstacles);
  const aspect = free.width / free.height;
  const lead = scene.lead === null ? undefined : scene.heads[scene.lead];
  const must = lead?.bounds ?? { x: 0, y: 0, width: scene.width, height: scene.height };
  const wide = scene.width / scene.height > aspect;
  const width = wide ? clamp(scene.height * aspect, must.width, scene.width) : scene.width;
  const height = wide ? scene.height : clamp(scene.width / aspect, must.height, scene.height);
  const x = clamp(must.x + must.width / 2 - width / 2, 0, scene.width - width);
  const y = clamp(must.y + must.height / 2 - height / 2, 0, scene.height - height);
  const scale = Math.min(free.width / width, free.height / height);
  const target = {
    x: free.x + (free.width - width * scale) / 2,
    y: bottom(free) - height * scale,
    width: width * scale,
    height: height * scale,
  };
  const region = { x, y, width, height };
  const cutHeads = scene.heads.filter((head) => {
    const inside = overlap(head.bounds, region) / area(head.bounds);
    return inside > SLIVER && inside < 1 - SLIVER;
  }).length;
  return { region, target, penalty: 5 + cutHeads * CUT_HEAD + scalePenalty(scale), cutHeads };
}
