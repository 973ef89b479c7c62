import type { ChartOption } from "./render.ts";

export interface AxisOptions {
  readonly name?: string | undefined;
  readonly format: (value: number) => string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly splits?: number | undefined;
}

/** An axis of numbers: a thin grid, small grey labels, its name along it. */
export function numberAxis(
  { name, format, min, max, splits }: AxisOptions,
  isVertical: boolean,
): ChartOption {
  return {
    type: "value",
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(splits === undefined ? {} : { splitNumber: splits }),
    ...(name === undefined
      ? {}
      : {
          name,
          nameLocation: isVertical ? "end" : "middle",
          nameGap: isVertical ? 14 : 30,
          nameTextStyle: { color: "var(--muted)", fontSize: 12, align: isVertical ? "left" : "center" },
        }),
    axisLine: { show: !isVertical, lineStyle: { color: "var(--line-strong)" } },
    axisTick: { show: false },
    axisLabel: { color: "var(--muted)", fontSize: 12, hideOverlap: true, formatter: format },
    splitLine: { show: isVertical, lineStyle: { color: "var(--line)" } },
  };
}

/** Labels that stand for themselves. */
export function labelAxis(labels: readonly string[], options: ChartOption = {}): ChartOption {
  return {
    type: "category",
    data: labels,
    axisLine: { show: true, lineStyle: { color: "var(--line-strong)" } },
    axisTick: { show: false },
    axisLabel: { color: "var(--muted)", fontSize: 12, interval: 0 },
    ...options,
  };
}

/** A dashed line across the chart at 0, or along another value. */
export function zeroLine(axis: "xAxis" | "yAxis", value = 0): ChartOption {
  return {
    silent: true,
    symbol: "none",
    label: { show: false },
    lineStyle: { color: "var(--ink)", type: "solid", width: 1, opacity: 0.55 },
    data: [{ [axis]: value }],
  };
}

interface RenderApi {
  value(dimension: number): number;
  coord(point: readonly [number, number]): readonly [number, number];
}

/**
 * Whiskers from `low` to `high`, with end strokes, as a custom series.
 *
 * @param data `[position, low, high]`
 */
export function whiskers(
  data: readonly (readonly [number, number, number])[],
  { horizontal, color, width = 1.6 }: { horizontal: boolean; color: string; width?: number },
): ChartOption {
  return {
    type: "custom",
    silent: true,
    z: 3,
    data,
    encode: horizontal ? { x: [1, 2], y: 0 } : { x: 0, y: [1, 2] },
    renderItem: (_: unknown, api: RenderApi) => {
      const at = (value: number) => api.coord(horizontal ? [value, api.value(0)] : [api.value(0), value]);
      const [x1, y1] = at(api.value(1));
      const [x2, y2] = at(api.value(2));
      const cap = 4;
      const stroke = (shape: ChartOption) => ({
        type: "line",
        shape,
        style: { stroke: color, lineWidth: width, fill: "none" },
      });
      const end = (x: number, y: number) =>
        horizontal ? { x1: x, y1: y - cap, x2: x, y2: y + cap } : { x1: x - cap, y1: y, x2: x + cap, y2: y };
      return {
        type: "group",
        children: [stroke({ x1, y1, x2, y2 }), stroke(end(x1, y1)), stroke(end(x2, y2))],
      };
    },
  };
}
