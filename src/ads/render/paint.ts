import { type DecodedPhoto, type RgbImage, rasterizeSvg } from "../../io/image/index.ts";
import { toHex } from "../color.ts";
import type { Parts, TextFit } from "../layout/block/types.ts";
import { fadedPart } from "../layout/obstacles.ts";
import { BODY_STYLE, BUTTON_STYLE, headlineStyle, LEGAL_STYLE } from "../layout/plan.ts";
import { bottom, clip, grow, hull, type Rect, right, slantRise } from "../layout/rect.ts";
import type { Scene } from "../layout/scene.ts";
import type { Plan } from "../layout/search.ts";
import type { Canvas, Template } from "../templates/types.ts";
import { type Paragraph, paragraphSvg, setLines } from "../type/paragraph.ts";
import type { TextStyle, Typesetter } from "../type/typesetter.ts";
import type { CreativeLayout } from "../types.ts";
import { type Backdrop, cutBackdrop } from "./backdrop.ts";
import { layOnto, layOver } from "./compose.ts";
import { footSvg } from "./foot.ts";
import type { Logo } from "./logo.ts";
import { brightestIn, easedStops, fadeLength, fadeStops, rangeIn, scrimOpacity } from "./scrim.ts";
import { cornerMaskSvg, groundSvg, rectSvg } from "./shapes.ts";
import type { SurfaceColors, Theme } from "./theme.ts";

/** Draws a plan: photo, then ground or scrim, then text, button and logo. */

export interface PaintInput {
  readonly canvas: Canvas;
  readonly template: Template;
  readonly plan: Plan;
  readonly photo: DecodedPhoto;
  readonly scene: Scene;
  readonly theme: Theme;
  readonly logo: Logo;
  readonly setter: Typesetter;
}

export interface Painting {
  readonly image: RgbImage;
  readonly layout: CreativeLayout;
  /** The logo had too little contrast with its background. */
  readonly isLogoOnPlate: boolean;
}

