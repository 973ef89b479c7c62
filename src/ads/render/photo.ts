import { ACCEPTED_MAX_PIXELS, type DecodedPhoto, decodePhoto } from "../../io/image/index.ts";
import { headOf } from "../layout/head.ts";
import type { Rect } from "../layout/rect.ts";
import { type PlainEdges, type Scene, sceneOf } from "../layout/scene.ts";
import type { PhotoLook } from "../layout/search.ts";
import type { AdPhoto } from "../types.ts";
import { creditOf } from "./metadata.ts";
import { plainEdgesOf } from "./plain.ts";
import { brightestIn, isSmooth, rangeIn, scrimOpacity } from "./scrim.ts";
import { backdropInk, type Theme } from "./theme.ts";

/** A photo as the layout and the painter need it. */

export interface OpenedPhoto {
  readonly pixels: DecodedPhoto;
  /** Who took it, as the file itself says. */
  readonly credit: string | null;
  readonly edges: PlainEdges;
}

/** Maximum size of decoded photos: enough for the largest channels without enlarging. */
const MAX_SIDE = 2400;

/** @throws ERR_PHOTO_NOT_FOUND, ERR_PHOTO_UNREADABLE, ERR_PHOTO_TOO_LARGE */
export async function openPhoto({ path, turn }: AdPhoto): Promise<OpenedPhoto> {
  const [pixels, credit] = await Promise.all([
    decodePhoto(path, { maxSide: MAX_SIDE, turn, maxPixels: ACCEPTED_MAX_PIXELS }),
    creditOf(path),
  ]);
  return { pixels, credit, edges: plainEdgesOf(pixels) };
}

export function sceneIn(photo: AdPhoto, { edges }: OpenedPhoto): Scene {
  return sceneOf(photo, photo.faces.map(headOf), photo.leadFace, edges);
}

/** Requirements of text over a part of the photo, from its pixels. */
export function lookOf({ pixels }: OpenedPhoto, theme: Theme): PhotoLook {
  const { image, scaleX, scaleY } = pixels;
  const pixelsOf = ({ x, y, width, height }: Rect): Rect => {
    return { x: x / scaleX, y: y / scaleY, width: width / scaleX, height: height / scaleY };
  };
  return {
    scrimNeed: (part) =>
      scrimOpacity(brightestIn(image, pixelsOf(part)), theme.scrim.fill, theme.scrim.headline),
    isQuiet: (part) => {
      const range = rangeIn(image, pixelsOf(part));
      return range === null || (isSmooth(range) && backdropInk(range, []) !== null);
    },
  };
}
