import { escapeHtml } from "../escape.ts";
import type { ChartMaker } from "./draw.ts";
import { type AxisOptions, dot, line, openPlot, type Plot, path, px, svgOf } from "./plot.ts";

/** A line through points, optionally with an uncertainty band. */
interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly color: string;
  readonly dashed?: boolean | undefined;
  /** Whether the area down to the axis is filled. */
  readonly area?: boolean | undefined;
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] } | undefined;
}

/** Marked points of a curve. */
interface CurveMark {
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

/** A vertical dashed line with a label. */
interface UprightMark {
  readonly x: number;
  readonly label: string;
  /** Position of the label, chosen so that it does not cover a curve; default `top`. */
  readonly at?: "top" | "bottom" | undefined;
}

export interface CurveChart {
  readonly curves: readonly Curve[];
  readonly marks?: readonly CurveMark[] | undefined;
  readonly upright?: UprightMark | undefined;
  readonly x: AxisOptions;
  readonly y: AxisOptions;
}

export function curveChart({ curves, marks = [], upright, x, y }: CurveChart): ChartMaker {
  return (size, isNarrow) => {
    const heights = curves.flatMap((curve) => [
      ...curve.y,
      ...(curve.band?.low ?? []),
      ...(curve.band?.high ?? []),
    ]);
    const plot = openPlot({
      size,
      x: { ...x, values: curves.flatMap((curve) => curve.x), splits: isNarrow ? 4 : 10 },
      y: { ...y, values: y.min === undefined ? [0, ...heights] : heights },
    });
    return svgOf(
      size,
      plot.frame,
      ...curves.map((curve) => fill(curve, plot)),
      plot.y.from < 0 ? line([plot.area.left, plot.y(0)], [plot.area.right, plot.y(0)], "var(--ink)") : "",
      ...curves.map((curve) => stroke(curve, plot)),
      ...marks.map((mark) => pointMark(mark, plot)),
      upright === undefined ? "" : uprightMark(upright, plot),
    );
  };
}

function points(x: readonly number[], y: readonly number[], plot: Plot): (readonly [number, number])[] {
  return x.map((value, i) => [plot.x(value), plot.y(y[i] ?? 0)] as const);
}

/** The path along the upper edge and back along the lower one. */
function fill({ x, y, band, area, color }: Curve, plot: Plot): string {
  if (band === undefined && area !== true) return "";
  const upper = points(x, band?.high ?? y, plot);
  const lower = points(x, band?.low ?? x.map(() => plot.y.from), plot).reverse();
  return path([...upper, ...lower], `fill="${color}" opacity="0.16"`);
}

function stroke({ x, y, color, dashed }: Curve, plot: Plot): string {
  const style = dashed ? 'stroke-width="1.4" stroke-dasharray="5 4"' : 'stroke-width="2.2"';
  return path(points(x, y, plot), `fill="none" stroke="${color}" stroke-linejoin="round" ${style}`);
}

/** At the right edge a label above the point would be cut off. */
function pointMark({ x, y, label: text }: CurveMark, plot: Plot): string {
  const [left, top] = [plot.x(x), plot.y(y)];
  const isAtEdge = left > plot.area.right - 60;
  return `${dot(left, top, 4.5, "var(--ink)")}<text x="${px(isAtEdge ? left - 9 : left)}" y="${px(isAtEdge ? top + 4 : top - 9)}" text-anchor="${isAtEdge ? "end" : "middle"}" fill="var(--ink)">${escapeHtml(text)}</text>`;
}

function uprightMark({ x, label: text, at = "top" }: UprightMark, { x: scale, area }: Plot): string {
  const left = scale(x);
  const isBeyondMiddle = left > (area.left + area.right) / 2;
  const height = at === "top" ? area.top + 10 : area.bottom - 10;
  return `<path d="M${px(left)} ${area.top}V${area.bottom}" stroke="var(--ink)" stroke-dasharray="4 4" fill="none"/><text x="${px(isBeyondMiddle ? left - 6 : left + 6)}" y="${px(height)}" text-anchor="${isBeyondMiddle ? "end" : "start"}" fill="var(--ink)">${escapeHtml(text)}</text>`;
}
