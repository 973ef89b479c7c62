import { blend, contrast, parseColor, type Rgb, readableOn, toHex } from "../../ads/index.ts";
import { GROUNDS } from "../../reports/index.ts";
import type { RunManifest } from "../manifest.ts";

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];

/** The brand's colours for the page, readable in the light and the dark theme. */
export function pageColors({ colors }: RunManifest["brand"]): string {
  const primary = parseColor(colors.primary);
  const head = toHex(primary);
  const onHead = toHex(readableOn(primary, [WHITE, parseColor(colors.ink)]));
  const light = toHex(reaching(primary, BLACK, parseColor(GROUNDS.light)));
  const dark = toHex(reaching(primary, WHITE, parseColor(GROUNDS.dark)));
  return `:root{--head:${head};--on-head:${onHead};--accent:${light}}@media(prefers-color-scheme:dark){:root{--accent:${dark}}}`;
}

/** Contrast that leaves 4.5 : 1 on the tinted backgrounds of cards and tags. */
const CONTRAST = 6.2;

/** The colour itself, or mixed with the least share of the other one that is readable on the background. */
function reaching(color: Rgb, towards: Rgb, ground: Rgb): Rgb {
  for (let amount = 0; amount < 1; amount += 0.05) {
    const mixed = blend(towards, color, amount);
    if (contrast(mixed, ground) >= CONTRAST) return mixed;
  }
  return towards;
}
