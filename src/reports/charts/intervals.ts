import type { Estimate } from "../../statistics/index.ts";
import { escapeHtml } from "../escape.ts";
import type { ChartMaker } from "./draw.ts";
import { type AxisOptions, dot, label, line, openPlot, type Plot, path, px, svgOf, whisker } from "./plot.ts";
import { createScale } from "./scale.ts";

export interface IntervalRow {
  readonly label: string;
  readonly estimate: Estimate;
  readonly color: string;
}

/** One dot with its interval per row, from top to bottom. */
export function intervalChart(rows: readonly IntervalRow[], x: AxisOptions): ChartMaker {
  return (size, isNarrow) => {
    const longest = isNarrow ? 16 : 30;
    const names = rows.map(({ label: name }) =>
      name.length > longest ? `${name.slice(0, longest - 1)}…` : name,
    );
    const left = 14 + 8 * Math.max(1, ...names.map(({ length }) => length));
    const [top, right, bottom] = [8, size.width - 26, size.height - 28];
    const values = rows.flatMap(({ estimate }) => [estimate.low, estimate.high]);
    const scale = createScale({ ...x, values: [0, ...values], splits: isNarrow ? 3 : 6 }, [left, right]);
    const rowHeight = (bottom - top) / Math.max(1, rows.length);
    return svgOf(
      size,
      ...scale.ticks.map((tick) => {
        const at = scale(tick);
        return (
          line([at, top], [at, bottom], "var(--line)") + label(x.format(tick), at, bottom + 18, "middle")
        );
      }),
      line([scale(0), top], [scale(0), bottom], "var(--ink)"),
      ...rows.map(({ estimate, color }, i) => {
        const y = top + (i + 0.5) * rowHeight;
        const name = `<text x="${px(left - 12)}" y="${px(y + 4)}" text-anchor="end" font-size="13" fill="var(--ink)">${escapeHtml(names[i] ?? "")}</text>`;
        const range = whisker([scale(estimate.low), y], [scale(estimate.high), y], color, 2);
        return name + range + dot(scale(estimate.value), y, 5.5, color);
      }),
    );
  };
}

export interface BinBar {
  readonly label: string;
  readonly observed: Estimate | null;
  readonly predicted: number;
}

/** Observed values as bars with intervals, predicted ones as diamonds. */
export function binChart(bins: readonly BinBar[], axes: { x: string; y: AxisOptions }): ChartMaker {
  return (size, isNarrow) => {
    const values = bins.flatMap(({ observed, predicted }) => [
      predicted,
      ...(observed === null ? [] : [observed.low, observed.high]),
    ]);
    const plot = openPlot({
      size,
      x: { format: () => "", values: [], min: 0, max: Math.max(1, bins.length), splits: 1, name: axes.x },
      y: { ...axes.y, values: [0, ...values] },
    });
    const width = (plot.x(1) - plot.x(0)) * (isNarrow ? 0.62 : 0.56);
    return svgOf(
      size,
      plot.frame,
      ...bins.map((bin, i) => drawBin(bin, { at: plot.x(i + 0.5), width, plot })),
      line([plot.area.left, plot.y(0)], [plot.area.right, plot.y(0)], "var(--ink)"),
    );
  };
}

function drawBin(
  { label: name, observed, predicted }: BinBar,
  { at, width, plot }: { readonly at: number; readonly width: number; readonly plot: Plot },
): string {
  const zero = plot.y(0);
  const parts = [label(name, at, plot.area.bottom + 18, "middle")];
  if (observed !== null) {
    const end = plot.y(observed.value);
    const color = observed.value < 0 ? "var(--bad)" : "var(--accent)";
    parts.push(
      `<rect x="${px(at - width / 2)}" y="${px(Math.min(zero, end))}" width="${px(width)}" height="${px(Math.abs(end - zero))}" rx="2" fill="${color}" opacity="0.8"/>`,
      whisker([at, plot.y(observed.low)], [at, plot.y(observed.high)], "var(--ink)", 1.3),
    );
  }
  const y = plot.y(predicted);
  const corners = [
    [at, y - 6],
    [at + 6, y],
    [at, y + 6],
    [at - 6, y],
    [at, y - 6],
  ] as const;
  parts.push(path(corners, 'fill="var(--second)" stroke="var(--surface)" stroke-width="1.5"'));
  return parts.join("");
}

/** Predicted against observed values, with the diagonal on which a calibrated model lies. */
export function calibrationChart(
  points: readonly { readonly predicted: number; readonly observed: Estimate }[],
  axes: { x: AxisOptions; y: AxisOptions },
): ChartMaker {
  return (size, isNarrow) => {
    const all = points.flatMap(({ predicted, observed }) => [predicted, observed.value]);
    const [low, high] = [Math.min(0, ...all), Math.max(0, ...all)];
    const edges = points.flatMap(({ observed }) => [observed.low, observed.high]);
    const plot = openPlot({
      size,
      x: { ...axes.x, values: [low, high], splits: isNarrow ? 4 : 8 },
      y: { ...axes.y, values: [low, high, ...edges] },
    });
    const diagonal = [low, high].map((value) => [plot.x(value), plot.y(value)] as const);
    return svgOf(
      size,
      plot.frame,
      path(diagonal, 'fill="none" stroke="var(--muted)" stroke-width="1.4" stroke-dasharray="5 4"'),
      ...points.map(({ predicted, observed }) => {
        const at = plot.x(predicted);
        const range = whisker([at, plot.y(observed.low)], [at, plot.y(observed.high)], "var(--accent)", 1.3);
        return range + dot(at, plot.y(observed.value), 4.5, "var(--accent)");
      }),
    );
  };
}
