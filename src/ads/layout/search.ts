import type { Canvas } from "../templates/types.ts";
import { castOf, certainFlaws } from "./cast.ts";
import { LEAD_FLAW } from "./crop.ts";
import { type Draft, draftsOf, type TextInput } from "./draft.ts";
import { FRAMED } from "./frame.ts";
import { countFlaws } from "./leading.ts";
import { obstaclesOf } from "./obstacles.ts";
import { area, bottom, overlap, project, type Rect } from "./rect.ts";
import { type Crop, leadOf, type Scene } from "./scene.ts";
import { cropIn, frameIn, loweredIn } from "./slots.ts";

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

/**
 * @param texts the text in every arrangement, if it is known
 * @returns null if the copy fits no arrangement even at its smallest size
 */
export function searchLayout(input: SearchInput, texts = draftsOf(input)): Plan | null {
  const drafts = texts.toSorted((a, b) => a.penalty - b.penalty);
  const { scene } = input;
  const lead = scene.focus === null ? leadOf(scene) : undefined;
  const certain = LEAD_FLAW * countFlaws(certainFlaws(castOf(scene, lead)));
  // Most photos have a crop without further flaws, and a search for these alone skips most regions.
  const first = bestOf(input, drafts, { best: null, crops: [certain, certain + LEAD_FLAW] });
  return bestOf(input, drafts, {
    best: first,
    crops: [certain + LEAD_FLAW - MOST_GAZE, Number.POSITIVE_INFINITY],
  });
}

/** @param crops range of the crops' penalties; the search may leave out plans with others */
function bestOf(
  input: SearchInput,
  drafts: readonly Draft[],
  { best, crops: [least, most] }: { readonly best: Plan | null; readonly crops: readonly [number, number] },
): Plan | null {
  let found = best;
  for (const draft of drafts) {
    if (found && draft.penalty + least >= found.penalty) break;
    const plan = planOf(
      input,
      draft,
      Math.min(found?.penalty ?? Number.POSITIVE_INFINITY, draft.penalty + most),
    );
    if (plan && (found === null || plan.penalty < found.penalty)) found = plan;
  }
  return found;
}

/**
 * A draft with the photo; null if the photo does not suit it.
 *
 * @param below plans with this penalty or more may be left out
 */
export function planOf(input: SearchInput, draft: Draft, below = Number.POSITIVE_INFINITY): Plan | null {
  const { ground } = draft;
  const gaze = gazePenalty(input.scene, draft);
  const crop = cropFor(input, draft, below - draft.penalty - gaze);
  if (!crop || bottom(crop.target) <= crop.target.y) return null;
  const veil = ground ? 0 : veilPenalty(input, draft, crop);
  if (veil === null) return null;
  const penalty = draft.penalty + crop.penalty + veil + gaze + hiddenPenalty(input.canvas, crop, ground);
  return { ...draft, crop, penalty };
}

/** The photo in its slot, or in a frame if heads would be cut or covered, or if the face would not lead. */
function cropFor({ scene, canvas }: SearchInput, draft: Draft, below: number): Crop | null {
  const { open, width, height } = canvas;
  const { arrangement, ground } = draft;
  const { slot, veil, side, textBox } = arrangement;
  const options = { ...obstaclesOf(draft, canvas), open, short: Math.min(width, height), below };
  const filled = cropIn(scene, slot, arrangement.keepsSlot ? { ...options, below: undefined } : options);
  if (filled?.covered === 0 && (filled.flaws.length === 0 || arrangement.keepsSlot)) return filled;
  // A frame above the text begins where the text begins, or its card.
  const isStacked = veil !== "page" && (side === "bottom" || side === "top");
  const { x, width: columns } = (arrangement.ground?.shape === "card" && ground) || textBox;
  const align = isStacked
    ? { x, width: columns, at: draft.block.rtl ? (1 as const) : (0 as const) }
    : undefined;
  const others = [
    filled,
    veil === undefined || veil === "scrim" ? loweredIn(scene, slot, options) : null,
    (ground || veil === "page") && below > FRAMED ? frameIn(scene, slot, { ...options, align }) : null,
  ];
  return others.reduce((best, crop) => (crop && (!best || crop.penalty < best.penalty) ? crop : best));
}

const MOST_GAZE = 0.5;

/** Readers look where a face looks: towards the text is better than out of the ad. */
function gazePenalty(scene: Scene, { arrangement }: Draft): number {
  const gaze = leadOf(scene)?.gaze ?? 0;
  if (arrangement.side === "bottom" || arrangement.side === "top") return 0;
  return MOST_GAZE * (arrangement.side === "left" ? gaze : -gaze);
}

/** Least share of the canvas that shows the photo, which was chosen for the reader. */
const LEAST_PICTURE = 0.24;

function hiddenPenalty({ width, height }: Canvas, { target }: Crop, ground: Rect | null): number {
  const hidden = ground === null ? 0 : overlap(target, ground);
  const share = (area(target) - hidden) / (width * height);
  return 6 * Math.max(0, LEAST_PICTURE - share);
}

/** A denser scrim than this hides the photo. */
const HEAVY_SCRIM = 0.35;

/** A photo that needs a nearly opaque scrim is better beside a panel; null: the text is not readable on it. */
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

/** Penalty of text and of a logo on a person's body, by the share that is there: beside the person is better. */
const TEXT_ON_BODY = 3;
const LOGO_ON_BODY = 4;

/** The largest share of a part of the photo, in [0, 1], that shows one person's body. */
function onBody({ heads }: Scene, part: Rect): number {
  return Math.max(0, ...heads.map(({ body }) => overlap(body, part) / area(part)));
}
