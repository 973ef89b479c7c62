import type { Point } from "../../faces/index.ts";
import { offsetsOf, type Size, sizesOf } from "./candidates.ts";
import {
  castOf,
  certainFlaws,
  columnLines,
  coverOf,
  flawsAt,
  type Line,
  rowLines,
  type ShownHeads,
  type Stage,
  shownAt,
} from "./cast.ts";
import { compositionPenalty, emptyPenalty } from "./composition.ts";
import { countFlaws, type FlawSet, flawsIn, HEADLESS, NO_FLAWS, sizeFlaw } from "./leading.ts";
import { leastOfColumn, leastOfRow, leastOfSize } from "./least.ts";
import { clip, contains, freeArea, project, type Rect } from "./rect.ts";
import { type Crop, headlessShare, isReachable, leadOf, type Scene } from "./scene.ts";

/**
 * Which part of a photo shows in a slot: every candidate that keeps the rules is scored, the best is taken.
 * The rules: the leading head whole, every other head whole or not there at all, none under text or panel, nothing
 * beyond the photo but a plain backdrop, and no enlargement past 1.5. A manual focus may break the ones about heads,
 * if nothing else shows its point. Faces are outside the covered area if any candidate allows it.
 */

/** Penalty of a head that the frame cuts, with a manual focus: more than any other flaw. */
const CUT_HEAD = 8;
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
  const cast = castOf(scene, lead);
  const stage = { slot, obstacles, covers, corners, open, short, free: clip(free, open) ?? free, lead, cast };
  let best: Crop | null = null;
  for (const size of sizesOf(scene, stage)) {
    const below: number = best?.penalty ?? options.below ?? Number.POSITIVE_INFINITY;
    best = bestOfSize(scene, size, stage, below) ?? best;
  }
  return best;
}

/** Lower bounds are sums in another order than penalties: they may differ by rounding. */
const ROUNDING = 1e-9;

/** The best region of one size with a penalty below `limit`; null if there is none. */
function bestOfSize(scene: Scene, size: Size, stage: Stage, limit: number): Crop | null {
  const { cast, lead, slot, short } = stage;
  const ownFlaw = lead ? sizeFlaw(lead.face, slot.width / size.width, short) : NO_FLAWS;
  const certain = certainFlaws(cast) | ownFlaw;
  const least = LEAD_FLAW * countFlaws(certain) + leastOfSize(scene, size, stage) - ROUNDING;
  if (limit <= least) return null;
  // What flaws cost beyond the certain ones.
  const penaltyOf = (flaws: FlawSet) => LEAD_FLAW * (countFlaws(flaws | certain) - countFlaws(certain));
  const { columns, rows } = offsetsOf(scene, stage, size);
  const across = columnLines(scene, size, {
    offsets: columns,
    cast,
    leastOf: (x) => leastOfColumn(scene, x, size.width, stage),
    penaltyOf,
    below: limit - least,
  });
  const down = rowLines(scene, size, {
    offsets: across.length === 0 ? [] : rows,
    cast,
    leastOf: (y) => leastOfRow(y, size.height, stage),
    penaltyOf,
    below: limit - least - Math.min(...across.map((column) => column.least)),
  });
  let best: Crop | null = null;
  let below = limit;
  for (const column of across) {
    for (const row of down) {
      const bound = least + column.least + row.least;
      if (below <= bound) continue;
      const flaws = scene.focus === null ? flawsAt(cast, column, row) : NO_FLAWS;
      if (flaws === null || below <= bound + penaltyOf(flaws)) continue;
      const crop = cropAt(scene, { column, row, size, flaws: flaws | ownFlaw }, stage, below);
      if (crop && crop.penalty < below) [best, below] = [crop, crop.penalty];
    }
  }
  return best;
}

interface View {
  readonly column: Line;
  readonly row: Line;
  readonly size: Size;
  /** All but bodies without heads. */
  readonly flaws: FlawSet;
}

/** @returns null if the region breaks a rule, or perhaps if its penalty is not below `below` */
function cropAt(scene: Scene, { column, row, size, flaws }: View, stage: Stage, below: number): Crop | null {
  const region = { x: column.at, y: row.at, ...size };
  if (!isReachable(scene, region)) return null;
  const shown = shownAt(scene, column, row);
  const cover = coverOf(scene, shown.heads, region, stage);
  if (!cover) return null;
  const { covered } = cover;
  const crop = { region, target: stage.slot, cutHeads: shown.cutHeads, covered, flaws: [] };
  if (scene.focus === null)
    return composed(scene, { crop, shown, flaws, cover: cover.penalty }, stage, below);
  const penalty = focusPenalty(scene, scene.focus, region) + shown.cutHeads * CUT_HEAD + cover.penalty;
  return { ...crop, penalty };
}

interface Composed {
  readonly crop: Omit<Crop, "penalty">;
  readonly shown: ShownHeads;
  readonly flaws: FlawSet;
  /** Penalty of covered faces. */
  readonly cover: number;
}

/** The crop with the penalty of its flaws and its composition. */
function composed(
  scene: Scene,
  { crop, shown: { heads }, flaws, cover }: Composed,
  { slot, free, short, covers, lead }: Stage,
  below: number,
): Crop | null {
  const { region } = crop;
  if (lead && !heads.includes(lead)) return null;
  const first = lead ?? heads[0];
  if (!first) {
    const empty = scene.heads.length === 0 ? emptyPenalty(scene, region) : 5;
    return { ...crop, penalty: empty + cover };
  }
  const known = LEAD_FLAW * countFlaws(flaws);
  if (cover + known >= below) return null;
  const place = (rect: Rect) => project(rect, region, slot);
  const composition = compositionPenalty({ scene, first, shown: heads, region, place, free, short });
  if (cover + known + composition >= below) return null;
  // Measured last, because it takes longest.
  const hidden = covers.map((rect) => project(rect, slot, region));
  const headless = lead ? headlessShare(scene, region, hidden) : 0;
  const all = headless > 0 ? flaws | HEADLESS : flaws;
  const penalty = cover + HEADLESS_WHOLE * headless + LEAD_FLAW * countFlaws(all) + composition;
  return { ...crop, flaws: flawsIn(all), penalty };
}

function focusPenalty(scene: Scene, focus: Point, region: Rect): number {
  const point = { x: focus[0] * scene.width, y: focus[1] * scene.height, width: 0, height: 0 };
  const dx = (point.x - region.x) / region.width - 0.5;
  const dy = (point.y - region.y) / region.height - 0.45;
  const outside = contains(region, point) ? 0 : 40;
  const zoom = Math.log2(Math.min(scene.width / region.width, scene.height / region.height));
  return outside + 3 * Math.hypot(dx, dy) + 0.3 * zoom;
}
