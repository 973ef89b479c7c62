import { hashBytes, readNamed } from "../../io/files.ts";
import {
  decodeGraphic,
  type ImageLayer,
  type RgbaImage,
  type RgbImage,
  rasterizeSvg,
  scaleGraphic,
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
  /** The logo's file shows nothing: the name stands in its place. */
  readonly isEmpty: boolean;
  draw(box: Rect, colors: SurfaceColors): Promise<LogoDrawing>;
}

interface LogoDrawing {
  /** Shapes that go on the vector layer. */
  readonly svg: string;
  /** The logo on top of the finished image, in the text's colour or on a plate if its contrast is too low. */
  over(picture: RgbImage): Promise<{ readonly layers: readonly ImageLayer[]; readonly isOnPlate: boolean }>;
}

interface Mark extends ImageLayer {
  readonly image: RgbaImage;
}

/** Capitals of a wordmark take this share of the logo's height. */
const WORDMARK_SHARE = 0.8;

/** @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE the logo's file; ERR_GLYPH_MISSING the wordmark */
export async function loadLogo(brand: Brand, setter: Typesetter): Promise<Logo> {
  const { logo: file } = brand;
  if (file === null) return wordmark(brand.name, setter);
  const logo = await graphic({ ...brand, logo: file });
  if (logo !== null) return logo;
  const name = await wordmark(brand.name, setter);
  return { ...name, hash: hashBytes(`${name.hash} for an empty file`), isEmpty: true };
}

async function wordmark(name: string, setter: Typesetter): Promise<Logo> {
  const unit: Paragraph = await setLines(setter, [name], WORDMARK_STYLE, { size: 100, lineHeight: 1 });
  const aspect = (unit.width / unit.capHeight) * WORDMARK_SHARE;
  return {
    aspect,
    hash: hashBytes(name),
    isEmpty: false,
    draw: async (box, { headline: ink }) => {
      const size = (100 * box.height * WORDMARK_SHARE) / unit.capHeight;
      const mark = {
        ...unit,
        size,
        capHeight: (unit.capHeight * size) / 100,
        width: (unit.width * size) / 100,
      };
      const y = box.y + (box.height * (1 - WORDMARK_SHARE)) / 2;
      return {
        svg: paragraphSvg(mark, box.x, y, { color: `rgb(${ink.join()})` }),
        over: async () => ({ layers: [], isOnPlate: false }),
      };
    },
  };
}

/** Width and height, px, at which a logo is read. */
const WHOLE = [2048, 1024] as const;

/** Alpha from which a pixel is seen, of 255, and the share of pixels below which a picture shows nothing. */
const [SEEN_ALPHA, LEAST_SEEN] = [32, 0.0005];

function showsNothing({ width, height, data }: RgbaImage): boolean {
  let seen = 0;
  for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 0) >= SEEN_ALPHA) seen++;
  return seen < LEAST_SEEN * width * height;
}

type GraphicBrand = Pick<Brand, "logoMono" | "corner"> & { readonly logo: string };

/** Null: the file shows nothing. */
async function graphic({
  logo: path,
  logoMono: monoPath = null,
  corner,
}: GraphicBrand): Promise<Logo | null> {
  // Once, and larger than any place for it: an SVG is drawn by a process of its own.
  const whole = await decodeGraphic(path, ...WHOLE);
  if (showsNothing(whole)) return null;
  const mono = monoPath === null ? null : await decodeGraphic(monoPath, ...WHOLE);
  const files = await Promise.all([path, monoPath].map((file) => (file === null ? "" : readNamed(file))));
  return {
    aspect: whole.width / whole.height,
    isEmpty: false,
    hash: hashBytes(files.map(hashBytes).join()),
    draw: async (box, { headline }) => {
      const place = { x: Math.round(box.x), y: Math.round(box.y) };
      const mark = { image: await graphicIn(whole, box), ...place };
      return {
        svg: "",
        over: async (picture) => {
          if (lostIn(mark, picture) <= MOST_LOST) return { layers: [mark], isOnPlate: false };
          const single = isSingleColored(mark.image) ? mark.image : mono && (await graphicIn(mono, box));
          const inked = single
            ? [headline, ...INKS].map((ink) => ({ image: recolored(single, ink), ...place }))
            : [];
          const readable = inked.find((one) => lostIn(one, picture) <= MOST_LOST);
          if (readable) return { layers: [centred(readable, box)], isOnPlate: false };
          const plate = plateFor(mark, picture);
          if (plate === null) return { layers: [mark], isOnPlate: false };
          const inset = insetIn(box);
          const smaller = { image: await graphicIn(whole, inset), x: inset.x, y: inset.y };
          return {
            layers: [await drawPlate(box, plate, corner === "square" ? 0 : 0.2), smaller],
            isOnPlate: true,
          };
        },
      };
    },
  };
}

