/** Interleaved 8-bit sRGB, row by row from the top left: `data[(y * width + x) * 3 + channel]`. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Interleaved 8-bit sRGB with straight (not premultiplied) alpha: four bytes a pixel. */
export interface RgbaImage {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Degrees clockwise by which a picture is rotated. */
export type QuarterTurn = 0 | 90 | 180 | 270;

/** Pixels without a file format, as sharp describes them. */
export function rawShape(image: RgbImage | RgbaImage): { width: number; height: number; channels: 3 | 4 } {
  const channels = image.data.length === image.width * image.height * 4 ? 4 : 3;
  return { width: image.width, height: image.height, channels };
}
