import type { Point } from "../../faces/index.ts";
import type { Head } from "./head.ts";
import { area, bottom, clip, contains, grow, overlap, type Rect, right } from "./rect.ts";

/** The facts of a photo that a crop needs, px. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Heads, limited by the photo's edges. */
  readonly heads: readonly SceneHead[];
  /** Index of the leading head; null: none leads. */
  readonly lead: number | null;
  /** Manual focal point in [0, 1]; takes precedence over composition. */
  readonly focus: Point | null;
  /** Edges at which the photo's backdrop can be continued. */
  readonly edges: PlainEdges;
}

export interface SceneHead extends Head {
  /** The photo's edge cuts the face, not only its hair. */
  readonly isSevered: boolean;
  /** Neck and the slope of the shoulders, above the body; estimated. */
  readonly neck: Rect;
  /** The body from its shoulders down; estimated. */
  readonly body: Rect;
}

/** Edges of a photo that show nothing but a plain backdrop, which can be continued beyond them. */
export interface PlainEdges {
  /** From the top down to this row the edge is plain, px; 0: it is not. */
  readonly left: number;
  readonly right: number;
  /** Whether the whole upper edge is plain. */
  readonly top: boolean;
}

const NO_PLAIN_EDGES: PlainEdges = { left: 0, right: 0, top: false };

/**
 * What keeps a face from leading a picture. `small`, `large`: outside of its range of sizes though the photo's pixels
 * allow it; `outgrown`: a larger face shows; `equalled`: a face shows that is about as large; `headless`: a body shows
 * whose head does not; `severed`: a face shows that the photo's own edge cuts.
 */
export type LeadFlaw = "small" | "large" | "outgrown" | "equalled" | "headless" | "severed";

/** Which part of a photo shows, and where. */
export interface Crop {
  /** The region of the photo, px of the photo. */
  readonly region: Rect;
  /** Its position in the creative, px. */
  readonly target: Rect;
  /** Lower is better; 0 is flawless. */
  readonly penalty: number;
  /** Heads that are partly outside the region: none, except with a manual focus. */
  readonly cutHeads: number;
  /** Share of the leading face, or of any if none leads, that the platform's own buttons cover, in [0, 1]. */
  readonly covered: number;
  /** Reasons why the leading face does not lead; none if it does, or if no face has to. */
  readonly flaws: readonly LeadFlaw[];
}

/** A photo that is enlarged by more looks blurred. */
export const MAX_UPSCALE = 1.5;

/** A head's box is generous: an edge that cuts off this share of it cuts no head. */
export const SLIVER = 0.015;

/**
 * What a crop must consider: the photo's size, its heads, the leading head, the focal point and plain edges.
 *
 * @param lead index of the leading head; null if there is none
 *
 * @example
 * const scene = sceneOf({ width: 1920, height: 1080, focus: null }, faces.map(headOf), 0);
 */
export function sceneOf(
  photo: { readonly width: number; readonly height: number; readonly focus: Point | null },
  heads: readonly Head[],
  lead: number | null,
  edges: PlainEdges = NO_PLAIN_EDGES,
): Scene {
  const frame = frameOf(photo);
  const visible = heads.map((head): SceneHead => {
    const whole = clip(head.bounds, frame) ?? frame;
    const face = faceIn(head.bounds);
    const isSevered = overlap(face, frame) < WHOLE_FACE * area(face);
    const neck = below(whole, NECK, SHOULDERS.below - NECK.below);
    const bounds = besideOthers(whole, head, heads);
    return { ...head, bounds, isSevered, neck, body: below(whole, SHOULDERS, BODY_LENGTH) };
  });
  return { width: photo.width, height: photo.height, heads: visible, lead, focus: photo.focus, edges };
}

/** Faces side by side are divided if the space between them is at least this, in the mean of their heights: room for ears. */
const LEAST_GAP = 0.25;

/**
 * The box of a head without what is nearer to a face beside it. Boxes contain more hair than most heads have, so those of
 * neighbours overlap though a picture can end between their cheeks.
 */
function besideOthers(bounds: Rect, head: Head, heads: readonly Head[]): Rect {
  let [from, to] = [bounds.x, right(bounds)];
  const own = cheeksOf(head);
  for (const other of heads) {
    if (other === head || overlap(other.bounds, bounds) === 0) continue;
    const cheeks = cheeksOf(other);
    const gap = LEAST_GAP * ((head.face + other.face) / 2);
    if (cheeks.from - own.to >= gap) to = Math.min(to, (cheeks.from + own.to) / 2);
    if (own.from - cheeks.to >= gap) from = Math.max(from, (own.from + cheeks.to) / 2);
  }
  return { ...bounds, x: from, width: to - from };
}

