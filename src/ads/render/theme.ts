import {
  blend,
  clearOf,
  contrast,
  luminance,
  parseColor,
  type Rgb,
  readableOn,
  SAFE_CONTRAST,
} from "../color.ts";
import type { Surface } from "../templates/types.ts";
import type { Brand } from "../types.ts";
import type { ColorRange } from "./scrim.ts";

/** The brand's colours by their use: chosen once so that every text is readable on its ground. */
export interface Theme {
  /** Colours on each ground. */
  readonly surfaces: Readonly<Record<Surface, SurfaceColors>>;
  /** Text on the photo, over a scrim of `fill`. */
  readonly scrim: SurfaceColors;
  /** Text on a photo's own plain backdrop, from its darkest to its brightest colour; null: nothing of it shows. */
  onBackdrop(range: ColorRange | null): SurfaceColors;
  /** Radius of a button in its height. */
  readonly buttonCorner: number;
}

export interface SurfaceColors {
  readonly fill: Rgb;
  readonly headline: Rgb;
  readonly body: Rgb;
  readonly button: Rgb;
  readonly onButton: Rgb;
  readonly accent: Rgb;
}

const WHITE: Rgb = [255, 255, 255];
const BLACK: Rgb = [0, 0, 0];
const BUTTON_CORNERS = { square: 0, soft: 0.22, round: 0.5 } as const;
/** Minimum contrast of a button with its ground. */
const VISIBLE = 1.3;

interface Palette {
  readonly primary: Rgb;
  readonly ink: Rgb;
  readonly paper: Rgb;
}

/** @throws ERR_OPTION_INVALID a colour is not written as #rrggbb */
export function themeOf(brand: Brand): Theme {
  const palette: Palette = {
    primary: parseColor(brand.colors.primary),
    ink: parseColor(brand.colors.ink),
    paper: parseColor(brand.colors.paper),
  };
  const { primary, ink, paper } = palette;
  const tone = brand.tone ?? "bold";
  const page = tone === "dark" ? ink : paper;
  // A dark tint of a warm colour is brown.
  const tint = onPage(tone === "dark" ? blend(paper, page, 0.12) : blend(primary, page, 0.16), palette);
  // Paper beside a light backdrop or a white shirt has no edge.
  const grounds = { bold: onPrimary(palette), light: tint, dark: onPage(ink, palette) };
  return {
    surfaces: {
      brand: grounds[tone],
      paper: onPage(page, palette),
      tint,
    },
    scrim: onScrim(palette),
    onBackdrop: (range) => onBackdrop(range, palette),
    buttonCorner: BUTTON_CORNERS[brand.corner ?? "round"],
  };
}

function onPrimary({ primary, ink, paper }: Palette): SurfaceColors {
  const headline = readableOn(primary, [paper, WHITE, ink]);
  const fill = clearOf(primary, headline);
  const button = contrast(paper, primary) >= 3 ? paper : ink;
  return {
    fill,
    headline,
    body: softened(headline, fill, 0.88),
    ...buttonOf(button, [primary, ink]),
    accent: headline,
  };
}

/** Paper or ink: the brand's colour is for the button and the accent. */
function onPage(page: Rgb, { primary, ink, paper }: Palette): SurfaceColors {
  const headline = readableOn(page, [ink, paper]);
  const fill = clearOf(page, headline);
  const stands = contrast(primary, fill) >= VISIBLE;
  return {
    fill,
    headline,
    body: softened(headline, fill, 0.8),
    ...buttonOf(stands ? primary : headline, [paper, WHITE, ink]),
    accent: stands ? primary : headline,
  };
}

function onBackdrop(range: ColorRange | null, palette: Palette): SurfaceColors {
  const { primary, ink, paper } = palette;
  if (range === null) return onPrimary(palette);
  const headline = backdropInk(range, [ink, paper]) ?? ink;
  const fill = blend(range.darkest, range.brightest, 0.5);
  const stands = contrast(primary, fill) >= VISIBLE;
  return {
    fill,
    headline,
    body: headline,
    ...buttonOf(stands ? primary : headline, [paper, WHITE, ink]),
    accent: stands ? primary : headline,
  };
}

/** The first of these colours, black or white with enough contrast to all of a backdrop; null: none. */
export function backdropInk({ darkest, brightest }: ColorRange, inks: readonly Rgb[]): Rgb | null {
  const reads = (ink: Rgb) => Math.min(contrast(ink, darkest), contrast(ink, brightest)) >= SAFE_CONTRAST;
  return [...inks, BLACK, WHITE].find(reads) ?? null;
}

function onScrim({ primary, ink, paper }: Palette): SurfaceColors {
  // A scrim must be dark enough that white text on it needs little of it.
  const dark = luminance(ink) < 0.03 ? ink : blend(ink, BLACK, 0.35);
  const headline = readableOn(dark, [paper, WHITE]);
  const fill = clearOf(dark, headline);
  // A paper-coloured button would be more noticeable than the headline.
  return { fill, headline, body: headline, ...buttonOf(primary, [paper, WHITE, ink]), accent: primary };
}

function buttonOf(fill: Rgb, texts: readonly Rgb[]): { readonly button: Rgb; readonly onButton: Rgb } {
  const onButton = readableOn(fill, texts);
  return { button: clearOf(fill, onButton), onButton };
}

function softened(text: Rgb, ground: Rgb, opacity: number): Rgb {
  const softer = blend(text, ground, opacity);
  return contrast(softer, ground) >= SAFE_CONTRAST ? softer : text;
}
