import { type AxisOptions, numberAxis, zeroLine } from "./axes.ts";
import type { ChartMaker, ChartOption } from "./render.ts";

/** A line through points, with a band around it where its uncertainty is known. */
export interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly color: string;
  readonly dashed?: boolean | undefined;
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] } | undefined;
}

/** Marked points of a curve. */
export interface CurveMark {
  readonly x: number;
  readonly y: number;
  readonly label: string;
}

export interface CurveChart {
  readonly curves: readonly Curve[];
  readonly marks?: readonly CurveMark[] | undefined;
  readonly x: AxisOptions;
  readonly y: AxisOptions;
}

export function curveChart({ curves, marks = [], x, y }: CurveChart): ChartMaker {
  return (_, isNarrow) => ({
    grid: {
      left: 4,
      right: 18,
      top: 34,
      bottom: 26,
      outerBoundsMode: "same",
      outerBoundsContain: "axisLabel",
    },
    xAxis: numberAxis({ ...x, splits: isNarrow ? 4 : 10 }, false),
    yAxis: numberAxis(y, true),
    series: [
      ...curves.flatMap((curve) => (curve.band ? [bandSeries(curve)] : [])),
      ...curves.map((curve, i) => lineSeries(curve, i === 0)),
      markSeries(marks),
    ],
  });
}

function points({ x, y }: Pick<Curve, "x" | "y">): (readonly [number, number])[] {
  return x.map((value, i) => [value, y[i] as number] as const);
}

function lineSeries(curve: Curve, isFirst: boolean): ChartOption {
  return {
    type: "line",
    silent: true,
    symbol: "none",
    data: points(curve),
    lineStyle: {
      color: curve.color,
      width: curve.dashed ? 1.4 : 2.2,
      type: curve.dashed ? "dashed" : "solid",
    },
    z: curve.dashed ? 2 : 3,
    ...(isFirst ? { markLine: zeroLine("yAxis") } : {}),
  };
}

interface RenderApi {
  coord(point: readonly [number, number]): readonly [number, number];
}

/** One polygon: along the upper edge and back along the lower one. */
function bandSeries({ x, band, color }: Curve): ChartOption {
  const { low, high } = band as NonNullable<Curve["band"]>;
  const upper = x.map((value, i) => [value, high[i] as number] as const);
  const lower = x.map((value, i) => [value, low[i] as number] as const).reverse();
  return {
    type: "custom",
    silent: true,
    z: 1,
    // The data only stretch the axes; the whole band is drawn with the first of them.
    data: [...upper, ...lower],
    renderItem: (params: { readonly dataIndex: number }, api: RenderApi) =>
      params.dataIndex === 0
        ? {
            type: "polygon",
            shape: { points: [...upper, ...lower].map((point) => api.coord(point)) },
            style: { fill: color, opacity: 0.16 },
          }
        : undefined,
  };
}

function markSeries(marks: readonly CurveMark[]): ChartOption {
  return {
    type: "scatter",
    silent: true,
    z: 4,
    symbolSize: 9,
    // At the right edge a label above would be cut.
    data: marks.map(({ x, y }) => ({ value: [x, y], label: { position: x > 0.9 ? "left" : "top" } })),
    itemStyle: { color: "var(--ink)", opacity: 1 },
    label: {
      show: true,
      color: "var(--ink)",
      fontSize: 12,
      formatter: ({ dataIndex }: { readonly dataIndex: number }) => marks[dataIndex]?.label ?? "",
    },
  };
}