export async function paintAd(input: PaintInput): Promise<Painting> {
  const { plan, theme, canvas } = input;
  const { width, height, radius } = canvas;
  const { rtl } = plan.block;
  const backdrop = await cutBackdrop(input.photo, plan);
  const colors = colorsOf(input, backdrop);
  const parts = placedParts(plan);
  const texts = await setTexts(input);
  const logo = await input.logo.draw(parts.logo, colors);
  const overlay = [
    baseSvg(input, backdrop),
    groundOrScrim(input, backdrop),
    footSvg(plan, canvas, baseColors(plan, theme)),
    parts.accent ? rectSvg(parts.accent, colors.accent, accentRadius(parts.accent, radius)) : "",
    textSvg(texts.headline, parts.headline, toHex(colors.headline), rtl),
    textSvg(texts.body, parts.body, toHex(colors.body), rtl),
    rectSvg(parts.button, colors.button, parts.button.height * theme.buttonCorner),
    textSvg(texts.legal, parts.legal, toHex(colors.body), rtl),
    textSvg(texts.cta, parts.cta, toHex(colors.onButton), rtl),
    logo.svg,
  ].join("");
  const vector = await rasterizeSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${overlay}</svg>`,
  );
  const image = layOver({ width, height, background: baseColors(plan, theme).fill }, [
    backdrop.layer,
    { image: vector, x: 0, y: 0 },
  ]);
  const mark = await logo.over(image);
  layOnto(image, mark.layers);
  const layout: CreativeLayout = {
    headline: inked(parts.headline, texts.headline, rtl),
    body: inked(parts.body, texts.body, rtl),
    button: parts.button,
    cta: inked(parts.cta, texts.cta, rtl),
    logo: parts.logo,
    legal: inked(parts.legal, texts.legal, rtl),
    letters: {
      headline: plan.block.headline.size,
      body: plan.block.body.size,
      lineHeight: plan.block.headline.size * plan.block.headline.leading,
    },
    picture: {
      region: plan.crop.region,
      target: plan.crop.target,
      radius: cornerOf(input, backdrop),
    },
    panel: plan.ground,
    panelRise: isSlanted(plan) && plan.ground ? slantRise(plan.ground) : 0,
    faded: plan.arrangement.veil === "fade" ? fadedPart(plan, canvas) : null,
    colors: {
      headline: toHex(colors.headline),
      body: toHex(colors.body),
      cta: toHex(colors.onButton),
    },
  };
  return { image, layout, isLogoOnPlate: mark.isOnPlate };
}

function isSlanted({ arrangement: { ground, side } }: Plan): boolean {
  return ground?.shape === "slant" && side === "bottom";
}

/** Radius of the photo's corners: the slot's, or those of a frame of its own. */
function cornerOf({ plan, canvas }: PaintInput, { isFilled }: Backdrop): number {
  const { slotRadius = 0 } = plan.arrangement;
  return isFilled ? slotRadius : Math.max(slotRadius, canvas.radius * 0.35);
}

function accentRadius({ width, height }: Rect, radius: number): number {
  return radius > 0 ? Math.min(width, height) / 2 : 0;
}

function colorsOf({ plan, theme }: PaintInput, { picture }: Backdrop): SurfaceColors {
  const { ground, veil } = plan.arrangement;
  if (ground) return theme.surfaces[ground.surface];
  if (veil === "page") return theme.surfaces[plan.arrangement.base ?? "brand"];
  return veil === "quiet" ? theme.onBackdrop(rangeUnder(plan, picture)) : theme.scrim;
}

/** The colours under a text without a ground. */
function rangeUnder(plan: Plan, picture: RgbImage) {
  const { x, y } = plan.crop.target;
  const { headline, body } = placedParts(plan);
  const under = hull([headline, body].filter(({ width, height }) => width > 0 && height > 0));
  return rangeIn(picture, { ...under, x: under.x - Math.round(x), y: under.y - Math.round(y) });
}

/** The colours beside photo and ground. */
function baseColors({ arrangement }: Plan, theme: Theme): SurfaceColors {
  if (arrangement.veil === "fade") return theme.scrim;
  return theme.surfaces[arrangement.base ?? arrangement.ground?.surface ?? "brand"];
}

/** The block's parts with their positions in the creative. */
function placedParts({ block, column }: Plan): Parts {
  const move = (rect: Rect): Rect => ({ ...rect, x: rect.x + column.x, y: rect.y + column.y });
  const { headline, body, button, cta, logo, legal, accent } = block.parts;
  return {
    headline: move(headline),
    body: move(body),
    button: move(button),
    cta: move(cta),
    logo: move(logo),
    legal: move(legal),
    accent: accent && move(accent),
  };
}

async function setTexts({ setter, plan, template }: PaintInput) {
  const set = (text: TextFit, style: TextStyle) =>
    setLines(
      setter,
      text.lines,
      { ...style, rtl: plan.block.rtl },
      { size: text.size, lineHeight: text.leading },
    );
  const { headline, body, cta, legal } = plan.block;
  const [first, second, third, fourth] = await Promise.all([
    set(headline, headlineStyle(template)),
    set(body, BODY_STYLE),
    set(cta, BUTTON_STYLE),
    set(legal, LEGAL_STYLE),
  ]);
  return { headline: first, body: second, cta: third, legal: fourth };
}

/** Text is at the start of its rectangle, which is the right side for right-to-left scripts. */
function textSvg(paragraph: Paragraph, rect: Rect, color: string, rtl: boolean): string {
  const { x, y } = inked(rect, paragraph, rtl);
  return paragraphSvg(paragraph, x, y, { color, align: rtl ? "right" : "left" });
}

function inked(rect: Rect, { width, height }: Paragraph, rtl: boolean): Rect {
  return { x: rtl ? right(rect) - width : rect.x, y: rect.y, width, height };
}

/** Rounds the photo's corners by painting the area around them. */
function baseSvg(input: PaintInput, backdrop: Backdrop): string {
  const { plan, theme } = input;
  const { image, x, y } = backdrop.layer;
  const frame = { x, y, width: image.width, height: image.height };
  return cornerMaskSvg(frame, cornerOf(input, backdrop), baseColors(plan, theme).fill);
}

function groundOrScrim(input: PaintInput, backdrop: Backdrop): string {
  const { plan, theme, canvas } = input;
  const { ground, side } = plan.arrangement;
  if (!ground || !plan.ground) return scrimSvg(input, backdrop);
  const fill = theme.surfaces[ground.surface].fill;
  return groundSvg(plan.ground, ground, { side, radius: canvas.radius, fill });
}

function scrimSvg({ plan, canvas, theme }: PaintInput, { picture, layer }: Backdrop): string {
  const { width, height } = canvas;
  const { column, arrangement } = plan;
  const { slot, side, veil } = arrangement;
  if (veil === "quiet" || veil === "page") return "";
  const grown = clip(grow(column, 2), { x: 0, y: 0, width, height }) ?? column;
  const under = { ...grown, x: grown.x - layer.x, y: grown.y - layer.y };
  const opacity = scrimOpacity(brightestIn(picture, under), theme.scrim.fill, theme.scrim.headline);
  const [vector, edge, end] = {
    bottom: [`x1="0" x2="0" y1="1" y2="0"`, (height - column.y) / height, 1 - bottom(slot) / height],
    top: [`x1="0" x2="0" y1="0" y2="1"`, bottom(column) / height, slot.y / height],
    left: [`x1="0" x2="1"`, right(column) / width, slot.x / width],
    right: [`x1="1" x2="0"`, (width - column.x) / width, 1 - right(slot) / width],
  }[side] as [string, number, number];
  const from = Math.min(1, edge + (veil === "fade" ? -0.02 : 0.02));
  const color = toHex(theme.scrim.fill);
  const length = fadeLength(canvas, side);
  const stops =
    veil === "fade" ? fadeStops(color, opacity, { from, end, length }) : scrimStops(color, opacity, from);
  return `<linearGradient id="scrim" ${vector}>${stops}</linearGradient><rect width="${width}" height="${height}" fill="url(#scrim)"/>`;
}

function scrimStops(color: string, opacity: number, from: number): string {
  return easedStops(color, opacity, from, Math.max(from, Math.min(1, from + 0.22)));
}