/** Left and right end of a face, px of the photo. */
function cheeksOf({ eyes: [x], area: size, face }: Head): { readonly from: number; readonly to: number } {
  const half = size / face / 2;
  return { from: x - half, to: x + half };
}

/** How far a plain backdrop is continued, by the photo's width and height. */
const REACH = { side: 6.5, top: 0.7 };

/** Everything that a region may show: the photo, and its backdrop beyond plain edges. */
export function reachOf({ width, height, edges }: Scene): Rect {
  const left = edges.left > 0 ? REACH.side * width : 0;
  const right = edges.right > 0 ? REACH.side * width : 0;
  const top = edges.top ? REACH.top * height : 0;
  return { x: -left, y: -top, width: width + left + right, height: height + top };
}

/** Whether a region shows only the photo and its continued backdrop. */
export function isReachable({ width, height, edges }: Scene, region: Rect): boolean {
  const slack = 0.5;
  const foot = bottom(region);
  if (foot > height + slack || (region.y < -slack && !edges.top)) return false;
  if (region.x < -slack && foot > edges.left + slack) return false;
  return right(region) <= width + slack || foot <= edges.right + slack;
}

/** Neck and shoulders in widths of the head with its hair, and how far below the head each begins, in heads. */
const NECK = { width: 1.25, below: 0.1 };
const SHOULDERS = { width: 2.2, below: 0.22 };
const BODY_LENGTH = 3;
/** More of a region than this share shows that the body in it has no head. */
const HEADLESS = 0.015;

/**
 * Share of a region, in [0, 1], with bodies of people whose heads are outside; small slivers are ignored.
 *
 * @param hidden parts of the region that do not show, px of the photo; default: none
 */
export function headlessShare({ heads }: Scene, region: Rect, hidden: readonly Rect[] = []): number {
  let largest = 0;
  for (const head of heads) {
    if (standing(head, region) !== "outside") continue;
    const shown = shownArea(head.neck, region, hidden) + shownArea(head.body, region, hidden);
    largest = Math.max(largest, shown / area(region));
  }
  return largest > HEADLESS ? largest : 0;
}

/** Area of the rectangle that shows in a region, px²; the hidden parts must not overlap. */
function shownArea(rect: Rect, region: Rect, hidden: readonly Rect[]): number {
  const part = clip(rect, region);
  return part ? area(part) - hidden.reduce((sum, cover) => sum + overlap(part, cover), 0) : 0;
}

function below(bounds: Rect, part: { readonly width: number; readonly below: number }, length: number): Rect {
  const width = part.width * bounds.width;
  const x = bounds.x + bounds.width / 2 - width / 2;
  const y = bottom(bounds) + part.below * bounds.height;
  return { x, y, width, height: length * bounds.height };
}

export function frameOf({ width, height }: { readonly width: number; readonly height: number }): Rect {
  return { x: 0, y: 0, width, height };
}

export function leadOf(scene: Scene): SceneHead | undefined {
  return scene.lead === null ? undefined : scene.heads[scene.lead];
}

export type Standing = "inside" | "outside" | "cut";

/** Whether a head is completely inside the region, completely outside, or cut. */
export function standing({ bounds }: Head, region: Rect): Standing {
  return standingOf(overlap(bounds, region) / area(bounds));
}

/** The same from the share of the head's box that is inside. */
export function standingOf(share: number): Standing {
  if (share <= SLIVER) return "outside";
  return share >= 1 - SLIVER ? "inside" : "cut";
}

/** The face's part of the head's box: brows to chin, without hair. */
const FACE = { left: 0.2, top: 0.42, width: 0.6, height: 0.54 };
/** The platform may cover this share of a face: the forehead. */
const COVERED_SLIVER = 0.1;

/** The photo's edge cuts a face if it shows less than this share. */
const WHOLE_FACE = 0.92;

function faceIn({ x, y, width, height }: Rect): Rect {
  return {
    x: x + FACE.left * width,
    y: y + FACE.top * height,
    width: FACE.width * width,
    height: FACE.height * height,
  };
}

/** Share of a head's face that the platform's own buttons cover, in [0, 1]. */
export function coveredShare(head: Rect, open: Rect): number {
  const face = faceIn(head);
  const share = 1 - overlap(face, open) / area(face);
  return share <= COVERED_SLIVER ? 0 : share;
}

/** The head with space around it, limited by the photo. */
export function roomy(scene: Scene, { bounds }: Head, share: number): Rect {
  return clip(grow(bounds, share * bounds.height), frameOf(scene)) ?? bounds;
}

/** Number of heads in the region. */
export function countShown({ heads }: Scene, region: Rect): number {
  return heads.filter(({ eyes: [x, y] }) => contains(region, { x, y, width: 0, height: 0 })).length;
}
