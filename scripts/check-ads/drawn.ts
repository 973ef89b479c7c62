import type { CreativeLayout } from "../../src/ads/index.ts";
import { cropImage, type RgbImage } from "../../src/io/image/index.ts";
import { type Box, grown, inside, shared } from "./boxes.ts";

/**
 * What is drawn over the photo, found by holding the file against the photo itself: where nothing lies over it, each
 * small tile is the photo's own tile, at most paler or darker (a scrim, a fade). Letters, panels, buttons and logos are
 * not.
 */

type Picture = CreativeLayout["picture"];

/** Side of a tile, px of the creative. */
const TILE = 12;
/** Levels that a lossy file at its lowest quality may be off, root mean square over a tile. */
const LOSSY = 15;
/** A tile this even in the photo tells nothing about whether it is the photo. */
const EVEN = 7;

export interface Tile extends Box {
  /** Whether something that is not the photo lies over it. */
  readonly isCovered: boolean;
}

/** Judges every whole tile of the photo's area inside the frame. */
export async function photoTiles(image: RgbImage, source: RgbImage, whole: Picture): Promise<Tile[]> {
  const picture = withinPhoto(whole, source);
  const x0 = Math.max(0, Math.round(picture.target.x));
  const y0 = Math.max(0, Math.round(picture.target.y));
  const width = Math.min(image.width, Math.round(picture.target.x + picture.target.width)) - x0;
  const height = Math.min(image.height, Math.round(picture.target.y + picture.target.height)) - y0;
  if (width < TILE || height < TILE) return [];
  const area = { x: x0, y: y0, width, height };
  const expected = await cropImage(source, fromCreative(area, picture), width, height);
  const tiles: Tile[] = [];
  for (let y = 0; y + TILE <= height; y += TILE) {
    for (let x = 0; x + TILE <= width; x += TILE) {
      const isCovered = !isPhoto(expected, image, { x, y, width: TILE, height: TILE }, area);
      tiles.push({ x: x0 + x, y: y0 + y, width: TILE, height: TILE, isCovered });
    }
  }
  return tiles;
}

/** The part of the picture that is the photo itself, not its backdrop continued. */
function withinPhoto({ region, target, radius }: Picture, source: RgbImage): Picture {
  const scaleX = target.width / region.width;
  const scaleY = target.height / region.height;
  const x = Math.max(0, region.x);
  const y = Math.max(0, region.y);
  const width = Math.min(source.width, region.x + region.width) - x;
  const height = Math.min(source.height, region.y + region.height) - y;
  const shown = {
    x: target.x + (x - region.x) * scaleX,
    y: target.y + (y - region.y) * scaleY,
    width: width * scaleX,
    height: height * scaleY,
  };
  return { region: { x, y, width, height }, target: shown, radius };
}

function fromCreative(box: Box, { region, target }: Picture): Box {
  const scaleX = region.width / target.width;
  const scaleY = region.height / target.height;
  return {
    x: region.x + (box.x - target.x) * scaleX,
    y: region.y + (box.y - target.y) * scaleY,
    width: box.width * scaleX,
    height: box.height * scaleY,
  };
}

/**
 * Whether the file's tile is the photo's. Where the sharp pixels do not agree, softened ones are tried a pixel to each
 * side too: the two were scaled apart, and fine hair moves by half a pixel.
 */
function isPhoto(expected: RgbImage, image: RgbImage, tile: Box, area: Box): boolean {
  const found = (soft: boolean) => tileOf(image, tile, { x: area.x, y: area.y, soft });
  if (agree(tileOf(expected, tile, { x: 0, y: 0, soft: false }), found(false))) return true;
  const softened = found(true);
  for (let y = -1; y <= 1; y++) {
    for (let x = -1; x <= 1; x++) {
      if (agree(tileOf(expected, tile, { x, y, soft: true }), softened)) return true;
    }
  }
  return false;
}

/** The least squares fit of the file's brightness by a plane of light and the photo's own brightness. */
function agree(a: Float64Array, b: Float64Array): boolean {
  const n = a.length;
  const aa = product(a, a);
  const ab = product(a, b);
  const bb = product(b, b);
  const slope = aa / n < 1 ? 0 : Math.min(1.6, Math.max(0, ab / aa));
  const residual = Math.sqrt(Math.max(0, bb - 2 * slope * ab + slope * slope * aa) / n);
  if (residual > Math.max(LOSSY, 0.75 * Math.sqrt(aa / n))) return false;
  // A flat cover leaves no trace of what the photo shows.
  return Math.sqrt(aa / n) < EVEN || Math.sqrt(bb / n) > 0.12 * Math.sqrt(aa / n);
}

/** A tile's brightness, shifted, less its best plane; softened over 3 x 3 px where asked. */
function tileOf(
  image: RgbImage,
  tile: Box,
  { x: dx, y: dy, soft }: { readonly x: number; readonly y: number; readonly soft: boolean },
): Float64Array {
  const values = new Float64Array(tile.width * tile.height);
  let i = 0;
  for (let y = tile.y + dy; y < tile.y + dy + tile.height; y++) {
    for (let x = tile.x + dx; x < tile.x + dx + tile.width; x++) {
      values[i++] = soft ? softBrightness(image, x, y) : brightness(image, x, y);
    }
  }
  return withoutPlane(values, tile.width);
}

function softBrightness(image: RgbImage, x: number, y: number): number {
  let sum = 0;
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) sum += brightness(image, x + dx, y + dy);
  }
  return sum / 9;
}

/** The nearest pixel's, where the place lies outside. */
function brightness({ data, width, height }: RgbImage, x: number, y: number): number {
  const column = Math.min(Math.max(x, 0), width - 1);
  const row = Math.min(Math.max(y, 0), height - 1);
  const at = (row * width + column) * 3;
  return 0.3 * (data[at] ?? 0) + 0.59 * (data[at + 1] ?? 0) + 0.11 * (data[at + 2] ?? 0);
}

/** Brightness less its best plane: gradients of scrims and fades go. */
function withoutPlane(values: Float64Array, width: number): Float64Array {
  const n = values.length;
  const middle = (width - 1) / 2;
  // Tiles are square: both slopes have the same sum of squares.
  const squares = (n * (width * width - 1)) / 12;
  let sum = 0;
  let sumX = 0;
  let sumY = 0;
  for (let i = 0; i < n; i++) {
    const value = values[i] ?? 0;
    sum += value;
    sumX += value * ((i % width) - middle);
    sumY += value * (Math.floor(i / width) - middle);
  }
  const rest = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const plane =
      sum / n +
      (sumX / squares) * ((i % width) - middle) +
      (sumY / squares) * (Math.floor(i / width) - middle);
    rest[i] = (values[i] ?? 0) - plane;
  }
  return rest;
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** Covered tiles that no known part of the ad explains: letters that ran out of their box, say. */
export function strayTiles(tiles: readonly Tile[], known: readonly Box[], picture: Picture): Tile[] {
  // Fades, rounded corners and shadows play along the photo's edges.
  const { target } = picture;
  const rim = 0.17 * Math.min(target.width, target.height);
  const core = grown(target, -rim);
  return tiles.filter(
    (tile) =>
      tile.isCovered &&
      inside([tile.x, tile.y], core) &&
      inside([tile.x + TILE, tile.y + TILE], core) &&
      known.every((box) => shared(tile, box) === 0),
  );
}
