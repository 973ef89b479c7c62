import { cropImage, type DecodedPhoto, type ImageLayer, type RgbImage } from "../../image.ts";
import { type Rgb, toHex } from "../color.ts";
import type { Plan } from "../layout/search.ts";
import { easedStops } from "./scrim.ts";

/** The photo's part of a creative. */
export interface Backdrop {
  readonly layer: ImageLayer;
  readonly picture: RgbImage;
  /** Colour around a photo that does not fill its slot; null where it does. */
  readonly padding: Rgb | null;
  /** Softens the edges of such a photo into that colour. */
  readonly svg: string;
}

export async function cutBackdrop(photo: DecodedPhoto, plan: Plan): Promise<Backdrop> {
  const { region, target } = plan.crop;
  const x = Math.round(target.x);
  const y = Math.round(target.y);
  const width = Math.max(1, Math.round(target.x + target.width) - x);
  const height = Math.max(1, Math.round(target.y + target.height) - y);
  const source = {
    x: region.x / photo.scaleX,
    y: region.y / photo.scaleY,
    width: region.width / photo.scaleX,
    height: region.height / photo.scaleY,
  };
  const picture = await cropImage(photo.image, source, width, height);
  const layer = { image: picture, x, y };
  const { slot } = plan;
  const filled = width >= Math.floor(slot.width) && height >= Math.floor(slot.height);
  if (filled) return { layer, picture, padding: null, svg: "" };
  const padding = edgeColor(picture);
  return { layer, picture, padding, svg: softEdges(layer, plan, padding) };
}

/** Mean of the upper left, upper and upper right border: what stands behind the people, not their clothes. */
function edgeColor(image: RgbImage): Rgb {
  const sum = [0, 0, 0];
  let count = 0;
  const add = (x: number, y: number) => {
    for (let channel = 0; channel < 3; channel++) {
      sum[channel] = (sum[channel] ?? 0) + (image.data[(y * image.width + x) * 3 + channel] ?? 0);
    }
    count++;
  };
  for (let x = 0; x < image.width; x++) add(x, 0);
  for (let y = 0; y < image.height / 2; y++) {
    add(0, y);
    add(image.width - 1, y);
  }
  const [red = 0, green = 0, blue = 0] = sum.map((value) => Math.round(value / count));
  return [red, green, blue];
}

function softEdges({ x, y, image }: ImageLayer, { slot }: Plan, padding: Rgb): string {
  const color = toHex(padding);
  const fade = Math.round(image.width * 0.09);
  const strips: string[] = [];
  const strip = (id: string, vector: string, rect: string) => {
    strips.push(
      `<linearGradient id="${id}" ${vector}>${easedStops(color, 1, 0, 1)}</linearGradient>`,
      `<rect ${rect} fill="url(#${id})"/>`,
    );
  };
  const sides = `y="${y}" width="${fade}" height="${image.height}"`;
  if (x > slot.x + 1) strip("edge-left", `x1="0" x2="1"`, `x="${x}" ${sides}`);
  if (x + image.width < slot.x + slot.width - 1) {
    strip("edge-right", `x1="1" x2="0"`, `x="${x + image.width - fade}" ${sides}`);
  }
  if (y > slot.y + 1) {
    strip(
      "edge-top",
      `x1="0" x2="0" y1="0" y2="1"`,
      `x="${x}" y="${y}" width="${image.width}" height="${fade}"`,
    );
  }
  return strips.join("");
}
