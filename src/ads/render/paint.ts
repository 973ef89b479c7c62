import { composeImage, type DecodedPhoto, type RgbImage, rasterizeSvg } from "../../image.ts";
import { type Rgb, toHex } from "../color.ts";
import { BODY_LEADING, HEADLINE_LEADING } from "../layout/block.ts";
import { BODY_STYLE, BUTTON_STYLE, HEADLINE_STYLE } from "../layout/plan.ts";
import { bottom, grow, type Rect, right } from "../layout/rect.ts";
import type { Plan } from "../layout/search.ts";
import { type Paragraph, paragraphSvg, setLines } from "../type/paragraph.ts";
import type { TextStyle, Typesetter } from "../type/typesetter.ts";
import type { CreativeLayout } from "../types.ts";
import { type Backdrop, cutBackdrop } from "./backdrop.ts";
import type { Logo } from "./logo.ts";
import { brightestIn, easedStops, scrimOpacity } from "./scrim.ts";
import type { Theme } from "./theme.ts";

/** A plan becomes pixels: photo, then panel or scrim, then text, button and logo. */

export interface PaintInput {
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  readonly plan: Plan;
  readonly photo: DecodedPhoto;
  readonly theme: Theme;
  readonly logo: Logo;
  readonly setter: Typesetter;
}

export interface Painting {
  readonly image: RgbImage;
  readonly layout: CreativeLayout;
}

type Parts = Pick<CreativeLayout, "headline" | "body" | "button" | "cta" | "logo">;

interface Inks {
  readonly headline: Rgb;
  readonly body: Rgb;
  readonly button: Rgb;
  readonly cta: Rgb;
  readonly ground: Rgb;
}

export async function paintAd(input: PaintInput): Promise<Painting> {
  const { plan, theme, setter } = input;
  const backdrop = await cutBackdrop(input.photo, plan);
  const parts = placeParts(plan);
  const inks = inksOf(plan, theme);
  const [headline, body, cta] = await setCopy(setter, plan);
  const logo = await input.logo.draw(parts.logo, inks.ground, inks.headline, theme.button);
  const overlay = [
    backdrop.svg,
    plan.panel ? panelSvg(plan, input.radius, theme) : scrimSvg(input, backdrop, theme),
    paragraphSvg(headline, parts.headline.x, parts.headline.y, { color: toHex(inks.headline) }),
    paragraphSvg(body, parts.body.x, parts.body.y, { color: toHex(inks.body) }),
    rectSvg(parts.button, toHex(inks.button), parts.button.height / 2),
    paragraphSvg(cta, parts.cta.x, parts.cta.y, { color: toHex(inks.cta) }),
    logo.svg,
  ].join("");
  const vector = await rasterizeSvg(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${input.width}" height="${input.height}">${overlay}</svg>`,
  );
  const image = await composeImage(input.width, input.height, toHex(backdrop.padding ?? theme.panel), [
    backdrop.layer,
    { image: vector, x: 0, y: 0 },
    ...(logo.image ? [{ image: logo.image, x: Math.round(parts.logo.x), y: Math.round(parts.logo.y) }] : []),
  ]);
  const layout: CreativeLayout = {
    headline: sized(parts.headline, headline),
    body: sized(parts.body, body),
    button: parts.button,
    cta: sized(parts.cta, cta),
    logo: parts.logo,
    picture: { region: plan.crop.region, target: plan.crop.target },
    panel: plan.panel,
    colors: { headline: toHex(inks.headline), body: toHex(inks.body), cta: toHex(inks.cta) },
  };
  return { image, layout };
}

function sized({ x, y }: Rect, { width, height }: Paragraph): Rect {
  return { x, y, width, height };
}

