import type { Box } from "../../faces/index.ts";
import { cropImage, decodePhoto, encodeImage } from "../../io/image/index.ts";

/** A face to show to raters: only the pixels of the head, without metadata of the file. */
export interface JudgedPhoto {
  readonly path: string;
  readonly box: Box;
}

/** Side of the crop divided by the longer side of the face box. */
const HEAD_ROOM = 1.8;
const SIDE = 480;

/** @returns JPEG bytes */
export async function drawHead({ path, box }: JudgedPhoto): Promise<Uint8Array> {
  const { image, width, height, scaleX, scaleY } = await decodePhoto(path, { maxSide: 1600 });
  const side = Math.min(HEAD_ROOM * Math.max(box.width, box.height), width, height);
  const left = clamp(box.x + box.width / 2 - side / 2, width - side);
  const top = clamp(box.y + 0.45 * box.height - side / 2, height - side);
  const region = { x: left / scaleX, y: top / scaleY, width: side / scaleX, height: side / scaleY };
  return encodeImage(await cropImage(image, region, SIDE, SIDE), { format: "jpeg", quality: 85 });
}

function clamp(value: number, most: number): number {
  return Math.min(Math.max(0, value), Math.max(0, most));
}
