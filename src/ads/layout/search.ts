import type { Canvas } from "../templates/types.ts";
import { chooseCrop, chooseLowered } from "./crop.ts";
import { type Draft, draftsOf, type TextInput } from "./draft.ts";
import { frameCrop } from "./frame.ts";
import { obstaclesOf } from "./obstacles.ts";
import { area, bottom, overlap, project, type Rect } from "./rect.ts";
import { bodyOf, type Crop, leadOf, type Scene } from "./scene.ts";

/** Tries every arrangement of a template with every crop and keeps the best pair. Pure. */

export interface Plan extends Draft {
  readonly crop: Crop;
}

/** Requirements of the photo under a text. */
export interface PhotoLook {
  /** How dark or light a scrim would have to be, in [0, 1], for text over this part of the photo, px of the photo. */
  scrimNeed(part: Rect): number;
  /**
   * Whether text in one colour has enough contrast to every pixel of this part; the part beyond plain edges is plain.
   */
  isQuiet(part: Rect): boolean;
}

export interface SearchInput extends TextInput {
  readonly scene: Scene;
  readonly look: PhotoLook;
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

/** A draft with the photo; null where the photo cannot take it. */
export function planOf(input: SearchInput, draft: Draft): Plan | null {
  const { ground } = draft;
  const crop = cropFor(input, draft);
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

/** The photo in its slot; in a frame where heads would be cut or covered, or the face would not lead otherwise. */
function cropFor({ scene, canvas }: SearchInput, draft: Draft): Crop | null {
  const { open, width, height } = canvas;
  const { arrangement, ground } = draft;
  const { slot, veil } = arrangement;
  const options = { ...obstaclesOf(draft, canvas), open, short: Math.min(width, height) };
  const filled = chooseCrop(scene, slot, options);
  if (filled?.covered === 0 && (filled.flaws.length === 0 || arrangement.keepsSlot)) return filled;
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
  { look, scene }: SearchInput,
  { arrangement: { veil = "scrim" }, column, parts, block }: Draft,
  { region, target }: Crop,
): number | null {
  if (veil === "quiet") {
    return parts.every((part) => look.isQuiet(project(part, target, region))) ? 0 : null;
  }
  if (veil === "fade" || veil === "page") return 0;
  const part = project(column, target, region);
  const logo = { ...block.parts.logo, x: block.parts.logo.x + column.x, y: block.parts.logo.y + column.y };
  const scrim = Math.max(0, look.scrimNeed(part) - HEAVY_SCRIM) * 8;
  return (
    scrim + TEXT_ON_BODY * onBody(scene, part) + LOGO_ON_BODY * onBody(scene, project(logo, target, region))
  );
}

/** What text on a person's body costs by the share of it that is there, and a logo: beside the person is better. */
const TEXT_ON_BODY = 3;
const LOGO_ON_BODY = 4;

/** The largest share of a part of the photo, in [0, 1], that one person's body takes. */
function onBody({ heads }: Scene, part: Rect): number {
  return Math.max(0, ...heads.map(({ bounds }) => overlap(bodyOf(bounds), part) / area(part)));
}
