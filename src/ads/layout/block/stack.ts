import type { LogoPlace } from "../../templates/types.ts";
import type { Rect } from "../rect.ts";
import {
  BODY_LEADING,
  breakPenalty,
  buttonOf,
  ctaIn,
  fitLegal,
  fitText,
  headlineLeading,
  logoHeight,
  MEASURE,
  mirrored,
  otherSize,
  panelPenalty,
  SMALL,
  smallHeadline,
  textHeight,
} from "./parts.ts";
import type { Block, BlockBox, CopyText, Parts, TextFit, TypeScale } from "./types.ts";

/** Headline, body, then the button: one column. */

/** Of the headline; the last ones are for words that are too wide for the column at all others. */
const SCALES = [
  2.5, 2.25, 2, 1.8, 1.62, 1.45, 1.3, 1.15, 1.07, 1, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62, 0.56, 0.5, 0.45, 0.4,
  0.36,
];
const MAX_HEADLINE_LINES = 6;
const MAX_BODY_LINES = 7;

/** Fits the copy into a box; null if even the smallest scale is too large. */
export function fitStack(copy: CopyText, type: TypeScale, box: BlockBox, logo: LogoPlace): Block | null {
  let best: Block | null = null;
  for (const scale of SCALES) {
    const block = stackAt(scale, copy, type, { ...box, logo });
    if (!block || block.height > box.height) continue;
    if (best === null || block.penalty < best.penalty) best = block;
  }
  return best;
}

/** Small letters have a penalty, and so has copy in many short lines, which reads like a list. */
function penaltyOf(scale: number, { headline, body, large }: Lines): number {
  const size = scale <= 1 ? 4 * (1 - scale) : 0.7 * (1 - Math.min(scale, large));
  const longHeadline = Math.max(0, headline.lines.length - (large > LARGE ? 4 : 3));
  const longBody = Math.max(0, body.lines.length - 4);
  return size + 1.2 * longHeadline + 0.3 * longBody;
}

interface Lines {
  readonly headline: TextFit;
  readonly body: TextFit;
  /** Larger headlines do not score better. */
  readonly large: number;
}

/** Larger headlines do not score better by themselves, but they may fill a panel; those in a part of their own do. */
const LARGE = 1.5;
const LARGE_APART = 2.5;

/**
 * A text that uses less of its panel is spread to the share `to`, by at most the share `most` of its own height: its parts
 * belong together. In towers the words are as wide as the column, so letters cannot grow, and the button may be apart.
 */
const SPREAD_TEXT = { to: 0.58, most: 0.24 };
const SPREAD_TOWER = { to: 0.66, most: 0.4 };
/** A box is a tower's if it is higher than this by its width. */
const TOWER = 2.5;
/** Share of this space above the body; the rest is above the button. */
const SPREAD_ABOVE = 0.3;
/** Penalty of this space by its share of the panel: larger letters use it better. */
const SPREAD = 8;

/** Space between the parts of a text that uses too little of its panel, px. */
function spreadOf({ panel, width, height }: StackBox, used: number, tight: number): number {
  if (panel === null) return 0;
  const { to, most } = height > TOWER * width ? SPREAD_TOWER : SPREAD_TEXT;
  return Math.max(0, Math.min(to * panel - used, most * used, height - tight));
}

interface StackBox extends BlockBox {
  readonly logo: LogoPlace;
}

/** Share of the upper part that logo and headline should use, and the penalty of less. */
const UPPER_USED = 0.8;
const UPPER_EMPTY = 4;

/** Space between the parts of a text; null if the headline does not fit the upper part. */
function spaceIn(
  box: StackBox,
  {
    tight,
    used,
    headlineFoot,
  }: { readonly tight: number; readonly used: number; readonly headlineFoot: number },
): { readonly spread: number; readonly penalty: number } | null {
  if (box.upper === null) {
    const spread = spreadOf(box, used, tight);
    return { spread, penalty: SPREAD * (spread / (box.panel ?? 1)) };
  }
  if (headlineFoot > box.upper) return null;
  const spread = Math.max(0, box.height - tight);
  return { spread, penalty: UPPER_EMPTY * Math.max(0, UPPER_USED - headlineFoot / box.upper) };
}

/** Sizes of body and button by the headline's; they stay small in a narrow column under a headline of full width. */
function smallScale(scale: number, { upper }: StackBox): number {
  if (scale <= 1) return Math.max(scale, 0.72);
  return Math.min(upper === null ? 1.6 : 1.12, 1 + 0.42 * (scale - 1));
}

