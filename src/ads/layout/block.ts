import { blockHeight, linesAt, type Measured } from "../type/paragraph.ts";

/** The text of an ad as one column: headline, body, then the button with or without the logo beside it. */

/** Measured copy. */
export interface CopyText {
  readonly headline: Measured;
  readonly body: Measured;
  readonly cta: Measured;
}

/** Letter sizes and distances at full scale, px. */
export interface TypeScale {
  readonly headline: number;
  readonly body: number;
  readonly cta: number;
  readonly logoHeight: number;
  /** Between headline and body; twice that stands above the button. */
  readonly gap: number;
  /** Letters never get smaller than this, px. */
  readonly floors: { readonly headline: number; readonly body: number };
}

export const HEADLINE_LEADING = 1.06;
export const BODY_LEADING = 1.36;

/** Copy broken into lines at the scale that suits it best. */
export interface Fit {
  /** 1: full size. */
  readonly scale: number;
  readonly headline: { readonly lines: readonly string[]; readonly size: number; readonly height: number };
  readonly body: { readonly lines: readonly string[]; readonly size: number; readonly height: number };
  readonly button: {
    readonly text: string;
    readonly size: number;
    readonly width: number;
    readonly height: number;
  };
  readonly logo: { readonly width: number; readonly height: number };
  /** Below the headline, below the body, and below a logo that stands on top, px. */
  readonly gaps: { readonly body: number; readonly button: number; readonly logo: number };
  /** Height of the whole column, px. */
  readonly height: number;
}

export type LogoPlace = "beside-button" | "top";

const SCALES = [1, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62];
const MAX_HEADLINE_LINES = 5;
const MAX_BODY_LINES = 6;

/** Fits the copy into a box; null where even the smallest scale is too large. `logo.aspect` is width / height. */
export function fitBlock(
  copy: CopyText,
  type: TypeScale,
  box: { readonly width: number; readonly height: number },
  logo: { readonly aspect: number; readonly place: LogoPlace },
): Fit | null {
  let best: Fit | null = null;
  for (const scale of SCALES) {
    const fit = fitAt(scale, copy, type, box.width, logo);
    if (!fit || fit.height > box.height) continue;
    if (best === null || fitPenalty(fit) < fitPenalty(best)) best = fit;
  }
  return best;
}

/** Small letters cost, and so does copy in many short lines, which reads like a list. */
export function fitPenalty({ scale, headline, body }: Fit): number {
  const longHeadline = Math.max(0, headline.lines.length - 3);
  const longBody = Math.max(0, body.lines.length - 4);
  return 4 * (1 - scale) + 0.8 * longHeadline + 0.3 * longBody;
}

function fitAt(
  scale: number,
  copy: CopyText,
  type: TypeScale,
  width: number,
  logo: { readonly aspect: number; readonly place: LogoPlace },
): Fit | null {
  const headlineSize = Math.max(type.headline * scale, type.floors.headline);
  const smallScale = Math.max(scale, 0.8);
  const bodySize = Math.max(type.body * smallScale, type.floors.body);
  const ctaSize = Math.max(type.cta * smallScale, type.floors.body);
  const headline = linesAt(copy.headline, headlineSize, width);
  const body = linesAt(copy.body, bodySize, width);
  const cta = linesAt(copy.cta, ctaSize, Number.POSITIVE_INFINITY) ?? [];
  if (!headline || !body || headline.length > MAX_HEADLINE_LINES || body.length > MAX_BODY_LINES) return null;

  const button = {
    text: cta.join(" "),
    size: ctaSize,
    width: lineWidth(copy.cta) * ctaSize + 2.3 * ctaSize,
    height: Math.round(ctaSize * 2.5),
  };
  const logoHeight = type.logoHeight * smallScale;
  const logoSize = { width: logoHeight * logo.aspect, height: logoHeight };
  const beside = logo.place === "beside-button";
  const rowWidth = beside ? button.width + type.gap * 1.5 + logoSize.width : button.width;
  if (rowWidth > width || logoSize.width > width) return null;

  const gap = type.gap * Math.max(scale, 0.7);
  const gaps = {
    // The headline's descenders reach into it.
    body: body.length > 0 ? gap * 0.75 + 0.22 * headlineSize : 0,
    button: gap * 1.35,
    logo: beside ? 0 : gap * 1.6,
  };
  const headlineHeight = blockHeight(headline.length, headlineSize, HEADLINE_LEADING);
  const bodyHeight = blockHeight(body.length, bodySize, BODY_LEADING);
  // Descenders of the last body line reach into the gap above the button.
  const descender = 0.22 * (body.length > 0 ? bodySize : headlineSize);
  const height =
    (beside ? 0 : logoSize.height + gaps.logo) +
    headlineHeight +
    gaps.body +
    bodyHeight +
    descender +
    gaps.button +
    button.height;
  return {
    scale,
    headline: { lines: headline, size: headlineSize, height: headlineHeight },
    body: { lines: body, size: bodySize, height: bodyHeight },
    button,
    logo: logoSize,
    gaps: { ...gaps, button: gaps.button + descender },
    height,
  };
}

/** Width of a text set in one line, em. */
function lineWidth(text: Measured): number {
  return text.words.reduce(
    (sum, word, index) => sum + word.width + (index > 0 && word.spaced ? text.spaceWidth : 0),
    0,
  );
}
