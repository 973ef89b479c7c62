import type { Arrangement, Canvas, Template } from "../templates/types.ts";
import { fitBlock } from "./block/index.ts";
import type { Block, CopyText, TypeScale } from "./block/types.ts";
import { chooseCrop, chooseLowered } from "./crop.ts";
import { frameCrop } from "./frame.ts";
import { obstaclesOf } from "./obstacles.ts";
import { area, bottom, clip, grow, overlap, project, type Rect } from "./rect.ts";
import { type Crop, leadOf, type Scene } from "./scene.ts";

/** Tries every arrangement of a template with every crop and keeps the best pair. Pure. */

export interface Plan {
  readonly arrangement: Arrangement;
  readonly block: Block;
  /** Where the block stands, px of the creative. */
  readonly column: Rect;
  /** The ground under the text as it is drawn; null: text on the photo. */
  readonly ground: Rect | null;
  readonly crop: Crop;
  readonly penalty: number;
}

/** What the photo under a text asks for. */
export interface PhotoLook {
  /** How dark or light a scrim would have to be, in [0, 1], for text over this part of the photo, px of the photo. */
  scrimNeed(part: Rect): number;
  /** Whether text in one colour stands out from every pixel of this part by itself; beyond plain edges all is plain. */
  isQuiet(part: Rect): boolean;
}

export interface SearchInput {
  readonly template: Template;
  readonly canvas: Canvas;
  readonly type: TypeScale;
  readonly copy: CopyText;
  readonly logoAspect: number;
  readonly scene: Scene;
  readonly look: PhotoLook;
  /** The side of the creative that the photo must have where the template leaves a choice; default: either. */
  readonly photoSide?: "left" | "right" | undefined;
  /** Ways to divide the canvas that the campaign has settled on, by `arrangementKey`; others pay. */
  readonly settled?: ReadonlySet<string> | undefined;
}

/** @returns null where the copy fits no arrangement even at its smallest */
export function searchLayout(input: SearchInput): Plan | null {
  const drafts = draftsOf(input);
  drafts.sort((a, b) => a.penalty - b.penalty);
  let best: Plan | null = null;
  for (const draft of drafts) {
    if (best && draft.penalty >= best.penalty) break;
    const plan = planOf(input, draft);
    if (plan && (best === null || plan.penalty < best.penalty)) best = plan;
  }
  return best;
}

/** Every arrangement with its text, whatever photo comes. */
export function draftsOf(input: TextInput): Draft[] {
  return arrangementsOf(input).flatMap((arrangement) => {
    const draft = draftOf(input, arrangement);
    return draft ? [draft] : [];
  });
}

/** Which way an arrangement divides the canvas, by where photo and ground stand; sizes of letters do not count. */
export function arrangementKey({ side, slot, ground, veil, flow, logo }: Arrangement): string {
  const rect = ground?.hug === undefined ? ground?.rect : undefined;
  const places = [slot, ...(rect ? [rect] : [])].flatMap(({ x, y, width, height }) => [x, y, width, height]);
  return [side, veil ?? "", flow, logo, ...places.map(Math.round)].join(" ");
}

/** What of a search is known before any photo. */
export type TextInput = Omit<SearchInput, "scene" | "look">;

/** Whether the copy fits some arrangement; over a photo, faces may still stand in its way. */
export function hasRoom(input: TextInput): boolean {
  return arrangementsOf(input).some((arrangement) => draftOf(input, arrangement) !== null);
}

/** The template's ways, seen from the reader's side, with the photo where the campaign wants it. */
function arrangementsOf(input: TextInput): Arrangement[] {
  const { template, canvas, copy, photoSide } = input;
  const own = [...template.arrange(canvas)];
  const faced = copy.rtl ? own.map((arrangement) => mirrored(arrangement, canvas)) : own;
  if (photoSide === undefined) return faced;
  // The photo stands on the side that the text leaves.
  return faced.map((arrangement) =>
    arrangement.side === photoSide ? mirrored(arrangement, canvas) : arrangement,
  );
}

export interface Draft {
  readonly arrangement: Arrangement;
  readonly block: Block;
  readonly column: Rect;
  /** Headline, body, button, logo and small print where they stand in the creative. */
  readonly parts: readonly Rect[];
  readonly ground: Rect | null;
  readonly penalty: number;
}

function placedParts({ parts: { headline, body, button, logo, legal } }: Block, { x, y }: Rect): Rect[] {
  const placed = [headline, body, button, logo, legal].map((rect) => ({
    ...rect,
    x: rect.x + x,
    y: rect.y + y,
  }));
  return placed.filter(({ width, height }) => width > 0 && height > 0);
}

