import { blend, contrast, luminance, MIN_CONTRAST, parseColor, type Rgb, readableOn } from "../color.ts";
import type { Brand } from "../types.ts";

/** The brand's colours in their roles: chosen once so that every pair that meets is readable. */
export interface Theme {
  readonly panel: Rgb;
  readonly onPanel: Rgb;
  readonly bodyOnPanel: Rgb;
  readonly button: Rgb;
  readonly onButton: Rgb;
  /** Button over a photo, where a paper-coloured one would outshine the headline. */
  readonly photoButton: Rgb;
  readonly onPhotoButton: Rgb;
  readonly scrim: Rgb;
  readonly onScrim: Rgb;
}

const WHITE: Rgb = [255, 255, 255];

/** @throws ERR_OPTION_INVALID a colour is not written as #rrggbb */
export function themeOf(brand: Brand): Theme {
  const primary = parseColor(brand.colors.primary);
  const ink = parseColor(brand.colors.ink);
  const paper = parseColor(brand.colors.paper);
  const onPanel = readableOn(primary, [paper, WHITE, ink]);
  const softer = blend(onPanel, primary, 0.88);
  const button = contrast(paper, primary) >= 3 ? paper : ink;
  // A scrim must be dark enough that white text on it needs little of it.
  const scrim = luminance(ink) < 0.03 ? ink : blend(ink, [0, 0, 0], 0.35);
  return {
    panel: primary,
    onPanel,
    bodyOnPanel: contrast(softer, primary) >= MIN_CONTRAST + 0.3 ? softer : onPanel,
    button,
    onButton: readableOn(button, [primary, ink]),
    photoButton: primary,
    onPhotoButton: readableOn(primary, [paper, WHITE, ink]),
    scrim,
    onScrim: readableOn(scrim, [paper, WHITE]),
  };
}
