import { createTypesetter, renderText, type Typesetter } from "lookalike-ads/ads";
import {
  composeImage,
  cropImage,
  decodePhoto,
  encodeImage,
  type ImageLayer,
  type RgbImage,
  rasterizeSvg,
} from "../../../src/io/image/index.ts";

export interface TextOptions {
  readonly size: number;
  readonly color?: string;
  readonly weight?: 500 | 700 | 800;
  readonly maxWidth?: number;
  readonly maxLines?: number;
  /** Centred on x instead of starting there. */
  readonly centered?: boolean;
}

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A sheet that is drawn from the top down; all lengths in px. */
export interface Canvas {
  /** Draws text and returns the y below it. */
  text(words: string, x: number, y: number, options: TextOptions): Promise<number>;
  /** Draws a photo, cut to the place's shape around its middle, with rounded corners in `ground`. */
  photo(path: string, place: Place, ground: string): Promise<void>;
  /** The same for pixels of the place's size. */
  image(image: RgbImage, place: Place, ground: string): Promise<void>;
  /** Draws SVG shapes (no text) over the place. */
  shapes(svg: string, place: Place): Promise<void>;
  /** @returns PNG bytes */
  finish(height: number): Promise<Buffer>;
}

export async function createCanvas(width: number, background: string): Promise<Canvas> {
  const setter: Typesetter = await createTypesetter();
  const layers: ImageLayer[] = [];
  const shapes = async (svg: string, { x, y, width: w, height: h }: Place) => {
    const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}">`;
    layers.push({ image: await rasterizeSvg(`${head}${svg}</svg>`), x, y });
  };
  const paste = async (image: RgbImage, place: Place, ground: string) => {
    layers.push({ image, x: place.x, y: place.y });
    await shapes(corners(place, 16, ground), place);
  };
  return {
    async text(words, x, y, { centered = false, ...options }) {
      const align = centered ? "center" : "left";
      const image = await renderText(setter, words, { ...options, align, lineHeight: 1.32 });
      layers.push({ image, x: Math.round(centered ? x - image.width / 2 : x), y: Math.round(y) });
      return y + image.height;
    },
    async photo(path, place, ground) {
      const { image } = await decodePhoto(path);
      const scale = Math.max(place.width / image.width, place.height / image.height);
      const region = { width: place.width / scale, height: place.height / scale };
      const x = (image.width - region.width) / 2;
      const y = (image.height - region.height) / 2;
      await paste(await cropImage(image, { ...region, x, y }, place.width, place.height), place, ground);
    },
    image: paste,
    shapes,
    async finish(height) {
      const sheet = await composeImage(width, Math.ceil(height), background, layers);
      return encodeImage(sheet, { format: "png", quality: 95 });
    },
  };
}

/** Everything outside of a rounded rectangle. */
function corners({ width: w, height: h }: Place, r: number, fill: string): string {
  const inner = `M${r} 0H${w - r}A${r} ${r} 0 0 1 ${w} ${r}V${h - r}A${r} ${r} 0 0 1 ${w - r} ${h}H${r}A${r} ${r} 0 0 1 0 ${h - r}V${r}A${r} ${r} 0 0 1 ${r} 0Z`;
  return `<path fill-rule="evenodd" fill="${fill}" d="M0 0H${w}V${h}H0Z${inner}"/>`;
}
