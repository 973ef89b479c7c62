import type { Head } from "./head.ts";
import { clamp, type Rect, right } from "./rect.ts";
import { frameOf, MAX_UPSCALE, reachOf, type Scene, type SceneHead } from "./scene.ts";

/** The regions of a photo that a crop tries for a slot. */

/** Where a crop is placed in a creative. */
export interface CropSlot {
  readonly slot: Rect;
  /** The head that regions are placed around; default: none. */
  readonly lead?: SceneHead | undefined;
  /** The part of the slot that neither obstacles nor the platform cover. */
  readonly free: Rect;
  /** The shorter side of the creative, px. */
  readonly short: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Positions of regions of one size, px of the photo: every column with every row. */
export interface Offsets {
  readonly columns: readonly number[];
  readonly rows: readonly number[];
}

/** Sizes of the slot's shape: around the leading head by its size and its neighbours, or else evenly, the largest first. */
export function sizesOf(scene: Scene, place: CropSlot): Size[] {
  return place.lead ? aimedSizes(scene, place, place.lead) : gridSizes(scene, place.slot);
}

/** Positions by the leading head and beside every neighbour, or else evenly. */
export function offsetsOf(scene: Scene, place: CropSlot, { width, height }: Size): Offsets {
  const { lead } = place;
  if (lead) {
    return { columns: columnsOf(scene, lead, place, width), rows: rowsOf(scene, lead, place, height) };
  }
  return {
    columns: steps(scene.width - width, COLUMNS, besideOthers(scene, "x", width)),
    rows: steps(scene.height - height, ROWS, besideOthers(scene, "y", height)),
  };
}

/** The leading face's height as shares of the creative's shorter side. */
const FACES = [0.335, 0.3, 0.37, 0.27, 0.41, 0.24, 0.45, 0.21, 0.18, 0.15, 0.12];
/** Positions of the head's middle and the eyes in the free part. */
const MIDDLES = [1 / 2, 0.42, 0.58, 1 / 3, 2 / 3, 0.25, 0.75];
const EYES = [0.28, 0.32, 0.36, 0.4, 0.44, 0.5, 0.56];

/** Sizes of regions around the leading head. */
function aimedSizes(scene: Scene, place: CropSlot, lead: SceneHead): Size[] {
  const { slot } = place;
  const reach = reachOf(scene);
  const frame = frameOf(scene);
  const least = Math.max(slot.width / reach.width, slot.height / reach.height);
  if (least > MAX_UPSCALE) return [];
  const largest = Math.min(MAX_UPSCALE, slot.width / lead.bounds.width, slot.height / lead.bounds.height);
  const inPhoto = Math.max(slot.width / frame.width, slot.height / frame.height);
  const gaps = gapsOf(scene, lead).map((gap) => slot.width / gap);
  const scales = scalesOf(lead, place, { least, largest, others: [inPhoto, ...gaps] });
  return scales.map((scale) => ({ width: slot.width / scale, height: slot.height / scale }));
}

function scalesOf(
  { face }: Head,
  { short }: CropSlot,
  limits: { readonly least: number; readonly largest: number; readonly others: readonly number[] },
): number[] {
  const { least, largest, others } = limits;
  const scales = FACES.map((share) => (share * short) / face);
  return unique([...scales, largest, least, ...others].filter((scale) => scale >= least && scale <= largest));
}

/** Widths, px of the photo, between the neighbours on both sides: between their heads, and between their shoulders. */
function gapsOf({ heads, width }: Scene, lead: SceneHead): number[] {
  const others = heads.filter((head) => head !== lead);
  if (others.length === 0) return [];
  const middle = lead.bounds.x + lead.bounds.width / 2;
  return (["bounds", "body"] as const).map((part) => {
    const rects = others.map((head) => head[part]);
    const isLeft = (rect: Rect) => rect.x + rect.width / 2 < middle;
    const from = Math.max(0, ...rects.filter(isLeft).map(right));
    const to = Math.min(width, ...rects.filter((rect) => !isLeft(rect)).map(({ x }) => x));
    return Math.max(to - from, lead.bounds.width);
  });
}

function columnsOf(scene: Scene, { bounds }: Head, { slot, free }: CropSlot, width: number): number[] {
  const scale = slot.width / width;
  const reach = reachOf(scene);
  const middle = bounds.x + bounds.width / 2;
  const aimed = MIDDLES.map((at) => middle - (free.x + at * free.width - slot.x) / scale);
  // Shoulders that the photo's edge cuts should be at the creative's edge.
  const all = [...aimed, 0, scene.width - width, ...besideOthers(scene, "x", width)];
  return inside(
    all,
    { start: bounds.x, size: bounds.width },
    { from: reach.x, room: reach.width, length: width },
  );
}

function rowsOf(scene: Scene, { bounds, eyes }: Head, { slot, free }: CropSlot, height: number): number[] {
  const scale = slot.height / height;
  const reach = reachOf(scene);
  const aimed = EYES.map((at) => eyes[1] - (free.y + at * free.height - slot.y) / scale);
  // A backdrop that is continued beside the shoulders ends above them.
  const feet = [scene.height, scene.edges.left, scene.edges.right].map((foot) => foot - height);
  const all = [...aimed, ...feet, ...besideOthers(scene, "y", height)];
  return inside(
    all,
    { start: bounds.y, size: bounds.height },
    { from: reach.y, room: reach.height, length: height },
  );
}

/** Offsets that leave a neighbour just inside or just outside: gaps between heads are narrower than any grid. */
function besideOthers(scene: Scene, axis: "x" | "y", length: number): number[] {
  const offsets: number[] = [];
  if (scene.heads.length < 2) return offsets;
  for (const { bounds, body } of scene.heads.slice(0, 8)) {
    const start = bounds[axis];
    const end = start + (axis === "x" ? bounds.width : bounds.height);
    offsets.push(start, end, start - length, end - length);
    // Shoulders are wider than heads: a region beside both shows nobody's body.
    if (axis === "x") offsets.push(right(body), body.x - length);
  }
  return offsets;
}

/** Offsets moved into the part that may show, without those that cut the head. */
function inside(
  offsets: readonly number[],
  must: { readonly start: number; readonly size: number },
  { from, room, length }: { readonly from: number; readonly room: number; readonly length: number },
): number[] {
  const slack = 0.02 * must.size + 0.5;
  const kept: number[] = [];
  for (const offset of offsets) {
    const at = clamp(offset, from, from + room - length);
    const isWhole = at <= must.start + slack && at + length >= must.start + must.size - slack;
    if (isWhole) addNew(kept, at);
  }
  return kept;
}

function unique(values: readonly number[]): number[] {
  const kept: number[] = [];
  for (const value of values) addNew(kept, value);
  return kept;
}

/** Adds a value unless nearly the same is known. */
function addNew(kept: number[], value: number): void {
  const near = 0.004 * Math.abs(value) + 0.01;
  for (const known of kept) if (Math.abs(known - value) < near) return;
  kept.push(value);
}

const SIZES = 11;
const SMALLEST = 0.3;
const COLUMNS = 15;
const ROWS = 13;

/** Sizes of regions inside the photo, for photos without a leading face. */
function gridSizes(scene: Scene, slot: Rect): Size[] {
  const aspect = slot.width / slot.height;
  const fullHeight = Math.min(scene.height, scene.width / aspect);
  const least = Math.max(SMALLEST * fullHeight, slot.height / MAX_UPSCALE);
  if (least > fullHeight + 0.5) return [];
  return Array.from({ length: SIZES }, (_, size) => {
    const height = fullHeight * Math.min(1, least / fullHeight) ** (size / (SIZES - 1));
    return { width: height * aspect, height };
  });
}

function steps(room: number, count: number, extra: readonly number[]): number[] {
  if (room < 1) return [Math.max(0, room) / 2];
  const even = Array.from({ length: count }, (_, index) => (room * index) / (count - 1));
  return [...even, ...extra.filter((at) => at >= 0 && at <= room)];
}
