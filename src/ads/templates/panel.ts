import type { Arrangement, Canvas, Template } from "./types.ts";

/** Photo and a panel in the brand's colour side by side: text never meets the photo. */
export const PANEL: Template = { id: "panel", arrange: panels };

const BOTTOM_SHARES = [0.28, 0.32, 0.36, 0.4, 0.44, 0.48, 0.53, 0.58];
const SIDE_SHARES = [0.36, 0.42, 0.48, 0.54];

export function panels(canvas: Canvas): Arrangement[] {
  const flat = canvas.width / canvas.height;
  const bottoms = flat < 1.6 ? BOTTOM_SHARES.map((share) => bottomPanel(canvas, share)) : [];
  const sides = flat > 0.85 ? SIDE_SHARES.flatMap((share) => sidePanels(canvas, share)) : [];
  return [...bottoms, ...sides];
}

function bottomPanel(canvas: Canvas, share: number): Arrangement {
  const { width, margin, radius } = canvas;
  const height = Math.round(canvas.height * share);
  const top = canvas.height - height;
  return {
    side: "bottom",
    slot: { x: 0, y: 0, width, height: top + radius },
    panel: { x: 0, y: top, width, height },
    textBox: { x: margin, y: top + margin, width: width - 2 * margin, height: height - 2 * margin },
    logo: "beside-button",
    bias: Math.abs(share - 0.38) * 2,
  };
}

function sidePanels(canvas: Canvas, share: number): Arrangement[] {
  const { height, margin, radius } = canvas;
  const width = Math.round(canvas.width * share);
  const rest = canvas.width - width;
  const text = { y: margin, width: width - 2 * margin, height: height - 2 * margin };
  const bias = Math.abs(share - 0.44) * 2 + 0.1;
  return [
    {
      side: "left",
      slot: { x: width - radius, y: 0, width: rest + radius, height },
      panel: { x: 0, y: 0, width, height },
      textBox: { x: margin, ...text },
      logo: "top",
      bias,
    },
    {
      side: "right",
      slot: { x: 0, y: 0, width: rest + radius, height },
      panel: { x: rest, y: 0, width, height },
      textBox: { x: rest + margin, ...text },
      logo: "top",
      bias: bias + 0.15,
    },
  ];
}
