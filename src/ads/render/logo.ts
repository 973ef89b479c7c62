import { readFile } from "node:fs/promises";
import { hashBytes } from "../../io/files.ts";
import {
  decodeGraphic,
  type ImageLayer,
  type RgbaImage,
  type RgbImage,
  rasterizeSvg,
} from "../../io/image/index.ts";
import type { Rgb } from "../color.ts";
import { WORDMARK_STYLE } from "../layout/plan.ts";
import { clamp, type Rect } from "../layout/rect.ts";
import { type Paragraph, paragraphSvg, setLines } from "../type/paragraph.ts";
import type { Typesetter } from "../type/typesetter.ts";
import type { Brand } from "../types.ts";
import { lostShare } from "./legible.ts";
import type { SurfaceColors } from "./theme.ts";

/** The brand's mark: its picture, or its name set as a wordmark. */
export interface Logo {
  /** Width / height. */
  readonly aspect: number;
  /** Changes with anything that shows. */
  readonly hash: string;
  draw(box: Rect, colors: SurfaceColors): Promise<LogoDrawing>;
}

export interface LogoDrawing {
  /** Shapes that go on the vector layer. */
  readonly svg: string;
  /** What goes on top of the finished picture: the logo, on a plate where it would drown in it. */
  over(picture: RgbImage): Promise<readonly ImageLayer[]>;
}

interface Mark extends ImageLayer {
  readonly image: RgbaImage;
}

/** Capitals of a wordmark take this share of the logo's height. */
const WORDMARK_SHARE = 0.8;

/** @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE the logo's file; ERR_GLYPH_MISSING the wordmark */
export async function loadLogo(brand: Brand, setter: Typesetter): Promise<Logo> {
  return brand.logo === null ? wordmark(brand.name, setter) : graphic(brand.logo);
}

async function wordmark(name: string, setter: Typesetter): Promise<Logo> {
  const unit: Paragraph = await setLines(setter, [name], WORDMARK_STYLE, { size: 100, lineHeight: 1 });
  const aspect = (unit.width / unit.capHeight) * WORDMARK_SHARE;
  return {
    aspect,
    hash: hashBytes(name),
    draw: async (box, { headline: ink }) => {
      const size = (100 * box.height * WORDMARK_SHARE) / unit.capHeight;
      const mark = {
        ...unit,
        size,
        capHeight: (unit.capHeight * size) / 100,
        width: (unit.width * size) / 100,
      };
      const y = box.y + (box.height * (1 - WORDMARK_SHARE)) / 2;
      return { svg: paragraphSvg(mark, box.x, y, { color: `rgb(${ink.join()})` }), over: async () => [] };
    },
  };
}

async function graphic(path: string): Promise<Logo> {
  const whole = await decodeGraphic(path, 1024, 512);
  return {
    aspect: whole.width / whole.height,
    hash: hashBytes(await readFile(path)),
    draw: async (box) => {
      const image = await decodeGraphic(
        path,
        Math.max(1, Math.round(box.width)),
        Math.max(1, Math.round(box.height)),
      );
      const mark = { image, x: Math.round(box.x), y: Math.round(box.y) };
      return {
        svg: "",
        over: async (picture) => {
          const plate = plateFor(mark, picture);
          return plate === null ? [mark] : [await drawPlate(box, plate), mark];
        },
      };
    },
  };
}

/** More of a logo than this must not drown in what lies behind it. */
const MOST_LOST = 0.06;
/** Grounds of a plate, the first that suits best: a logo of white and black parts needs the one between them. */
const PLATES: readonly Rgb[] = [
  [255, 255, 255],
  [16, 16, 16],
  [118, 118, 118],
];

/** The ground that a logo needs where it stands; null where it is readable as it is, or no plate would help. */
function plateFor({ image: mark, x, y }: Mark, picture: RgbImage): Rgb | null {
  let least = lostShare(mark, (column, row) => pixelOf(picture, x + column, y + row));
  if (least <= MOST_LOST) return null;
  let best: Rgb | null = null;
  for (const plate of PLATES) {
    const lost = lostShare(mark, () => plate);
    if (lost < least) [least, best] = [lost, plate];
  }
  return best;
}

function pixelOf({ width, height, data }: RgbImage, x: number, y: number): Rgb {
  const at = (clamp(y, 0, height - 1) * width + clamp(x, 0, width - 1)) * 3;
  return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
}

async function drawPlate({ x, y, width, height }: Rect, color: Rgb): Promise<ImageLayer> {
  const pad = height * 0.3;
  const [left, top] = [Math.floor(x - pad), Math.floor(y - pad)];
  const outer = { width: Math.ceil(width + 2 * pad) + 1, height: Math.ceil(height + 2 * pad) + 1 };
  const shape = `<rect x="${x - pad - left}" y="${y - pad - top}" width="${width + 2 * pad}" height="${height + 2 * pad}" rx="${pad}" fill="rgb(${color.join()})"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${outer.width}" height="${outer.height}">${shape}</svg>`;
  return { image: await rasterizeSvg(svg), x: left, y: top };
}
