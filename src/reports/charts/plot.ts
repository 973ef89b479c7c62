import { escapeHtml } from "../escape.ts";
import { createScale, type Scale } from "./scale.ts";

/**
 * The frame of a chart as inline SVG: scales, a thin grid, labels. Colours are CSS variables of the page
 * (`var(--ink)`), so that one drawing works on the light and the dark page.
 */

export type Point = readonly [x: number, y: number];

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

export interface AxisOptions {
  readonly name?: string | undefined;
  readonly format: (value: number) => string;
  /** Default: a round number below the values. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly kind?: "linear" | "log" | undefined;
}

export interface PlotOptions {
  readonly size: ChartSize;
  readonly x: AxisOptions & { readonly values: Iterable<number>; readonly splits: number };
  readonly y: AxisOptions & { readonly values: Iterable<number>; readonly splits?: number | undefined };
}

export interface Plot {
  readonly x: Scale;
  readonly y: Scale;
  /** Grid, labels and names of the axes. */
  readonly frame: string;
  /** The area of the data, px. */
  readonly area: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
}

/** Approximate width of a digit at 12 px in system fonts, px. */
const DIGIT = 7;

export function openPlot({ size, x, y }: PlotOptions): Plot {
  const top = y.name === undefined ? 10 : 30;
  const bottom = size.height - (x.name === undefined ? 24 : 44);
  const vertical = createScale({ ...y, splits: y.splits ?? 5 }, [bottom, top]);
  const left = 8 + DIGIT * Math.max(1, ...vertical.ticks.map((tick) => y.format(tick).length));
  const right = size.width - 18;
  const horizontal = createScale(x, [left, right]);
  const area = { left, top, right, bottom };
  const frame = [
    ...vertical.ticks.map((tick) => {
      const level = vertical(tick);
      return (
        line([left, level], [right, level], "var(--line)") + label(y.format(tick), left - 8, level + 4, "end")
      );
    }),
    line([left, bottom], [right, bottom], "var(--line-strong)"),
    ...horizontal.ticks.map((tick) => label(x.format(tick), horizontal(tick), bottom + 18, "middle")),
    y.name === undefined ? "" : label(y.name, 0, 14, "start"),
    x.name === undefined ? "" : label(x.name, (left + right) / 2, size.height - 4, "middle"),
  ].join("");
  return { x: horizontal, y: vertical, frame, area };
}

export function svgOf({ width, height }: ChartSize, ...parts: readonly string[]): string {
  return `<svg role="img" aria-hidden="true" viewBox="0 0 ${width} ${height}" font-family="inherit" font-size="12">${parts.join("")}</svg>`;
}

export function line([x1, y1]: Point, [x2, y2]: Point, color: string): string {
  return `<path d="M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}" stroke="${color}" fill="none"/>`;
}

export function label(text: string, x: number, y: number, anchor: "start" | "middle" | "end"): string {
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}" fill="var(--muted)">${escapeHtml(text)}</text>`;
}

/** A path through points. */
export function path(points: readonly Point[], attributes: string): string {
  const d = points.map(([x, y]) => `${px(x)} ${px(y)}`).join("L");
  return `<path d="M${d}" ${attributes}/>`;
}

export function dot(x: number, y: number, radius: number, color: string): string {
  return `<circle cx="${px(x)}" cy="${px(y)}" r="${radius}" fill="${color}"/>`;
}

/** A line between two points with strokes across both ends. */
export function whisker([x1, y1]: Point, [x2, y2]: Point, color: string, width: number): string {
  const [dx, dy] = y1 === y2 ? [0, 4] : [4, 0];
  const ends = [
    [x1, y1],
    [x2, y2],
  ].map(([x = 0, y = 0]) => `M${px(x - dx)} ${px(y - dy)}L${px(x + dx)} ${px(y + dy)}`);
  return `<path d="M${px(x1)} ${px(y1)}L${px(x2)} ${px(y2)}${ends.join("")}" stroke="${color}" stroke-width="${width}" fill="none"/>`;
}

/** A coordinate, rounded to a tenth of a pixel to keep pages small. */
export function px(value: number): number {
  return Math.round(value * 10) / 10;
}
