import type { Arrangement, Canvas, Template } from "../templates/types.ts";
import { fitBlock } from "./block/index.ts";
import type { Block, CopyText, TypeScale } from "./block/types.ts";
import { clip, grow, overlap, type Rect } from "./rect.ts";

/** A template's ways to divide a canvas, each with its text and without a photo. Pure. */

export interface TextInput {
  readonly template: Template;
  readonly canvas: Canvas;
  readonly type: TypeScale;
  readonly copy: CopyText;
  readonly logoAspect: number;
  /** The side of the photo where the template allows both; default: either. */
  readonly photoSide?: "left" | "right" | undefined;
  /** The campaign's common arrangements; others have a penalty, and so have other sizes of headlines. */
  readonly settled?: Settled | undefined;
}

/** Ways to divide a canvas by `arrangementKey`, each with the size of its headlines, px. */
export type Settled = ReadonlyMap<string, number>;

/** Every arrangement with its text. Photos have no part in it. */
export function draftsOf(input: TextInput): readonly Draft[] {
  return arrangementsOf(input).flatMap((arrangement) => draftOf(input, arrangement) ?? []);
}

/** Identifies how an arrangement divides the canvas, by the positions of photo and ground, not by letter sizes. */
export function arrangementKey({ side, slot, ground, veil, flow, logo }: Arrangement): string {
  const rect = ground?.hug === undefined ? ground?.rect : undefined;
  const places = [slot, ...(rect ? [rect] : [])].flatMap(({ x, y, width, height }) => [x, y, width, height]);
  return [side, veil ?? "", flow, logo, ...places.map(Math.round)].join(" ");
}

/** Whether the copy fits some arrangement; over a photo, faces may still be in its way. */
export function hasRoom(input: TextInput): boolean {
  return arrangementsOf(input).some((arrangement) => draftOf(input, arrangement) !== null);
}

/** The template's arrangements in the reading direction, with the photo on the campaign's side. */
function arrangementsOf(input: TextInput): Arrangement[] {
  const { template, canvas, copy, photoSide } = input;
  const own = [...template.arrange(canvas)];
  const faced = copy.rtl ? own.map((arrangement) => mirrored(arrangement, canvas)) : own;
  if (photoSide === undefined) return faced;
  // The photo is on the side opposite the text.
  return faced.map((arrangement) =>
    arrangement.side === photoSide ? mirrored(arrangement, canvas) : arrangement,
  );
}

/** An arrangement with its text. */
export interface Draft {
  readonly arrangement: Arrangement;
  readonly block: Block;
  /** Position of the block, px of the creative. */
  readonly column: Rect;
  /** Positions of headline, body, button, logo and small print in the creative. */
  readonly parts: readonly Rect[];
  /** The ground under the text as it is drawn; null: text on the photo. */
  readonly ground: Rect | null;
  /** Lower is better. */
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
  const key = settled && arrangementKey(arrangement);
  const common = key === undefined ? undefined : settled?.get(key);
  const box = {
    width: textBox.width,
    height: textBox.height,
    logoAspect,
    accent: arrangement.accent === true,
    measure: arrangement.measure ?? textBox.width,
    panel: panelOf(arrangement, canvas),
    headline: common ?? null,
    upper: arrangement.upper ?? null,
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
  const strays = settled !== undefined && common === undefined ? UNSETTLED : 0;
  const penalty = arrangement.bias + block.penalty + strays;
  return { arrangement, block, column, parts, ground: hugged ?? null, penalty };
}

/** Penalty of an ad with another arrangement than its campaign's. */
const UNSETTLED = 8;

/** Height that the text should use, px: of its ground, or of its part of a page; null: it is on the photo. */
function panelOf({ ground, veil, textBox, upper }: Arrangement, canvas: Canvas): number | null {
  if (upper !== undefined) return null;
  if (ground) return ground.hug === undefined ? readablePart(canvas, ground.rect) : null;
  return veil === "page" ? textBox.height : null;
}

/** Height of the part of a ground that the platform does not cover, px. */
function readablePart({ open }: Canvas, rect: Rect): number {
  return clip(rect, open)?.height ?? rect.height;
}

const OTHER_SIDE = { bottom: "bottom", top: "top", left: "right", right: "left" } as const;

/** Mirrors the layout for right-to-left text: elements on the left move to the right. */
function mirrored(arrangement: Arrangement, { width, inner }: Canvas): Arrangement {
  const flip = (rect: Rect): Rect => ({ ...rect, x: width - rect.x - rect.width });
  const { side, slot, textBox, ground } = arrangement;
  return {
    ...arrangement,
    side: OTHER_SIDE[side],
    slot: flip(slot),
    // The platform may cover more on one side than on the other.
    textBox: clip(flip(textBox), inner) ?? textBox,
    ground: ground && { ...ground, rect: flip(ground.rect) },
  };
}

function columnOf({ textBox, anchor = "middle" }: Arrangement, { width, height }: Block): Rect {
  const share = { start: 0, middle: 0.5, end: 1 }[anchor];
  return { x: textBox.x, y: textBox.y + (textBox.height - height) * share, width, height };
}
