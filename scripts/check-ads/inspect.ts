import { parseColor } from "../../src/ads/index.ts";
import type { Point } from "../../src/faces/index.ts";
import { cropImage, type RgbImage } from "../../src/io/image/index.ts";
import { type Box, inside, shared } from "./boxes.ts";
import { coverFindings, strayFindings } from "./covers.ts";
import { photoTiles } from "./drawn.ts";
import type { Finding, Finished } from "./finding.ts";
import { placed, placedHead } from "./heads.ts";
import { worstContrast } from "./pixels.ts";

/**
 * What a finished file must keep, judged from its pixels, its boxes and the raw landmarks: nothing of the layout's own
 * geometry is used, and what the renderer reports of boxes, colours and the photo's place is itself held against the
 * pixels. Each finding is one sentence; none means that the file is good.
 */

export async function inspect(finished: Finished): Promise<Finding[]> {
  const { image, source, layout } = finished;
  const tiles = await photoTiles(image, source, layout.picture);
  return [
    ...weightFindings(finished),
    ...headFindings(finished),
    ...coverFindings(finished, tiles),
    ...overflowFindings(finished),
    ...strayFindings(finished, tiles),
    ...contrastFindings(finished),
    ...(await pictureFindings(finished)),
  ];
}

/** The text that shows: a channel without room for the body has none. */
function textsOf({ layout }: Finished): ["headline" | "body" | "cta" | "legal", Box][] {
  const texts = (["headline", "body", "cta", "legal"] as const).map((part) => [part, layout[part]] as const);
  return texts.filter(([, box]) => box.width > 0 && box.height > 0).map(([part, box]) => [part, box]);
}

function weightFindings({ channel, bytes, image }: Finished): Finding[] {
  const findings: Finding[] = [];
  if (bytes > channel.maxBytes) {
    findings.push({ rule: "weight", message: `${bytes} bytes of ${channel.maxBytes}` });
  }
  if (image.width !== channel.width || image.height !== channel.height) {
    findings.push({ rule: "overflow", message: `is ${image.width} x ${image.height}` });
  }
  return findings;
}

function headFindings({ photo, layout, image }: Finished): Finding[] {
  const findings: Finding[] = [];
  const covers = [layout.headline, layout.body, layout.button, layout.logo];
  const frame = { x: 0, y: 0, width: image.width, height: image.height };
  for (const [index, face] of photo.faces.entries()) {
    const points = placedHead(photo, face, layout.picture);
    const shown = points.filter(
      (point) => inside(point, layout.picture.target, 0.5) && inside(point, frame, 0.5),
    );
    if (index === photo.leadFace && shown.length < points.length) {
      findings.push({ rule: "head", message: "the leading head is cut" });
    } else if (shown.length > 0 && shown.length < points.length) {
      findings.push({ rule: "head", message: `head ${index} is cut` });
    }
    const isCovered = (point: Point) => covers.some((box) => inside(point, box)) || underPanel(point, layout);
    if (shown.some(isCovered)) {
      findings.push({ rule: "face", message: `head ${index} lies under text or panel` });
    }
  }
  return findings;
}

/** Below the panel's upper edge, which may fall from right to left. */
function underPanel([x, y]: Point, { panel, panelRise, faded }: Finished["layout"]): boolean {
  if (faded && inside([x, y], faded)) return true;
  if (!panel || !inside([x, y], panel)) return false;
  return y >= panel.y + panelRise * (1 - (x - panel.x) / panel.width);
}

/** Boxes inside the canvas and its safe zone, and none over another. */
function overflowFindings(finished: Finished): Finding[] {
  const { layout, channel } = finished;
  const { width, height, safe } = channel;
  const zone = {
    x: safe?.left ?? 1,
    y: safe?.top ?? 1,
    width: width - (safe?.left ?? 1) - (safe?.right ?? 1),
    height: height - (safe?.top ?? 1) - (safe?.bottom ?? 1),
  };
  const boxes = [
    ...textsOf(finished).filter(([part]) => part !== "cta"),
    ["button", layout.button] as const,
    ["logo", layout.logo] as const,
  ];
  const findings: Finding[] = [];
  for (const [name, box] of boxes) {
    if (!inside([box.x, box.y], zone, 0.5) || !inside([box.x + box.width, box.y + box.height], zone, 0.5)) {
      findings.push({ rule: "overflow", message: `${name} leaves the safe zone` });
    }
    for (const [other, against] of boxes) {
      if (name < other && shared(box, against) > 0) {
        findings.push({ rule: "overflow", message: `${name} meets ${other}` });
      }
    }
  }
  if (shared(layout.cta, layout.button) < layout.cta.width * layout.cta.height * 0.99) {
    findings.push({ rule: "overflow", message: "the button's text leaves the button" });
  }
  return findings;
}

function contrastFindings(finished: Finished): Finding[] {
  const { layout, image } = finished;
  return textsOf(finished).flatMap(([part, box]): Finding[] => {
    const { worst, inked } = worstContrast(
      image,
      box,
      parseColor(layout.colors[part === "legal" ? "body" : part]),
    );
    const findings: Finding[] = [];
    if (inked < 15) findings.push({ rule: "overflow", message: `${part} is not drawn (${inked} px)` });
    if (worst < 4.5) findings.push({ rule: "contrast", message: `${part} has ${worst.toFixed(2)} : 1` });
    return findings;
  });
}

/** The leading face's pixels must be where the layout says: cut and scaled anew, they correlate with the file's. */
async function pictureFindings({ photo, layout, image, source }: Finished): Promise<Finding[]> {
  const face = photo.faces[photo.leadFace ?? 0];
  if (!face) return [];
  const { box } = face;
  const [left, top] = placed([box.x, box.y], layout.picture);
  const [right, foot] = placed([box.x + box.width, box.y + box.height], layout.picture);
  const x0 = Math.max(0, Math.round(left));
  const y0 = Math.max(0, Math.round(top));
  const x1 = Math.min(image.width, Math.round(right));
  const y1 = Math.min(image.height, Math.round(foot));
  if (x1 - x0 < 6 || y1 - y0 < 6) return [];
  const { region, target } = layout.picture;
  const back = (x: number, y: number): Point => [
    region.x + ((x - target.x) * region.width) / target.width,
    region.y + ((y - target.y) * region.height) / target.height,
  ];
  const [sx, sy] = back(x0, y0);
  const [ex, ey] = back(x1, y1);
  const part = { x: sx, y: sy, width: ex - sx, height: ey - sy };
  const expected = await cropImage(source, part, x1 - x0, y1 - y0);
  const correlation = correlate(expected, image, x0, y0);
  const message = `the face is not where the layout says (${correlation.toFixed(2)})`;
  return correlation < 0.8 ? [{ rule: "picture", message }] : [];
}

function correlate(part: RgbImage, whole: RgbImage, left: number, top: number): number {
  const n = part.width * part.height;
  let sa = 0;
  let sb = 0;
  let saa = 0;
  let sbb = 0;
  let sab = 0;
  for (let y = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++) {
      const a = part.data[(y * part.width + x) * 3 + 1] ?? 0;
      const b = whole.data[((y + top) * whole.width + x + left) * 3 + 1] ?? 0;
      sa += a;
      sb += b;
      saa += a * a;
      sbb += b * b;
      sab += a * b;
    }
  }
  const spread = Math.sqrt((saa - (sa * sa) / n) * (sbb - (sb * sb) / n));
  return spread < 1 ? 1 : (sab - (sa * sb) / n) / spread;
}
