import { readFile } from "node:fs/promises";
import { hashBytes } from "../../files.ts";
import { decodeGraphic, type RgbaImage } from "../../image/index.ts";
import { contrastOfLuminances, luminance, MIN_CONTRAST_LARGE, type Rgb } from "../color.ts";
import { WORDMARK_STYLE } from "../layout/plan.ts";
import type { Rect } from "../layout/rect.ts";
import { type Paragraph, paragraphSvg, setLines } from "../type/paragraph.ts";
import type { Typesetter } from "../type/typesetter.ts";
import type { Brand } from "../types.ts";
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
  /** Pixels that go on top of it, at the box's corner. */
  readonly image: RgbaImage | null;
}

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [16, 16, 16];

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
      return { svg: paragraphSvg(mark, box.x, y, { color: `rgb(${ink.join()})` }), image: null };
    },
  };
}

async function graphic(path: string): Promise<Logo> {
  const whole = await decodeGraphic(path, 1024, 512);
  const mean = meanLuminance(whole);
  return {
    aspect: whole.width / whole.height,
    hash: hashBytes(await readFile(path)),
    draw: async (box, { fill: ground }) => {
      const image = await decodeGraphic(
        path,
        Math.max(1, Math.round(box.width)),
        Math.max(1, Math.round(box.height)),
      );
      const readable = contrastOfLuminances(mean, luminance(ground)) >= MIN_CONTRAST_LARGE;
      return { svg: readable ? "" : chipSvg(box, mean < 0.4 ? WHITE : BLACK), image };
    },
  };
}

/** A logo that would drown in the ground gets a plate of its own. */
function chipSvg(box: Rect, chip: Rgb): string {
  const pad = box.height * 0.3;
  return `<rect x="${box.x - pad}" y="${box.y - pad}" width="${box.width + 2 * pad}" height="${box.height + 2 * pad}" rx="${pad}" fill="rgb(${chip.join()})"/>`;
}

function meanLuminance({ data }: RgbaImage): number {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i + 3 < data.length; i += 4) {
    const alpha = (data[i + 3] ?? 0) / 255;
    sum += alpha * luminance([data[i] ?? 0, data[i + 1] ?? 0, data[i + 2] ?? 0]);
    weight += alpha;
  }
  return weight === 0 ? 0 : sum / weight;
}