/** The column from top to bottom; beside a panel with the logo on top, the copy stands at its foot. */
function placeParts({ column, fit, logoOnTop, panel }: Plan): Parts {
  const { gaps } = fit;
  const copyHeight = fit.headline.height + gaps.body + fit.body.height + gaps.button + fit.button.height;
  const top = logoOnTop ? bottom(column) - copyHeight : column.y;
  const headline = { x: column.x, y: top, width: column.width, height: fit.headline.height };
  const body = {
    x: column.x,
    y: bottom(headline) + gaps.body,
    width: column.width,
    height: fit.body.height,
  };
  const button = {
    x: column.x,
    y: bottom(body) + gaps.button,
    width: fit.button.width,
    height: fit.button.height,
  };
  const cap = 0.727 * fit.button.size;
  const cta = {
    x: button.x + 1.15 * fit.button.size,
    y: button.y + (button.height - cap) / 2,
    width: button.width - 2.3 * fit.button.size,
    height: cap,
  };
  const logo = logoOnTop
    ? { x: column.x, y: panel ? column.y : top - gaps.logo - fit.logo.height, ...fit.logo }
    : {
        x: right(column) - fit.logo.width,
        y: button.y + (button.height - fit.logo.height) / 2,
        ...fit.logo,
      };
  return { headline, body, button, cta, logo };
}

function inksOf({ panel }: Plan, theme: Theme): Inks {
  if (panel) {
    const { onPanel, bodyOnPanel, button, onButton } = theme;
    return { headline: onPanel, body: bodyOnPanel, button, cta: onButton, ground: theme.panel };
  }
  const { onScrim, photoButton, onPhotoButton, scrim } = theme;
  return { headline: onScrim, body: onScrim, button: photoButton, cta: onPhotoButton, ground: scrim };
}

async function setCopy(setter: Typesetter, { fit }: Plan): Promise<[Paragraph, Paragraph, Paragraph]> {
  const set = (lines: readonly string[], style: TextStyle, size: number, lineHeight: number) =>
    setLines(setter, lines, style, { size, lineHeight });
  return Promise.all([
    set(fit.headline.lines, HEADLINE_STYLE, fit.headline.size, HEADLINE_LEADING),
    set(fit.body.lines, BODY_STYLE, fit.body.size, BODY_LEADING),
    set([fit.button.text], BUTTON_STYLE, fit.button.size, 1),
  ]);
}

/** A panel with one rounded corner, the one that points into the photo. */
function panelSvg({ panel, side }: Plan, radius: number, theme: Theme): string {
  if (!panel) return "";
  const r = Math.min(radius, panel.width, panel.height);
  const { x, y } = panel;
  const x2 = right(panel);
  const y2 = bottom(panel);
  const path = {
    bottom: `M${x} ${y}H${x2 - r}A${r} ${r} 0 0 1 ${x2} ${y + r}V${y2}H${x}Z`,
    left: `M${x} ${y}H${x2}V${y2 - r}A${r} ${r} 0 0 1 ${x2 - r} ${y2}H${x}Z`,
    right: `M${x + r} ${y}H${x2}V${y2}H${x}V${y + r}A${r} ${r} 0 0 1 ${x + r} ${y}Z`,
  }[side];
  return `<path d="${path}" fill="${toHex(theme.panel)}"/>`;
}

function scrimSvg({ plan, width, height }: PaintInput, backdrop: Backdrop, theme: Theme): string {
  const worst = brightestIn(backdrop.picture, grow(plan.column, 2));
  const opacity = scrimOpacity(worst, theme.scrim, theme.onScrim);
  const color = toHex(theme.scrim);
  const { column } = plan;
  const [vector, edge] = {
    bottom: [`x1="0" x2="0" y1="1" y2="0"`, (height - column.y) / height],
    left: [`x1="0" x2="1"`, right(column) / width],
    right: [`x1="1" x2="0"`, (width - column.x) / width],
  }[plan.side] as [string, number];
  const from = Math.min(1, edge + 0.02);
  const stops = easedStops(color, opacity, from, Math.max(from, Math.min(1, edge + 0.3)));
  return `<linearGradient id="scrim" ${vector}>${stops}</linearGradient><rect width="${width}" height="${height}" fill="url(#scrim)"/>`;
}

function rectSvg(rect: Rect, fill: string, radius: number): string {
  return `<rect x="${rect.x}" y="${rect.y}" width="${rect.width}" height="${rect.height}" rx="${radius}" fill="${fill}"/>`;
}
