import { clip, type Rect } from "../../layout/rect.ts";
import { isStrip } from "../grid.ts";
import type { Arrangement, Canvas, Side } from "../types.ts";
import type { Attributes, CanvasShape, Length, Place } from "./schema.ts";

/** A checked layout of an own template. */
export interface OwnLayout {
  readonly layout: Attributes<"layout">;
  readonly photo: Attributes<"photo">;
  readonly ground: Attributes<"ground"> | null;
  readonly copy: Attributes<"copy">;
}

/**
 * The layout on a canvas, in px; none where it is for canvases of another shape, or lies outside. Text goes no further
 * than the canvas's readable part.
 */
export function arrangementOf({ layout, photo, ground, copy }: OwnLayout, canvas: Canvas): Arrangement[] {
  if (!layout.for.includes(shapeOf(canvas))) return [];
  const slot = clip(rectOf(photo.box, canvas), { x: 0, y: 0, width: canvas.width, height: canvas.height });
  const text = rectOf(copy.box, canvas);
  const textBox = clip(text, canvas.inner);
  if (!slot || !textBox) return [];
  const under = ground && rectOf(ground.box, canvas);
  return [
    {
      side: layout.side ?? sideOf(slot, under ?? text),
      slot,
      keepsSlot: true,
      slotRadius: photo.radius ? pxOf(photo.radius, canvas, canvas.width) : 0,
      textBox,
      ground: ground &&
        under && {
          rect: under,
          surface: ground.surface,
          shape: ground.shape,
          hug: ground.hug && pxOf(ground.hug, canvas, canvas.width),
        },
      base: layout.base,
      flow: copy.flow,
      logo: copy.logo,
      anchor: copy.anchor,
      accent: copy.accent === "true",
      bias: layout.bias,
    },
  ];
}

function pxOf({ unit, value }: Length, canvas: Canvas, whole: number): number {
  return unit === "%" ? (value / 100) * whole : value * canvas.margin;
}

function rectOf([x, y, width, height]: Place, canvas: Canvas): Rect {
  return {
    x: Math.round(pxOf(x, canvas, canvas.width)),
    y: Math.round(pxOf(y, canvas, canvas.height)),
    width: Math.round(pxOf(width, canvas, canvas.width)),
    height: Math.round(pxOf(height, canvas, canvas.height)),
  };
}

function shapeOf(canvas: Canvas): CanvasShape {
  if (isStrip(canvas)) return "strip";
  const ratio = canvas.width / canvas.height;
  if (ratio > 1.25) return "wide";
  return ratio < 0.8 ? "tall" : "square";
}

/** Text below the photo's middle comes from the bottom, else from the side that it is on. */
function sideOf(slot: Rect, text: Rect): Side {
  const dx = text.x + text.width / 2 - slot.x - slot.width / 2;
  const dy = text.y + text.height / 2 - slot.y - slot.height / 2;
  if (Math.abs(dy) / slot.height > Math.abs(dx) / slot.width) return "bottom";
  return dx < 0 ? "left" : "right";
}
