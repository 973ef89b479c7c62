import { invalidOption } from "../core/index.ts";

/** Colours as numbers, and WCAG 2.2's contrast. */

/** 8-bit sRGB. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Contrast that WCAG 1.4.3 requires for text, and for text of at least 24 px, or 18.66 px in bold. */
export const MIN_CONTRAST = 4.5;
export const MIN_CONTRAST_LARGE = 3;
/** What we aim for: lossy encoding shifts the pixels beside letters by a few levels. */
export const SAFE_CONTRAST = MIN_CONTRAST * 1.12;

/**
 * Parses a hex colour.
 *
 * @throws ERR_OPTION_INVALID anything but `#rgb` and `#rrggbb`
 *
 * @example
 * parseColor("#1a73e8");
 */
export function parseColor(text: string): Rgb {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  const digits = short
    ? short.slice(1).map((digit) => digit + digit)
    : /^#(..)(..)(..)$/.exec(text)?.slice(1);
  const channels = digits?.map((pair) => (/^[0-9a-f]{2}$/i.test(pair) ? Number.parseInt(pair, 16) : -1));
  const [red = -1, green = -1, blue = -1] = channels ?? [];
  if (Math.min(red, green, blue) < 0) {
    throw invalidOption(
      "a colour such as #1a73e8",
      "a colour",
      text,
      "Write colours as # followed by six hexadecimal digits.",
    );
  }
  return [red, green, blue];
}

/**
 * Writes a colour as `#rrggbb`.
 *
 * @example
 * toHex(parseColor("#fff")); // "#ffffff"
 */
export function toHex(color: Rgb): string {
  return `#${color.map((channel) => Math.round(channel).toString(16).padStart(2, "0")).join("")}`;
}

/** Relative luminance in [0, 1] (WCAG 2.2). */
export function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

/** Contrast ratio of two luminances, in [1, 21]. */
export function contrastOfLuminances(a: number, b: number): number {
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

/**
 * Contrast ratio of two colours, 1 to 21.
 *
 * Source: W3C, WCAG 2.1, "contrast ratio".
 *
 * @example
 * contrast(parseColor("#000"), parseColor("#fff")); // 21
 */
export function contrast(a: Rgb, b: Rgb): number {
  return contrastOfLuminances(luminance(a), luminance(b));
}

/** `top` with this opacity over `below`, blended as browsers and image tools do, in sRGB values. */
export function blend(top: Rgb, below: Rgb, opacity: number): Rgb {
  const mix = (a: number, b: number) => a * opacity + b * (1 - opacity);
  return [mix(top[0], below[0]), mix(top[1], below[1]), mix(top[2], below[2])];
}

const BLACK: Rgb = [0, 0, 0];
const WHITE: Rgb = [255, 255, 255];

/** The ground, moved away from the text's colour no more than `SAFE_CONTRAST` takes. */
export function clearOf(ground: Rgb, text: Rgb): Rgb {
  const away = luminance(text) < luminance(ground) ? WHITE : BLACK;
  for (let percent = 0; percent < 100; percent++) {
    const moved = blend(away, ground, percent / 100);
    const rounded: Rgb = [Math.round(moved[0]), Math.round(moved[1]), Math.round(moved[2])];
    if (contrast(rounded, text) >= SAFE_CONTRAST) return percent === 0 ? ground : rounded;
  }
  return away;
}

/**
 * Returns the first preferred colour that is readable on the background, otherwise black or white: one of these always
 * reaches 4.58 : 1.
 *
 * @example
 * const ink = readableOn(parseColor("#5b2be0"), [parseColor("#ffffff")]);
 */
export function readableOn(background: Rgb, preferred: readonly Rgb[]): Rgb {
  const good = preferred.find((color) => contrast(color, background) >= MIN_CONTRAST);
  return good ?? (contrast(WHITE, background) >= contrast(BLACK, background) ? WHITE : BLACK);
}
