import type { Rect } from "../layout/rect.ts";
import { besidePhoto, isLandscape, isRoundCornered, isStrip, readable } from "./grid.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/** Large type: the largest headline that fits, on the brand's colour, and a small round portrait. */
export const SPLIT_TYPE: Template = {
  id: "split-type",
  arrange: (canvas) => {
    if (isStrip(canvas)) return stripPortraits(canvas);
    return isLandscape(canvas) ? beside(canvas) : above(canvas);
  },
};

/** Size of the portrait by the canvas's shorter side; in towers, by the width of the text. */
const SIZES = [0.48, 0.42, 0.54, 0.36, 0.3];
const SIZES_NARROW = [1, 0.84, 0.68, 0.52];
/** Height of a portrait above the text in its width: a tower has more height than its words need. */
const TALLER = [1.6, 1.3, 1];
const SIZES_BESIDE = [0.66, 0.74, 0.56, 0.46, 0.36];

/** A circle if the brand has round corners. */
function portraitAt(canvas: Canvas, slot: Rect): Pick<Arrangement, "slot" | "slotRadius"> {
  return { slot, slotRadius: isRoundCornered(canvas) ? slot.width / 2 : canvas.radius * 0.6 };
}

/** The headline over the whole width, the portrait at the bottom beside body and button. */
function above(canvas: Canvas): Arrangement[] {
  const { width, height, inner, margin } = canvas;
  const short = Math.min(width, height);
  const isNarrow = width / height < 0.53;
  const [sizes, of] = isNarrow ? [SIZES_NARROW, inner.width] : [SIZES, short];
  return sizes.flatMap((share, index) => {
    const size = Math.round(of * share);
    const slot = {
      x: inner.x + inner.width - size,
      y: inner.y + inner.height - size,
      width: size,
      height: size,
    };
    const shared = {
      side: "left",
      ground: null,
      veil: "page",
      base: "brand",
      flow: "stack",
      logo: "above",
      anchor: "end",
    } as const;
    const bias = 0.3 * index;
    const beside: Arrangement = {
      ...shared,
      ...portraitAt(canvas, slot),
      textBox: inner,
      upper: inner.height - size - margin * 0.5,
      measure: inner.width - size - margin * 0.6,
      bias,
    };
    // Too narrow for text beside the portrait: the portrait is above it, and begins where the text begins.
    const stacked = (isNarrow ? TALLER : [1]).map((tall, turn): Arrangement => {
      const top = { ...slot, x: inner.x, y: inner.y, height: Math.round(size * tall) };
      const y = inner.y + top.height + margin * 0.8;
      return {
        ...shared,
        ...portraitAt(canvas, top),
        textBox: { ...inner, y, height: inner.y + inner.height - y },
        logo: isNarrow ? "above" : "beside-button",
        anchor: isNarrow ? "middle" : "end",
        bias: bias + (isNarrow ? 0.2 * turn : 2.5),
      };
    });
    return [beside, ...stacked];
  });
}

function beside(canvas: Canvas): Arrangement[] {
  const { height, inner } = canvas;
  return SIZES_BESIDE.flatMap((share, index) => {
    const size = Math.round(height * share);
    const y = Math.round((height - size) / 2);
    const slot = { x: inner.x + inner.width - size, y, width: size, height: size };
    const left = { x: 0, y: 0, width: slot.x, height };
    return besidePhoto(canvas, (place) => ({
      ...portraitAt(canvas, place(slot)),
      ground: { rect: place(left), surface: "brand", shape: "plain" },
      textBox: readable(canvas, place(left)),
      base: "brand",
      flow: "stack",
      bias: 0.35 * index,
    }));
  });
}

function stripPortraits(canvas: Canvas): Arrangement[] {
  const { width, height, margin } = canvas;
  return [0.84, 0.7, 0.56].map((share, index) => {
    const size = Math.round(height * share);
    const edge = Math.round((height - size) / 2);
    const slot = { x: Math.max(edge, margin), y: edge, width: size, height: size };
    const x = slot.x + size;
    const rect = { x, y: 0, width: width - x, height };
    return {
      side: "right",
      ...portraitAt(canvas, slot),
      ground: { rect, surface: "brand", shape: "plain" },
      textBox: readable(canvas, rect),
      base: "brand",
      flow: "row",
      logo: "above",
      bias: 0.35 * index,
    };
  });
}

/** Penalty of this composition in another template: about as much as for a framed photo. */
const LENT = 6.5;

/**
 * The composition of `split-type` for photos that do not suit another template.
 *
 * @param penalty default 6.5
 */
export function typeLed(canvas: Canvas, penalty = LENT): Arrangement[] {
  return SPLIT_TYPE.arrange(canvas).map((arrangement) => ({
    ...arrangement,
    from: SPLIT_TYPE.id,
    bias: arrangement.bias + penalty,
  }));
}
