import type { CropSlot, Size } from "./candidates.ts";
import { type FlawSet, flawsBeside, NO_FLAWS } from "./leading.ts";
import { area, bottom, grow, overlap, project, type Rect, right } from "./rect.ts";
import { coveredShare, leadOf, type Scene, type SceneHead, SLIVER, standingOf } from "./scene.ts";

/** The heads that a region of a photo shows, and the rules about them. */

/** Penalty of a leading face that the platform covers, and by the share covered; other faces have a part of it. */
const COVERED = 30;
const COVERED_WHOLE = 15;
const COVERED_OTHER = 0.3;
/** The corners of a head's box are empty: a round photo may cut this share of its width. */
const ROUND_HEAD = 0.1;

/** A slot with everything that limits its photo. */
export interface Stage extends CropSlot {
  readonly obstacles: readonly Rect[];
  readonly covers: readonly Rect[];
  readonly corners: readonly Rect[];
  /** The part that the platform does not cover. */
  readonly open: Rect;
  readonly cast: Cast;
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
  readonly cast: Cast;
  leastOf(at: number): number;
  /** Penalty of a picture with these flaws. */
  penaltyOf(flaws: FlawSet): number;
  /** Lines with this penalty or more are left out. */
  readonly below: number;
}

/** Columns of regions of one size, without those that cannot be part of a region which keeps the rules. */
export function columnLines({ heads }: Scene, { width }: Size, lines: Lines): Line[] {
  return linesAt(lines, "across", (at) =>
    heads.map(({ bounds }) => Math.max(0, Math.min(right(bounds), at + width) - Math.max(bounds.x, at))),
  );
}

export function rowLines({ heads }: Scene, { height }: Size, lines: Lines): Line[] {
  return linesAt(lines, "down", (at) =>
    heads.map(({ bounds }) => Math.max(0, Math.min(bottom(bounds), at + height) - Math.max(bounds.y, at))),
  );
}

function linesAt(lines: Lines, axis: Axis, commonAt: (at: number) => number[]): Line[] {
  const found: Line[] = [];
  for (const at of lines.offsets) {
    const least = lines.leastOf(at);
    if (lines.below <= least) continue;
    const common = commonAt(at);
    const flaws = sureFlaws(lines.cast, axis, common);
    if (flaws !== null && lines.below > least + lines.penaltyOf(flaws)) found.push({ at, least, common });
  }
  return found;
}

type Axis = "across" | "down";

/** A head with what is the same in every region. */
interface Member extends Readonly<Record<Axis, Extent>> {
  readonly area: number;
  /** The flaws of a picture that shows it. */
  readonly flaws: FlawSet;
}

interface Extent {
  /** Width or height of the head, px of the photo. */
  readonly length: number;
  /** Share of it that shows at least beside a leading head that is whole, in [0, 1]. */
  readonly least: number;
}

/** The scene's heads in their order. */
export type Cast = readonly Member[];

/** @param lead the head that has to lead; default: none has to */
export function castOf({ heads }: Scene, lead: SceneHead | undefined): Cast {
  const [across, down] = [lead && widthOf(lead), lead && heightOf(lead)];
  return heads.map((head) => ({
    area: area(head.bounds),
    flaws: lead ? flawsBeside(lead, head) : NO_FLAWS,
    across: extentOf(widthOf(head), across),
    down: extentOf(heightOf(head), down),
  }));
}

interface Span {
  readonly from: number;
  readonly length: number;
}

function widthOf({ bounds: { x, width } }: SceneHead): Span {
  return { from: x, length: width };
}

function heightOf({ bounds: { y, height } }: SceneHead): Span {
  return { from: y, length: height };
}

function extentOf({ from, length }: Span, lead: Span | undefined): Extent {
  if (!lead) return { length, least: 0 };
  const common = Math.min(from + length, lead.from + lead.length) - Math.max(from, lead.from);
  // Of a whole head a sliver may be outside.
  return { length, least: Math.max(0, common - SLIVER * lead.length) / length };
}

/** The flaws of every region that shows the leading head; none if no head has to lead. */
export function certainFlaws(cast: Cast): FlawSet {
  return cast.reduce(
    (all, { across, down, flaws }) => (across.least * down.least > SURE ? all | flaws : all),
    NO_FLAWS,
  );
}

/** A larger share than this is no sliver, whatever the rounding. */
const SURE = 1.001 * SLIVER;

/**
 * The flaws of every region of a column or a row which shows the leading head.
 *
 * @param common length that each head has in common with the line, px of the photo
 * @returns null if all of its regions cut a head
 */
function sureFlaws(cast: Cast, axis: Axis, common: readonly number[]): FlawSet | null {
  const other = axis === "across" ? "down" : "across";
  let flaws = NO_FLAWS;
  for (let index = 0; index < cast.length; index++) {
    const member = cast[index];
    if (!member) continue;
    const share = (common[index] ?? 0) / member[axis].length;
    if (share * member[other].least <= SURE) continue;
    if (share < 1 - SURE) return null;
    flaws |= member.flaws;
  }
  return flaws;
}

/**
 * The flaws by the heads that the region of a column and a row shows. Most regions are rejected by these, so nothing is
 * allocated for them.
 *
 * @returns null if the region cuts a head
 */
export function flawsAt(cast: Cast, column: Line, row: Line): FlawSet | null {
  let flaws = NO_FLAWS;
  for (let index = 0; index < cast.length; index++) {
    const member = cast[index];
    const common = (column.common[index] ?? 0) * (row.common[index] ?? 0);
    if (!member || common === 0) continue;
    const stands = standingOf(common / member.area);
    if (stands === "cut") return null;
    if (stands === "inside") flaws |= member.flaws;
  }
  return flaws;
}

/** The heads that the region of a column and a row shows, and how many of them it cuts. */
export interface ShownHeads {
  readonly heads: readonly SceneHead[];
  readonly cutHeads: number;
}

export function shownAt(scene: Scene, column: Line, row: Line): ShownHeads {
  const heads: SceneHead[] = [];
  let cutHeads = 0;
  for (let index = 0; index < scene.heads.length; index++) {
    const head = scene.heads[index];
    const common = (column.common[index] ?? 0) * (row.common[index] ?? 0);
    if (!head || common === 0) continue;
    const stands = standingOf(common / area(head.bounds));
    if (stands === "outside") continue;
    if (stands === "cut") cutHeads++;
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