function stackAt(scale: number, copy: CopyText, type: TypeScale, box: StackBox): Block | null {
  const { width } = box;
  const small = smallScale(scale, box);
  const leading = headlineLeading(copy.headline);
  const headline = fitText(
    copy.headline,
    Math.max(type.headline * scale, type.floors.headline),
    width,
    leading,
  );
  const bodySize = Math.max(type.body * small, type.floors.body);
  const measure = Math.min(width, box.measure);
  const body = fitText(copy.body, bodySize, Math.min(measure, MEASURE * bodySize), BODY_LEADING);
  const legal = fitLegal(copy, type, measure);
  if (!headline || !body || !legal) return null;
  if (headline.lines.length > MAX_HEADLINE_LINES || body.lines.length > MAX_BODY_LINES) return null;
  const beside = box.logo === "beside-button";
  // In a narrow column, large type keeps a small button.
  const foot =
    footAt(small, { copy, type, box, measure }) ??
    (small > 1 ? footAt(1, { copy, type, box, measure }) : null);
  if (!foot) return null;
  const { button, logo } = foot;

  const gap = type.gap * Math.min(1.25, Math.max(scale, 0.7));
  const bar = box.accent ? { height: Math.max(3, gap * 0.16), below: gap * 0.9 } : { height: 0, below: 0 };
  const legalHeight = textHeight(legal);
  const above = beside ? 0 : logo.height + gap * (box.logo === "above" ? 1.5 : 2.4);
  const aboveBody = box.upper === null ? SPREAD_ABOVE : 1;
  const tight = footOf(placed(above, 0));
  const rule = bar.height + bar.below;
  const headlineFoot = above + rule + textHeight(headline) + copy.headline.depth * headline.size;
  const space = spaceIn(box, { tight, used: tight - above - rule, headlineFoot });
  if (!space) return null;
  const { spread } = space;
  const parts = placed(above, spread);
  const natural = footOf(parts);
  const height = box.logo === "apart" ? Math.max(natural, box.height) : natural;
  const settled = height > natural ? placed(above + height - natural, spread) : parts;
  const tooSmall = smallHeadline(copy.headline, headline, type.short);
  return {
    headline,
    body,
    cta: button.text,
    legal,
    isSmall: tooSmall > 0 || headline.size < SMALL * type.headline,
    parts: copy.rtl ? mirrored(settled, width) : settled,
    width,
    height,
    rtl: copy.rtl,
    penalty:
      penaltyOf(scale, { headline, body, large: box.upper === null ? LARGE : LARGE_APART }) +
      tooSmall +
      otherSize(headline, box.headline) +
      breakPenalty(headline, body) +
      panelPenalty(natural - above - rule, box.panel) +
      space.penalty,
  };

  function footOf({ button: rect, legal: print }: Parts): number {
    const depth = legalHeight > 0 ? copy.legal.depth * type.legal : 0;
    return Math.max(rect.y + rect.height, print.y + print.height + depth);
  }

  function placed(top: number, extra: number): Parts {
    const accent: Rect | null = box.accent ? { x: 0, y: top, width: gap * 2.2, height: bar.height } : null;
    const head = { x: 0, y: top + bar.height + bar.below, width, height: textHeight(headline as TextFit) };
    const descender = copy.headline.depth * (headline as TextFit).size;
    const hasBody = (body as TextFit).lines.length > 0;
    const text = {
      x: 0,
      y:
        head.y +
        head.height +
        (hasBody ? Math.max(gap * 0.9, bodySize * 0.75) + descender + aboveBody * extra : 0),
      width: measure,
      height: textHeight(body as TextFit),
    };
    const under = text.y + text.height + (hasBody ? copy.body.depth * (body as TextFit).size : descender);
    const rest = hasBody ? 1 - aboveBody : 1;
    const rect = { x: 0, y: under + gap * 1.35 + rest * extra, width: button.width, height: button.height };
    const mark = beside
      ? { x: measure - logo.width, y: rect.y + (rect.height - logo.height) / 2, ...logo }
      : { x: 0, y: 0, ...logo };
    const print = {
      x: 0,
      y: rect.y + rect.height + (legalHeight > 0 ? gap * 0.8 : 0),
      width: measure,
      height: legalHeight,
    };
    return {
      headline: head,
      body: text,
      button: rect,
      cta: ctaIn(rect, button.text.size),
      logo: mark,
      legal: print,
      accent,
    };
  }
}

interface FootInput {
  readonly copy: CopyText;
  readonly type: TypeScale;
  readonly box: StackBox;
  readonly measure: number;
}

/** Button and logo; null if the column is too narrow for them. */
function footAt(small: number, { copy, type, box, measure }: FootInput) {
  const button = buttonOf(copy.cta, Math.max(type.cta * small, type.floors.cta));
  const beside = box.logo === "beside-button";
  // A campaign's logos have one size, whatever the letters'.
  const markHeight = logoHeight(type.logoHeight * Math.max(1, small), box.logoAspect);
  const logo = logoSize(beside ? Math.min(markHeight, button.height) : markHeight, box);
  const width = button.width + (beside ? type.gap * 1.2 + logo.width : 0);
  return width > measure || logo.width > box.width ? null : { button, logo };
}

/** A wordmark that would be wider than most of the column is set lower. */
function logoSize(height: number, box: StackBox): { width: number; height: number } {
  const widest = box.width * (box.logo === "beside-button" ? 0.42 : 0.8);
  const fitted = Math.max(Math.min(height, widest / box.logoAspect), height * 0.6);
  return { width: fitted * box.logoAspect, height: fitted };
}
