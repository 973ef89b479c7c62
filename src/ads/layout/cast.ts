import type { Place, Size } from "./candidates.ts";
import { area, bottom, grow, overlap, project, type Rect, right } from "./rect.ts";
import { coveredShare, leadOf, type Scene, type SceneHead, standingOf } from "./scene.ts";

/** The heads that a region of a photo shows, and the rules about them. */

/** Penalty of a leading face that the platform covers, and by the share covered; other faces have a part of it. */
const COVERED = 30;
const COVERED_WHOLE = 15;
const COVERED_OTHER = 0.3;
/** The corners of a head's box are empty: a round photo may cut this share of its width. */
const ROUND_HEAD = 0.1;

/** A slot with everything that limits its photo. */
export interface Stage extends Place {
  readonly obstacles: readonly Rect[];
  readonly covers: readonly Rect[];
  readonly corners: readonly Rect[];
  /** The part that the platform does not cover. */
  readonly open: Rect;
}

/** A column or a row of regions of one size. */
export interface Line {
  /** Left or upper edge, px of the photo. */
  readonly at: number;
  /** Length that each head's box has in common with it, px of the photo. */
  readonly common: readonly number[];
  /** The least penalty of its regions. */
  readonly least: number;
}

interface Lines {
  /** Left or upper edges, px of the photo. */
  readonly offsets: readonly number[];
  leastOf(at: number): number;
  /** Lines with this penalty or more are left out. */
  readonly below: number;
}

export function columnLines({ heads }: Scene, { width }: Size, lines: Lines): Line[] {
  return linesAt(lines, (at) =>
    heads.map(({ bounds }) => Math.min(right(bounds), at + width) - Math.max(bounds.x, at)),
  );
}

export function rowLines({ heads }: Scene, { height }: Size, lines: Lines): Line[] {
  return linesAt(lines, (at) =>
    heads.map(({ bounds }) => Math.min(bottom(bounds), at + height) - Math.max(bounds.y, at)),
  );
}

function linesAt({ offsets, leastOf, below }: Lines, commonAt: (at: number) => number[]): Line[] {
  const lines: Line[] = [];
  for (const at of offsets) {
    const least = leastOf(at);
    if (below <= least) continue;
    lines.push({ at, least, common: commonAt(at).map(notNegative) });
  }
  return lines;
}

function notNegative(length: number): number {
  return Math.max(0, length);
}

/** The heads that the region of a column and a row shows, and how many of them it cuts. */
export interface Shown {
  readonly heads: readonly SceneHead[];
  readonly cutHeads: number;
}

/** @returns null if the region cuts a head, which only a manual focus may */
export function shownAt(scene: Scene, column: Line, row: Line): Shown | null {
  const heads: SceneHead[] = [];
  let cutHeads = 0;
  for (let index = 0; index < scene.heads.length; index++) {
    const head = scene.heads[index];
    const common = (column.common[index] ?? 0) * (row.common[index] ?? 0);
    if (!head || common === 0) continue;
    const stands = standingOf(common / area(head.bounds));
    if (stands === "outside") continue;
    if (stands === "cut") cutHeads++;
    if (cutHeads > 0 && scene.focus === null) return null;
    heads.push(head);
  }
  return { heads, cutHeads };
}

/** How the platform covers the faces of a region. */
export interface Cover {
  /** Share of the leading face, or of any if none leads, in [0, 1]. */
  readonly covered: number;
  /** Penalty of the faces that are covered. */
  readonly penalty: number;
}

/** @returns null if a head is under an obstacle */
export function coverOf(scene: Scene, heads: readonly SceneHead[], region: Rect, stage: Stage): Cover | null {
  const lead = leadOf(scene);
  let covered = 0;
  let penalty = 0;
  for (const head of heads) {
    const placed = project(head.bounds, region, stage.slot);
    const leads = lead === undefined || head === lead;
    if (isObstructed(placed, leads, stage)) return null;
    const share = coveredShare(placed, stage.open);
    if (leads) covered = Math.max(covered, share);
    if (share > 0) penalty += (COVERED + COVERED_WHOLE * share) * (leads ? 1 : COVERED_OTHER);
  }
  return { covered, penalty };
}

function isObstructed(head: Rect, leads: boolean, { obstacles, corners }: Stage): boolean {
  const round = leads ? grow(head, -ROUND_HEAD * head.width) : head;
  return (
    obstacles.some((obstacle) => overlap(head, obstacle) > 0) ||
    corners.some((corner) => overlap(round, corner) > 0)
  );
}
