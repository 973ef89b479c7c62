import type { AdPhoto, Channel, CreativeLayout } from "../../src/ads/index.ts";
import type { RgbImage } from "../../src/io/image/index.ts";

export interface Finished {
  readonly photo: AdPhoto;
  readonly channel: Channel;
  readonly layout: CreativeLayout;
  /** The file, decoded. */
  readonly image: RgbImage;
  readonly bytes: number;
  /** The photo, decoded at its own size. */
  readonly source: RgbImage;
}

export type Rule = "head" | "face" | "contrast" | "overflow" | "weight" | "picture";

export interface Finding {
  readonly rule: Rule;
  readonly message: string;
}
