import { createMemo } from "../../core/index.ts";
import { decodePhoto, encodeImage } from "../../io/image/index.ts";

/**
 * Makes JPEG thumbnails on first use and keeps the last 4,000.
 *
 * @param key of the content, such as its hash
 * @param maxSide longer side, px
 */
export type Thumbnail = (path: string, key: string, maxSide: number) => Promise<Buffer>;

const KEPT = 4000;

export function createThumbnails(): Thumbnail {
  const kept = createMemo<Buffer>(KEPT);
  return (path, key, maxSide) => kept(`${key} ${maxSide}`, () => draw(path, maxSide));
}

async function draw(path: string, maxSide: number): Promise<Buffer> {
  const { image } = await decodePhoto(path, { maxSide });
  return encodeImage(image, { format: "jpeg", quality: 78, effort: "fast" });
}
