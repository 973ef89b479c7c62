import type { Estimate } from "../../statistics/index.ts";
import { type AxisOptions, labelAxis, numberAxis, whiskers, zeroLine } from "./axes.ts";
import type { ChartMaker } from "./render.ts";

export interface IntervalRow {
  readonly label: string;
  readonly estimate: Estimate;
  readonly color: string;
}

/** One dot with its interval for each row, from top to bottom. */
export function intervalChart(rows: readonly IntervalRow[], x: AxisOptions): ChartMaker {
  return (_, isNarrow) => {
    const longest = isNarrow ? 16 : 30;
    const names = rows.map(({ label }) =>
      label.length > longest ? `${label.slice(0, longest - 1)}…` : label,
    );
    return {
      grid: {
        // The labels' own room: the library's estimate of their width is too small for some system fonts.
        left: 18 + 8 * Math.max(...names.map(({ length }) => length)),
        right: 26,
        top: 8,
        bottom: 28,
        outerBoundsMode: "none",
      },
      xAxis: {
        ...numberAxis({ ...x, splits: isNarrow ? 3 : 6 }, false),
        splitLine: { show: true, lineStyle: { color: "var(--line)" } },
      },
      yAxis: labelAxis(names, {
        inverse: true,
        axisLine: { show: false },
        axisLabel: { color: "var(--ink)", fontSize: 13, interval: 0 },
      }),
      series: [
        ...rows.map(({ estimate, color }, i) =>
          whiskers([[i, estimate.low, estimate.high]], { horizontal: true, color, width: 2 }),
        ),
        {
          type: "scatter",
          silent: true,
          z: 4,
          symbolSize: 11,
          itemStyle: { opacity: 1 },
          data: rows.map(({ estimate, color }, i) => ({
            value: [estimate.value, i],
            itemStyle: { color, opacity: 1 },
          })),
          markLine: zeroLine("xAxis"),
        },
      ],
    };
  };
}

export interface BinBar {
  readonly label: string;
  readonly observed: Estimate | null;
  readonly predicted: number;
}

/** Observed values as bars with intervals, predicted ones as diamonds. */
export function binChart(bins: readonly BinBar[], axes: { x: string; y: AxisOptions }): ChartMaker {
  return (_, isNarrow) => ({
    grid: {
      left: 4,
      right: 12,
      top: 34,
      bottom: 26,
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
    },
    xAxis: labelAxis(
      bins.map(({ label }) => label),
      {
        name: axes.x,
        nameLocation: "middle",
        nameGap: 30,
        nameTextStyle: { color: "var(--muted)", fontSize: 12 },
        axisLine: { show: false },
      },
    ),
    yAxis: numberAxis(axes.y, true),
    series: [
      {
        type: "bar",
        silent: true,
        barWidth: isNarrow ? "62%" : "56%",
        data: bins.map(({ observed }) => ({
          value: observed?.value ?? null,
          itemStyle: {
            color: (observed?.value ?? 0) < 0 ? "var(--bad)" : "var(--accent)",
            opacity: 0.8,
            borderRadius: 2,
          },
        })),
        markLine: zeroLine("yAxis"),
      },
      whiskers(
        bins.flatMap(({ observed }, i) => (observed ? [[i, observed.low, observed.high] as const] : [])),
        { horizontal: false, color: "var(--ink)", width: 1.3 },
      ),
      {
        type: "scatter",
        silent: true,
        z: 5,
        symbol: "diamond",
        symbolSize: 10,
        itemStyle: { color: "var(--second)", opacity: 1, borderColor: "var(--surface)", borderWidth: 1.5 },
        data: bins.map(({ predicted }, i) => [i, predicted]),
      },
    ],
  });
}

/** Predicted against observed, with the diagonal that a calibrated model lies on. */
export function calibrationChart(
  points: readonly { readonly predicted: number; readonly observed: Estimate }[],
  axes: { x: AxisOptions; y: AxisOptions },
): ChartMaker {
  const all = points.flatMap(({ predicted, observed }) => [predicted, observed.value]);
  const low = Math.min(0, ...all);
  const high = Math.max(0, ...all);
  return (_, isNarrow) => ({
    grid: {
      left: 4,
      right: 18,
      top: 34,
      bottom: 26,
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
    },
    xAxis: { ...numberAxis({ ...axes.x, splits: isNarrow ? 4 : 8 }, false), scale: true },
    yAxis: { ...numberAxis(axes.y, true), scale: true },
    series: [
      {
        type: "line",
        silent: true,
        symbol: "none",
        data: [
          [low, low],
          [high, high],
        ],
        lineStyle: { color: "var(--muted)", type: "dashed", width: 1.4 },
      },
      whiskers(
        points.map(({ predicted, observed }) => [predicted, observed.low, observed.high] as const),
        { horizontal: false, color: "var(--accent)", width: 1.3 },
      ),
      {
        type: "scatter",
        silent: true,
        z: 4,
        symbolSize: 9,
        itemStyle: { color: "var(--accent)", opacity: 1 },
        data: points.map(({ predicted, observed }) => [predicted, observed.value]),
      },
    ],
  });
}
