import { cropImage, type DecodedPhoto, type ImageLayer, type RgbImage } from "../../io/image/index.ts";
import { clip, project } from "../layout/rect.ts";
import type { Plan } from "../layout/search.ts";
import { extendPicture } from "./extend.ts";

/** The photo's part of a creative. */
export interface Backdrop {
  readonly layer: ImageLayer;
  readonly picture: RgbImage;
  /** Whether the photo fills its slot; otherwise it is framed in the ground's colour. */
  readonly isFilled: boolean;
}

export async function cutBackdrop(photo: DecodedPhoto, plan: Plan): Promise<Backdrop> {
  const { region, target } = plan.crop;
  const { slot } = plan.arrangement;
  const x = Math.round(target.x);
  const y = Math.round(target.y);
  const width = Math.max(1, Math.round(target.x + target.width) - x);
  const height = Math.max(1, Math.round(target.y + target.height) - y);
  const original = {
    x: 0,
    y: 0,
    width: photo.image.width * photo.scaleX,
    height: photo.image.height * photo.scaleY,
  };
  const shown = clip(region, original) ?? region;
  const placed = project(shown, region, { x: 0, y: 0, width, height });
  const left = Math.max(0, Math.round(placed.x));
  const top = Math.max(0, Math.round(placed.y));
  const right = Math.min(width, Math.round(placed.x + placed.width));
  const foot = Math.min(height, Math.round(placed.y + placed.height));
  const source = {
    x: shown.x / photo.scaleX,
    y: shown.y / photo.scaleY,
    width: shown.width / photo.scaleX,
    height: shown.height / photo.scaleY,
  };
  const part = await cropImage(photo.image, source, Math.max(1, right - left), Math.max(1, foot - top));
  const isWhole = part.width === width && part.height === height;
  const picture = isWhole ? part : extendPicture(part, { width, height, left, top });
  const isFilled = width >= Math.floor(slot.width) && height >= Math.floor(slot.height);
  return { layer: { image: picture, x, y }, picture, isFilled };
}
