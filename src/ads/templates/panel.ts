import {
  besidePhoto,
  isFootCovered,
  isLandscape,
  isStrip,
  isTall,
  isWide,
  readable,
  strips,
} from "./grid.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/** Photo and a panel in the brand's colour: below it where the canvas is high, beside it where it is flat. */
export const PANEL: Template = {
  id: "panel",
  arrange: (canvas) =>
    isStrip(canvas) ? strips(canvas, { surface: "brand", shape: "open" }) : panels(canvas),
};

const BOTTOM_SHARES = [0.28, 0.34, 0.38, 0.42, 0.46, 0.5, 0.55, 0.6, 0.66];
const TOP_SHARES = [0.36, 0.4, 0.44, 0.48];
const SIDE_SHARES = [0.44, 0.5, 0.56, 0.62, 0.68];
/** Penalty of a panel on the side that does not suit the canvas's shape. */
const UNUSUAL = 1.6;

export function panels(canvas: Canvas): Arrangement[] {
  const bottoms = isTall(canvas) ? BOTTOM_SHARES.flatMap((share) => bottomPanels(canvas, share)) : [];
  const sides = isWide(canvas) ? SIDE_SHARES.flatMap((share) => sidePanels(canvas, share)) : [];
  const tops = isFootCovered(canvas) ? TOP_SHARES.flatMap((share) => topPanels(canvas, share)) : [];
  const least = isLandscape(canvas) ? bottoms : sides;
  return [...bottoms, ...sides, ...tops].map((arrangement) =>
    least.includes(arrangement) ? { ...arrangement, bias: arrangement.bias + UNUSUAL } : arrangement,
  );
}

/** If the platform covers the bottom, the photo is there and the text above. */
function topPanels(canvas: Canvas, share: number): Arrangement[] {
  const { width, radius } = canvas;
  const height = Math.round(canvas.height * share);
  const rect = { x: 0, y: 0, width, height };
  return [
    {
      side: "top",
      slot: { x: 0, y: height - radius, width, height: canvas.height - height + radius },
      ground: { rect, surface: "brand", shape: "open" },
      textBox: readable(canvas, rect),
      flow: "stack",
      logo: "beside-button",
      anchor: "end",
      bias: 0.2,
    },
  ];
}

function bottomPanels(canvas: Canvas, share: number): Arrangement[] {
  const { width, radius } = canvas;
  const height = Math.round(canvas.height * share);
  const top = canvas.height - height;
  const rect = { x: 0, y: top, width, height };
  const shared = {
    side: "bottom",
    slot: { x: 0, y: 0, width, height: top + radius },
    ground: { rect, surface: "brand", shape: "open" },
    textBox: readable(canvas, rect),
    flow: "stack",
  } as const;
  const bias = Math.abs(share - 0.44) * 2;
  return [
    { ...shared, logo: "beside-button", bias },
    { ...shared, logo: "above", bias: bias + 0.4 },
  ];
}

function sidePanels(canvas: Canvas, share: number): Arrangement[] {
  const { height, radius } = canvas;
  const width = Math.round(canvas.width * share);
  const rest = canvas.width - width;
  const left = { x: 0, y: 0, width, height };
  const slot = { x: width - radius, y: 0, width: rest + radius, height };
  const bias = Math.abs(share - 0.5) * 2;
  return besidePhoto(canvas, (place) => ({
    flow: "stack",
    slot: place(slot),
    ground: { rect: place(left), surface: "brand", shape: "open" },
    textBox: readable(canvas, place(left)),
    bias,
  }));
}
