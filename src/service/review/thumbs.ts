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
  const kept = new Map<string, Promise<Buffer>>();
  return (path, key, maxSide) => {
    const name = `${key} ${maxSide}`;
    const found = kept.get(name);
    if (found !== undefined) return found;
    const made = draw(path, maxSide);
    kept.set(name, made);
    made.catch(() => kept.delete(name));
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return made;
  };
}

async function draw(path: string, maxSide: number): Promise<Buffer> {
  const { image } = await decodePhoto(path, { maxSide });
  return encodeImage(image, { format: "jpeg", quality: 78, effort: "fast" });
}
