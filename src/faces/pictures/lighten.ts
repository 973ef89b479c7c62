import type { RgbImage } from "../../io/image/index.ts";

/** A photo's white level, 0 to 255, is this quantile of its values: 0.5 % lie above it. */
const WHITE_SHARE = 0.995;
/** A photo with a lower white level is dark. */
const DARK = 100;

/** The factor that makes a dark photo's white level white; 1 if the photo is not dark. */
export function lightGain({ data }: RgbImage): number {
  const counts = new Uint32Array(256);
  for (const value of data) counts[value] = (counts[value] as number) + 1;
  let white = 0;
  for (let under = counts[0] as number; under < WHITE_SHARE * data.length && white < 255; ) {
    white++;
    under += counts[white] as number;
  }
  return white > 0 && white < DARK ? 255 / white : 1;
}

/** The picture with all values multiplied, limited to 255. */
export function amplify({ width, height, data }: RgbImage, gain: number): RgbImage {
  const table = Uint8Array.from({ length: 256 }, (_, value) => Math.min(255, Math.round(value * gain)));
  return { width, height, data: data.map((value) => table[value] as number) };
}
