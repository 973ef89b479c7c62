import { bottom } from "../rect.ts";
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
  smallHeadline,
  textHeight,
} from "./parts.ts";
import type { Block, BlockBox, CopyText, Parts, TextFit, TypeScale } from "./types.ts";

/** Text beside the button, for banners. The logo is above the button. */

const STEPS = 20;
const STEP = 0.93;
/** The headline's share of the box's height at its largest. */
const LARGEST = 0.54;
/** The same without a body below it. */
const LARGEST_ALONE = 0.58;
/** A headline below this share of the box's height is replaced by a shorter one. */
const SMALL_IN_ROW = 0.3;
/** Letters get no smaller than these shares of their full sizes. */
const SMALLEST = 0.38;
const SMALLEST_BODY = 0.72;
const MAX_BODY_LINES = 3;

/** Fits the copy into a box; null if even the smallest letters are too large. */
export function fitRow(copy: CopyText, type: TypeScale, box: BlockBox): Block | null {
  let best: Block | null = null;
  const least = Math.max(type.floors.headline, type.headline * SMALLEST);
  const share = copy.body.words.length > 0 ? LARGEST : LARGEST_ALONE;
  const largest = Math.max(least, Math.min(box.height * share, type.headline * 2.4));
  for (let step = 0; step < STEPS; step++) {
    const block = rowAt(Math.max(largest * STEP ** step, least), copy, type, box);
    if (block && (best === null || block.penalty < best.penalty)) best = block;
  }
  return best;
}

function rowAt(size: number, copy: CopyText, type: TypeScale, box: BlockBox): Block | null {
  const gap = Math.min(type.gap, box.height * 0.2);
  const ctaSize = Math.max(
    type.floors.cta,
    type.cta * SMALLEST_BODY,
    Math.min(type.cta, size * 0.72, box.height * 0.19),
  );
  const button = buttonOf(copy.cta, ctaSize, 2.2);
  const logo = logoSize(box, type, { button: button.height, gap: gap * 0.7 });
  const column = Math.max(button.width, logo.width);
  const columnHeight = logo.height + gap * 0.7 + button.height;
  const width = box.width - column - gap * 1.8;
  if (columnHeight > box.height || width < size * 4) return null;

  const bar = box.accent ? { width: Math.max(3, gap * 0.16), gap: gap * 0.8 } : { width: 0, gap: 0 };
  const indent = bar.width + bar.gap;
  const headline = fitText(copy.headline, size, width - indent, headlineLeading(copy.headline));
  const bodySize = Math.max(type.floors.body, type.body * SMALLEST_BODY, Math.min(type.body, size * 0.62));
  const measure = Math.min(width - indent, MEASURE * bodySize);
  const body = fitText(copy.body, bodySize, measure, BODY_LEADING - 0.08);
  const legal = fitLegal(copy, type, width - indent);
  if (!headline || !body || !legal || body.lines.length > MAX_BODY_LINES) return null;
  const hasBody = body.lines.length > 0;
  const between = hasBody ? copy.headline.depth * size + Math.max(gap * 0.5, bodySize * 0.55) : 0;
  const apart =
    legal.lines.length > 0 ? Math.max(gap * 0.3, type.legal * 0.8) + copy.body.depth * bodySize : 0;
  const textTall = textHeight(headline) + between + textHeight(body) + apart + textHeight(legal);
  const ink = textTall + (hasBody ? copy.body.depth * bodySize : copy.headline.depth * size);
  if (ink > box.height) return null;

  const top = (box.height - textTall) / 2;
  const right = (box.height - columnHeight) / 2;
  const x = box.width - column;
  const rect = { x, y: right + logo.height + gap * 0.7, width: column, height: button.height };
  const parts: Parts = {
    headline: { x: indent, y: top, width: width - indent, height: textHeight(headline) },
    body: {
      x: indent,
      y: top + textHeight(headline) + between,
      width: width - indent,
      height: textHeight(body),
    },
    button: rect,
    cta: centred(ctaIn(rect, ctaSize), button.width - 2.3 * ctaSize),
    legal: {
      x: indent,
      y: top + textTall - textHeight(legal),
      width: width - indent,
      height: textHeight(legal),
    },
    logo: { x: x + (column - logo.width) / 2, y: right, ...logo },
    accent: box.accent ? { x: 0, y: top, width: bar.width, height: textTall } : null,
  };
  const tooSmall = smallHeadline(copy.headline, headline, type.short);
  return {
    headline,
    body,
    cta: button.text,
    legal,
    isSmall: tooSmall > 0 || headline.lines.length > 2 || headline.size < SMALL_IN_ROW * box.height,
    parts: copy.rtl ? mirrored(parts, box.width) : parts,
    width: box.width,
    height: box.height,
    rtl: copy.rtl,
    penalty:
      penaltyOf(headline, bodySize, type) +
      tooSmall +
      otherSize(headline, box.headline) +
      breakPenalty(headline, body) +
      panelPenalty(usedHeight(parts), box.panel),
  };
}

/** From the text's or the button's top to the lower end of both; the logo does not count. */
function usedHeight({ headline, body, button, legal }: Parts): number {
  const rects = [headline, body, button, legal].filter(({ height }) => height > 0);
  return Math.max(...rects.map(bottom)) - Math.min(...rects.map(({ y }) => y));
}

function centred(rect: { x: number; y: number; width: number; height: number }, width: number) {
  return { ...rect, x: rect.x + (rect.width - width) / 2, width };
}

function penaltyOf(headline: TextFit, bodySize: number, type: TypeScale): number {
  const share = Math.min(1.5, headline.size / type.headline);
  return (
    (share < 1 ? 3 : 0.7) * (1 - share) +
    0.5 * Math.max(0, headline.lines.length - 2) +
    0.6 * Math.max(0, 1 - bodySize / type.body)
  );
}

/** Lower than the button, a wordmark about half as high; never higher than the space above the button. */
function logoSize(
  box: BlockBox,
  type: TypeScale,
  below: { readonly button: number; readonly gap: number },
): { width: number; height: number } {
  const most = box.logoAspect < 2 ? 0.85 : 0.55;
  const wanted = logoHeight(type.logoHeight, box.logoAspect);
  const room = Math.max(0.2 * box.height, box.height - below.button - below.gap);
  const height = Math.min(wanted, below.button * most, room);
  return { width: height * box.logoAspect, height };
}
