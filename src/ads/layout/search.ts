import type { Arrangement, Canvas, Template } from "../templates/types.ts";
import { fitBlock } from "./block/index.ts";
import type { Block, CopyText, TypeScale } from "./block/types.ts";
import { chooseCrop, chooseLowered } from "./crop.ts";
import { padCrop } from "./pad.ts";
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

/** How dark or light a scrim would have to be, in [0, 1], for text over this part of the photo. */
export type ScrimNeed = (photoRegion: Rect) => number;

export interface SearchInput {
  readonly template: Template;
  readonly canvas: Canvas;
  readonly type: TypeScale;
  readonly copy: CopyText;
  readonly logoAspect: number;
  readonly scene: Scene;
  readonly scrimNeed: ScrimNeed;
}

/** @returns null where the copy fits no arrangement even at its smallest */
export function searchLayout(input: SearchInput): Plan | null {
  const drafts = input.template.arrange(input.canvas).flatMap((arrangement) => {
    const draft = draftOf(input, facing(input, arrangement));
    return draft ? [draft] : [];
  });
  drafts.sort((a, b) => a.penalty - b.penalty);
  let best: Plan | null = null;
  for (const draft of drafts) {
    if (best && draft.penalty >= best.penalty) break;
    const plan = planOf(input, draft);
    if (plan && (best === null || plan.penalty < best.penalty)) best = plan;
  }
  return best;
}

/** What of a search is known before any photo. */
export type TextInput = Omit<SearchInput, "scene" | "scrimNeed">;

/** Whether the copy fits some arrangement; over a photo, faces may still stand in its way. */
export function hasRoom(input: TextInput): boolean {
  return input.template
    .arrange(input.canvas)
    .some((arrangement) => draftOf(input, facing(input, arrangement)) !== null);
}

function facing({ copy, canvas }: TextInput, arrangement: Arrangement): Arrangement {
  return copy.rtl ? mirrored(arrangement, canvas) : arrangement;
}

interface Draft {
  readonly arrangement: Arrangement;
  readonly block: Block;
  readonly column: Rect;
  readonly ground: Rect | null;
  readonly penalty: number;
}

function draftOf({ canvas, copy, type, logoAspect }: TextInput, arrangement: Arrangement): Draft | null {
  const { textBox, ground } = arrangement;
  const box = {
    width: textBox.width,
    height: textBox.height,
    logoAspect,
    accent: arrangement.accent === true,
  };
  const block = fitBlock(copy, type, box, arrangement);
  if (!block) return null;
  const column = columnOf(arrangement, block);
  const hugged = ground?.hug === undefined ? ground?.rect : grow(column, ground.hug);
  const slack = ground && ground.hug === undefined ? (textBox.height - block.height) / canvas.height : 0;
  const penalty = arrangement.bias + block.penalty + 2.5 * slack;
  return { arrangement, block, column, ground: hugged ?? null, penalty };
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

function planOf(input: SearchInput, draft: Draft): Plan | null {
  const { arrangement, column, ground } = draft;
  const obstacles = [ground ?? grow(column, input.canvas.margin / 2)];
  const crop = cropFor(input, arrangement, { obstacles, isGrounded: ground !== null });
  if (!crop || bottom(crop.target) <= crop.target.y) return null;
  const scrim = ground ? 0 : scrimPenalty(input, crop, column);
  const penalty =
    draft.penalty +
    crop.penalty +
    scrim +
    gazePenalty(input.scene, draft) +
    hiddenPenalty(input.canvas, crop, ground);
  return { ...draft, crop, penalty };
}

/** The photo in its slot; on a ground of its own colour where heads would be cut or covered otherwise. */
function cropFor(
  { scene, canvas: { open } }: SearchInput,
  { slot }: Arrangement,
  { obstacles, isGrounded }: { readonly obstacles: readonly Rect[]; readonly isGrounded: boolean },
): Crop | null {
  const filled = chooseCrop(scene, slot, obstacles, open);
  if (filled?.covered === 0) return filled;
  const others = [
    filled,
    chooseLowered(scene, slot, obstacles, open),
    isGrounded ? padCrop(scene, slot, obstacles, open) : null,
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
const LEAST_PICTURE = 0.3;

function hiddenPenalty({ width, height }: Canvas, { target }: Crop, ground: Rect | null): number {
  const hidden = ground === null ? 0 : overlap(target, ground);
  const share = (area(target) - hidden) / (width * height);
  return 6 * Math.max(0, LEAST_PICTURE - share);
}

/** A photo that needs a nearly opaque scrim is better off beside a panel. */
function scrimPenalty(input: SearchInput, { region, target }: Crop, column: Rect): number {
  return Math.max(0, input.scrimNeed(project(column, target, region)) - 0.5) * 6;
}
