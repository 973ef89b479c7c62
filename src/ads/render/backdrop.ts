import { cropImage, type DecodedPhoto, type ImageLayer, type RgbImage } from "../../io/image/index.ts";
import { type Rgb, toHex } from "../color.ts";
import type { Head } from "../layout/head.ts";
import { bottom, project, type Rect, right } from "../layout/rect.ts";
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

export async function cutBackdrop(
  photo: DecodedPhoto,
  plan: Plan,
  heads: readonly Head[],
): Promise<Backdrop> {
  const { region, target } = plan.crop;
  const { slot } = plan.arrangement;
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
  const filled = width >= Math.floor(slot.width) && height >= Math.floor(slot.height);
  if (filled) return { layer, picture, padding: null, svg: "" };
  const padding = edgeColor(picture);
  const placed = { x, y, width, height };
  const projected = heads.map(({ bounds }) => project(bounds, region, target));
  const svg = softEdges(placed, slot, { padding, heads: projected });
  return { layer, picture, padding, svg };
}

/** Median of the upper left, upper and upper right border: what stands behind the people, not their hair. */
function edgeColor(image: RgbImage): Rgb {
  const border: number[] = [];
  for (let x = 0; x < image.width; x++) border.push(x);
  for (let y = 0; y < image.height / 2; y++) border.push(y * image.width, (y + 1) * image.width - 1);
  const median = (channel: number) => {
    const values = border.map((pixel) => image.data[pixel * 3 + channel] ?? 0).sort((a, b) => a - b);
    return values[values.length >> 1] ?? 0;
  };
  return [median(0), median(1), median(2)];
}

/** Fades each edge that does not touch the slot's, over less than its distance from the nearest head. */
function softEdges(
  placed: Rect,
  slot: Rect,
  { padding, heads }: { readonly padding: Rgb; readonly heads: readonly Rect[] },
): string {
  const color = toHex(padding);
  const shown = heads.filter(
    (head) =>
      right(head) > placed.x && head.x < right(placed) && bottom(head) > placed.y && head.y < bottom(placed),
  );
  const most = Math.min(placed.width, placed.height) * 0.16;
  const depth = (distances: readonly number[]) =>
    Math.max(2, Math.min(most, ...distances.map((d) => d * 0.9)));
  const { x, y, width, height } = placed;
  const x2 = right(placed);
  const y2 = bottom(placed);
  const strips: string[] = [];
  const strip = (id: string, vector: string, rect: Rect) => {
    strips.push(
      `<linearGradient id="${id}" ${vector}>${easedStops(color, 1, 0, 1)}</linearGradient>`,
      `<rect x="${rect.x}" y="${rect.y}" width="${rect.width}" height="${rect.height}" fill="url(#${id})"/>`,
    );
  };
  if (x > slot.x + 1) {
    const fade = depth(shown.map((head) => head.x - x));
    strip("edge-left", `x1="0" x2="1"`, { x: x - 1, y, width: fade + 1, height });
  }
  if (x2 < right(slot) - 1) {
    const fade = depth(shown.map((head) => x2 - right(head)));
    strip("edge-right", `x1="1" x2="0"`, { x: x2 - fade, y, width: fade + 1, height });
  }
  if (y > slot.y + 1) {
    const fade = depth(shown.map((head) => head.y - y));
    strip("edge-top", `x1="0" x2="0" y1="0" y2="1"`, { x, y: y - 1, width, height: fade + 1 });
  }
  if (y2 < bottom(slot) - 1) {
    const fade = depth(shown.map((head) => y2 - bottom(head)));
    strip("edge-foot", `x1="0" x2="0" y1="1" y2="0"`, { x, y: y2 - fade, width, height: fade + 1 });
  }
  return strips.join("");
}