function graphicIn(whole: RgbaImage, { width, height }: Rect): Promise<RgbaImage> {
  return scaleGraphic(whole, Math.max(1, Math.round(width)), Math.max(1, Math.round(height)));
}

/** A mono logo of another shape is centred in the logo's area. */
function centred({ image, x, y }: Mark, { width, height }: Rect): Mark {
  return {
    image,
    x: x + Math.max(0, Math.round((width - image.width) / 2)),
    y: y + Math.max(0, Math.round((height - image.height) / 2)),
  };
}

/** What a logo of one colour may be drawn in where the text's colour does not do. */
const INKS: readonly Rgb[] = [
  [255, 255, 255],
  [16, 16, 16],
];
/** Maximum difference of pixels in a logo of one colour, in levels, and the share that may differ more. */
const SAME_COLOR = 24;
const OTHER_PIXELS = 0.02;
/** A picture without clear parts is a picture, whatever its colours. */
const MOST_OPAQUE = 0.97;

function isSingleColored({ data, width, height }: RgbaImage): boolean {
  const visible: number[] = [];
  for (let at = 0; at < data.length; at += 4) if ((data[at + 3] ?? 0) >= 200) visible.push(at);
  if (visible.length === 0 || visible.length > MOST_OPAQUE * width * height) return false;
  const mean = [0, 1, 2].map(
    (c) => visible.reduce((sum, at) => sum + (data[at + c] ?? 0), 0) / visible.length,
  );
  const others = visible.filter((at) =>
    mean.some((value, c) => Math.abs((data[at + c] ?? 0) - value) > SAME_COLOR),
  );
  return others.length <= OTHER_PIXELS * visible.length;
}

function recolored({ width, height, data }: RgbaImage, ink: Rgb): RgbaImage {
  const copy = Uint8Array.from(data);
  for (let at = 0; at < copy.length; at += 4) {
    copy[at] = ink[0];
    copy[at + 1] = ink[1];
    copy[at + 2] = ink[2];
  }
  return { width, height, data: copy };
}

/** Maximum share of a logo with too little contrast to its background. */
const MOST_LOST = 0.06;
/** Grounds of a plate, the first that suits best: a logo of white and black parts needs the one between them. */
const PLATES: readonly Rgb[] = [
  [255, 255, 255],
  [16, 16, 16],
  [118, 118, 118],
];

/** The ground that a logo needs at its position; null if no plate would help. */
function plateFor(placed: Mark, picture: RgbImage): Rgb | null {
  const { image: mark } = placed;
  let least = lostIn(placed, picture);
  let best: Rgb | null = null;
  for (const plate of PLATES) {
    const lost = lostShare(mark, () => plate);
    if (lost < least) [least, best] = [lost, plate];
  }
  return best;
}

function lostIn({ image, x, y }: Mark, picture: RgbImage): number {
  return lostShare(image, (column, row) => pixelOf(picture, x + column, y + row));
}

function pixelOf({ width, height, data }: RgbImage, x: number, y: number): Rgb {
  const at = (clamp(y, 0, height - 1) * width + clamp(x, 0, width - 1)) * 3;
  return [data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0];
}

/** Space between a plate's edge and the logo, by the logo's height: the plate has the logo's place and margins. */
const PADDING = 0.16;

function insetIn({ x, y, width, height }: Rect): Rect {
  const pad = PADDING * height;
  const scale = 1 - (2 * pad) / height;
  return {
    x: Math.round(x + (width * (1 - scale)) / 2),
    y: Math.round(y + pad),
    width: width * scale,
    height: height * scale,
  };
}

/** @param round radius of the corners by the plate's height */
async function drawPlate({ x, y, width, height }: Rect, color: Rgb, round: number): Promise<ImageLayer> {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const outer = { width: Math.ceil(width) + 1, height: Math.ceil(height) + 1 };
  const shape = `<rect x="${x - left}" y="${y - top}" width="${width}" height="${height}" rx="${round * height}" fill="rgb(${color.join()})"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${outer.width}" height="${outer.height}">${shape}</svg>`;
  return { image: await rasterizeSvg(svg), x: left, y: top };
}
