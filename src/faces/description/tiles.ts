import type { RgbImage } from "../../io/image/index.ts";
import type { Box } from "../types.ts";
import { type Detect, FINE, type Sighting } from "./detect.ts";

/** From this enlargement on, a finer pass is worthwhile. */
export const WORTHWHILE = 1.25;
/** Most tiles along the longer side. */
const MAX_TILES = 4;
/**
 * A face is cut if its box ends this near to the border, as a share of the tile's side: boxes are not exact.
 */
const BORDER = 8 / FINE;

/**
 * Detections in overlapping tiles, which show a photo at its own resolution, up to `MAX_TILES` a side. Faces
 * cut by a tile's border are left to the neighbouring tile that has the whole face, or to the pass
 * over the whole photo.
 */
export async function detectInTiles(photo: RgbImage, detect: Detect): Promise<Sighting[]> {
  const longer = Math.max(photo.width, photo.height);
  if (longer <= FINE * WORTHWHILE) return [];
  const side = Math.max(FINE, longer / (1 + (MAX_TILES - 1) * 0.75));
  const found: Sighting[] = [];
  for (const y of tileStarts(photo.height, side)) {
    for (const x of tileStarts(photo.width, side)) {
      const tile = { x, y, width: side, height: side };
      const seen = await detect(tile, FINE, 0);
      found.push(...seen.filter(({ box }) => !isCut(box, tile, photo)));
    }
  }
  return found;
}

function tileStarts(length: number, side: number): number[] {
  if (length <= side) return [0];
  const count = Math.ceil((length - side) / (side * 0.75)) + 1;
  return Array.from({ length: count }, (_, i) => (i * (length - side)) / (count - 1));
}

/** Whether the box ends at a border of its tile that is not the photo's border. */
function isCut(box: Box, tile: Box, { width, height }: RgbImage): boolean {
  const margin = BORDER * tile.width;
  const [right, bottom] = [tile.x + tile.width, tile.y + tile.height];
  return (
    (tile.x > 0 && box.x < tile.x + margin) ||
    (tile.y > 0 && box.y < tile.y + margin) ||
    (right < width && box.x + box.width > right - margin) ||
    (bottom < height && box.y + box.height > bottom - margin)
  );
}
