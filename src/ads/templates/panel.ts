import { isFootCovered, isStrip, isTall, isWide, readable, strips } from "./grid.ts";
import type { Arrangement, Canvas, Template } from "./types.ts";

/** Photo and a panel in the brand's colour side by side: text never meets the photo. */
export const PANEL: Template = {
  id: "panel",
  arrange: (canvas) =>
    isStrip(canvas) ? strips(canvas, { surface: "brand", shape: "open" }) : panels(canvas),
};

const BOTTOM_SHARES = [0.28, 0.32, 0.36, 0.4, 0.44, 0.48, 0.53, 0.58, 0.64, 0.7];
const TOP_SHARES = [0.32, 0.36, 0.4, 0.44, 0.48];
const SIDE_SHARES = [0.36, 0.42, 0.48, 0.54, 0.6, 0.66, 0.72];

export function panels(canvas: Canvas): Arrangement[] {
  const bottoms = isTall(canvas) ? BOTTOM_SHARES.flatMap((share) => bottomPanels(canvas, share)) : [];
  const sides = isWide(canvas) ? SIDE_SHARES.flatMap((share) => sidePanels(canvas, share)) : [];
  const tops = isFootCovered(canvas) ? TOP_SHARES.flatMap((share) => topPanels(canvas, share)) : [];
  return [...bottoms, ...sides, ...tops];
}

/** Where the platform covers the foot, the photo has it and the words stand above. */
function topPanels(canvas: Canvas, share: number): Arrangement[] {
  const { width, radius } = canvas;
  const height = Math.round(canvas.height * share);
  const rect = { x: 0, y: 0, width, height };
  const shared = {
    side: "top",
    slot: { x: 0, y: height - radius, width, height: canvas.height - height + radius },
    ground: { rect, surface: "brand", shape: "open" },
    textBox: readable(canvas, rect),
    flow: "stack",
    anchor: "end",
  } as const;
  return [
    { ...shared, logo: "beside-button", bias: 0.2 },
    { ...shared, logo: "above", bias: 0.1 },
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
  const bias = Math.abs(share - 0.38) * 2;
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
  const right = { x: rest, y: 0, width, height };
  const bias = Math.abs(share - 0.44) * 2 + 0.1;
  const shared = { flow: "stack", logo: "apart" } as const;
  return [
    {
      ...shared,
      side: "left",
      slot: { x: width - radius, y: 0, width: rest + radius, height },
      ground: { rect: left, surface: "brand", shape: "open" },
      textBox: readable(canvas, left),
      bias,
    },
    {
      ...shared,
      side: "right",
      slot: { x: 0, y: 0, width: rest + radius, height },
      ground: { rect: right, surface: "brand", shape: "open" },
      textBox: readable(canvas, right),
      bias: bias + 0.15,
    },
  ];
}