function draftOf(input: TextInput, arrangement: Arrangement): Draft | null {
  const { canvas, copy, type, logoAspect, settled } = input;
  const { textBox, ground } = arrangement;
  const box = {
    width: textBox.width,
    height: textBox.height,
    logoAspect,
    accent: arrangement.accent === true,
    measure: arrangement.measure ?? textBox.width,
    panel: ground && ground.hug === undefined ? readablePart(canvas, ground.rect) : null,
  };
  const block = fitBlock(copy, type, box, arrangement);
  if (!block) return null;
  const column = columnOf(arrangement, block);
  const parts = placedParts(block, column);
  if (
    arrangement.veil === "page" &&
    parts.some((part) => overlap(grow(part, type.gap * 0.5), arrangement.slot) > 0)
  ) {
    return null;
  }
  const hugged = ground?.hug === undefined ? ground?.rect : grow(column, ground.hug);
  const strays = settled !== undefined && !settled.has(arrangementKey(arrangement)) ? UNSETTLED : 0;
  const penalty = arrangement.bias + block.penalty + strays;
  return { arrangement, block, column, parts, ground: hugged ?? null, penalty };
}

/** What an ad pays that looks unlike the others of its campaign. */
const UNSETTLED = 3;

/** Height of a ground as far as the platform leaves it uncovered, px. */
function readablePart({ open }: Canvas, rect: Rect): number {
  return clip(rect, open)?.height ?? rect.height;
}

const OTHER_SIDE = { bottom: "bottom", top: "top", left: "right", right: "left" } as const;

/** Who reads from the right looks at the right first: what stands left elsewhere stands right there. */
function mirrored(arrangement: Arrangement, { width, inner }: Canvas): Arrangement {
  const flip = (rect: Rect): Rect => ({ ...rect, x: width - rect.x - rect.width });
  const { side, slot, textBox, ground } = arrangement;
  return {
    ...arrangement,
    side: OTHER_SIDE[side],
    slot: flip(slot),
    // What the platform covers need not be the same on both sides.
    textBox: clip(flip(textBox), inner) ?? textBox,
    ground: ground && { ...ground, rect: flip(ground.rect) },
  };
}

function columnOf({ textBox, anchor = "middle" }: Arrangement, { width, height }: Block): Rect {
  const share = { start: 0, middle: 0.5, end: 1 }[anchor];
  return { x: textBox.x, y: textBox.y + (textBox.height - height) * share, width, height };
}

/** A draft with the photo; null where the photo cannot take it. */
export function planOf(input: SearchInput, draft: Draft): Plan | null {
  const { ground } = draft;
  const obstacles = obstaclesOf(draft, input.canvas);
  const crop = cropFor(input, draft, obstacles);
  if (!crop || bottom(crop.target) <= crop.target.y) return null;
  const veil = ground ? 0 : veilPenalty(input, draft, crop);
  if (veil === null) return null;
  const penalty =
    draft.penalty +
    crop.penalty +
    veil +
    gazePenalty(input.scene, draft) +
    hiddenPenalty(input.canvas, crop, ground);
  return { ...draft, crop, penalty };
}

/** The photo in its slot; in a frame where heads would be cut or covered otherwise. */
function cropFor(
  { scene, canvas: { open, width, height } }: SearchInput,
  { arrangement, ground }: Draft,
  obstacles: readonly Rect[],
): Crop | null {
  const { slot, veil } = arrangement;
  const options = { obstacles, open, short: Math.min(width, height) };
  const filled = chooseCrop(scene, slot, options);
  if (filled?.covered === 0) return filled;
  const others = [
    filled,
    veil === undefined || veil === "scrim" ? chooseLowered(scene, slot, options) : null,
    ground || veil === "page" ? frameCrop(scene, slot, options) : null,
  ];
  return others.reduce((best, crop) => (crop && (!best || crop.penalty < best.penalty) ? crop : best));
}

/** A face that looks towards the text leads the eye there; one that looks away leads it out of the ad. */
function gazePenalty(scene: Scene, { arrangement }: Draft): number {
  const gaze = leadOf(scene)?.gaze ?? 0;
  if (arrangement.side === "bottom" || arrangement.side === "top") return 0;
  return 0.5 * (arrangement.side === "left" ? gaze : -gaze);
}

/** The photo is what was chosen for the reader: less than this share of the canvas is too little of it. */
const LEAST_PICTURE = 0.24;

function hiddenPenalty({ width, height }: Canvas, { target }: Crop, ground: Rect | null): number {
  const hidden = ground === null ? 0 : overlap(target, ground);
  const share = (area(target) - hidden) / (width * height);
  return 6 * Math.max(0, LEAST_PICTURE - share);
}

/** A denser scrim than this turns the photo under it into fog. */
const HEAVY_SCRIM = 0.35;

/** A photo that needs a nearly opaque scrim is better off beside a panel; null: it cannot carry the text at all. */
function veilPenalty(
  { look }: SearchInput,
  { arrangement: { veil = "scrim" }, column, parts }: Draft,
  { region, target }: Crop,
): number | null {
  if (veil === "quiet") {
    return parts.every((part) => look.isQuiet(project(part, target, region))) ? 0 : null;
  }
  if (veil === "fade" || veil === "page") return 0;
  const part = project(column, target, region);
  return Math.max(0, look.scrimNeed(part) - HEAVY_SCRIM) * 8;
}
