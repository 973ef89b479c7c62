import { blend, contrast, luminance, MIN_CONTRAST, parseColor, type Rgb, readableOn } from "../color.ts";
import type { Surface } from "../templates/types.ts";
import type { Brand } from "../types.ts";

/** The brand's colours in their roles: chosen once so that every pair that meets is readable. */
export interface Theme {
  /** What stands on each ground. */
  readonly surfaces: Readonly<Record<Surface, SurfaceColors>>;
  /** Text on the photo, over a scrim of `fill`. */
  readonly scrim: SurfaceColors;
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
/** A button that stands out less than this from its ground is lost on it. */
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
  const grounds = { bold: onPrimary(palette), light: onPage(paper, palette), dark: onPage(ink, palette) };
  return {
    surfaces: {
      brand: grounds[tone],
      paper: onPage(page, palette),
      tint: onPage(blend(primary, page, tone === "dark" ? 0.3 : 0.16), palette),
    },
    scrim: onScrim(palette),
    buttonCorner: BUTTON_CORNERS[brand.corner ?? "round"],
  };
}

function onPrimary({ primary, ink, paper }: Palette): SurfaceColors {
  const headline = readableOn(primary, [paper, WHITE, ink]);
  const button = contrast(paper, primary) >= 3 ? paper : ink;
  return {
    fill: primary,
    headline,
    body: softened(headline, primary, 0.88),
    button,
    onButton: readableOn(button, [primary, ink]),
    accent: headline,
  };
}

/** Paper or ink: the brand's colour is for the button and the accent. */
function onPage(fill: Rgb, { primary, ink, paper }: Palette): SurfaceColors {
  const headline = readableOn(fill, [ink, paper]);
  const button = contrast(primary, fill) >= VISIBLE ? primary : headline;
  return {
    fill,
    headline,
    body: softened(headline, fill, 0.8),
    button,
    onButton: readableOn(button, [paper, WHITE, ink]),
    accent: contrast(primary, fill) >= VISIBLE ? primary : headline,
  };
}

function onScrim({ primary, ink, paper }: Palette): SurfaceColors {
  // A scrim must be dark enough that white text on it needs little of it.
  const fill = luminance(ink) < 0.03 ? ink : blend(ink, BLACK, 0.35);
  const headline = readableOn(fill, [paper, WHITE]);
  // A paper-coloured button would outshine the headline.
  const button = primary;
  const onButton = readableOn(primary, [paper, WHITE, ink]);
  return { fill, headline, body: headline, button, onButton, accent: primary };
}

function softened(text: Rgb, ground: Rgb, opacity: number): Rgb {
  const softer = blend(text, ground, opacity);
  return contrast(softer, ground) >= MIN_CONTRAST + 0.5 ? softer : text;
}
