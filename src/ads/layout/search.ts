import type { Arrangement, Canvas, Side, Template } from "../templates/types.ts";
import { type CopyText, type Fit, fitBlock, fitPenalty, type TypeScale } from "./block.ts";
import { type Crop, chooseCrop, padCrop, type Scene } from "./crop.ts";
import { grow, type Rect } from "./rect.ts";

/** Tries every arrangement of a template with every crop and keeps the best pair. Pure. */

export interface Plan {
  readonly side: Side;
  readonly slot: Rect;
  readonly panel: Rect | null;
  /** The column of text as it stands, px. */
  readonly column: Rect;
  readonly logoOnTop: boolean;
  readonly fit: Fit;
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
    const draft = draftOf(input, arrangement);
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

interface Draft {
  readonly arrangement: Arrangement;
  readonly fit: Fit;
  readonly column: Rect;
  readonly penalty: number;
}

function draftOf(input: SearchInput, arrangement: Arrangement): Draft | null {
  const { textBox, logo } = arrangement;
  const fit = fitBlock(input.copy, input.type, textBox, { aspect: input.logoAspect, place: logo });
  if (!fit) return null;
  const slack = arrangement.panel ? (textBox.height - fit.height) / input.canvas.height : 0;
  const penalty = arrangement.bias + fitPenalty(fit) + 2.5 * slack;
  return { arrangement, fit, column: columnOf(arrangement, fit), penalty };
}

/** A column with the logo on top takes its whole box; else it stands in the middle of a panel, or at the foot of a photo. */
function columnOf({ textBox, logo, panel }: Arrangement, fit: Fit): Rect {
  if (logo === "top" && panel) return textBox;
  const room = textBox.height - fit.height;
  const y = textBox.y + (panel || logo === "top" ? room / 2 : room);
  return { ...textBox, y, height: fit.height };
}

function planOf(input: SearchInput, draft: Draft): Plan | null {
  const { arrangement, fit, column } = draft;
  const { slot, panel, side, logo } = arrangement;
  const obstacles = [panel ?? grow(column, input.canvas.margin / 2)];
  const crop =
    chooseCrop(input.scene, slot, obstacles) ?? (panel ? padCrop(input.scene, slot, obstacles) : null);
  if (!crop) return null;
  const scrim = panel ? 0 : scrimPenalty(input, crop, column);
  const penalty = draft.penalty + crop.penalty + scrim;
  return { side, slot, panel, column, logoOnTop: logo === "top", fit, crop, penalty };
}

/** A photo that needs a nearly opaque scrim is better off beside a panel. */
function scrimPenalty(input: SearchInput, { region, target }: Crop, column: Rect): number {
  const scale = region.width / target.width;
  const under = {
    x: region.x + (column.x - target.x) * scale,
    y: region.y + (column.y - target.y) * scale,
    width: column.width * scale,
    height: column.height * scale,
  };
  return Math.max(0, input.scrimNeed(under) - 0.5) * 6;
}
