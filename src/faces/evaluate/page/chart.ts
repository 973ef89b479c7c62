import { escapeHtml } from "../../../reports/index.ts";

/** Line charts as inline SVG, coloured by the page's style sheet so that they follow its light and dark. */

export interface Series {
  readonly name: string;
  /** Class of the style sheet: `one`, `two`. */
  readonly style: "one" | "two";
  readonly points: readonly (readonly [x: number, y: number])[];
  /** Filled down to the axis. */
  readonly area?: boolean;
}

export interface Axis {
  readonly label: string;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
  readonly scale?: "linear" | "log";
  format(value: number): string;
}

export interface Mark {
  readonly x: number;
  readonly label: string;
  /** Where the label meets no line. */
  readonly at: "top" | "bottom";
}

export interface Chart {
  readonly title: string;
  /** What the picture shows, for those who cannot see it. */
  readonly description: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly Series[];
  /** A dashed upright line with a label. */
  readonly mark?: Mark | undefined;
}

const WIDTH = 460;
const HEIGHT = 280;
const PLOT = { left: 68, top: 14, right: WIDTH - 24, bottom: HEIGHT - 44 };

export function drawChart({ title, description, x, y, series, mark }: Chart): string {
  const toX = scaler(x, PLOT.left, PLOT.right);
  const toY = scaler(y, PLOT.bottom, PLOT.top);
  const at = ([px, py]: readonly [number, number]) => `${toX(px).toFixed(1)} ${toY(py).toFixed(1)}`;
  const lines = series.map(({ style, points, area }) => {
    const path = `M${points.map(at).join("L")}`;
    const floor = `L${toX(points.at(-1)?.[0] ?? 0).toFixed(1)} ${PLOT.bottom}L${toX(points[0]?.[0] ?? 0).toFixed(1)} ${PLOT.bottom}Z`;
    const fill = area ? `<path class="area ${style}" d="${path}${floor}"/>` : "";
    return `${fill}<path class="line ${style}" d="${path}"/>`;
  });
  return [
    `<figure><figcaption>${escapeHtml(title)}${legend(series)}</figcaption>`,
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(description)}">`,
    ...y.ticks.map((tick) => {
      const level = toY(tick).toFixed(1);
      return `<path class="grid" d="M${PLOT.left} ${level}H${PLOT.right}"/><text class="tick end" x="${PLOT.left - 8}" y="${level}" dy=".32em">${y.format(tick)}</text>`;
    }),
    ...x.ticks.map(
      (tick) =>
        `<path class="grid" d="M${toX(tick).toFixed(1)} ${PLOT.bottom}v5"/><text class="tick middle" x="${toX(tick).toFixed(1)}" y="${PLOT.bottom + 18}">${x.format(tick)}</text>`,
    ),
    ...lines,
    mark ? drawMark(toX(mark.x), mark) : "",
    `<text class="label middle" x="${(PLOT.left + PLOT.right) / 2}" y="${HEIGHT - 6}">${escapeHtml(x.label)}</text>`,
    `<text class="label middle" transform="translate(12 ${(PLOT.top + PLOT.bottom) / 2}) rotate(-90)">${escapeHtml(y.label)}</text>`,
    "</svg></figure>",
  ].join("\n");
}

function legend(series: readonly Series[]): string {
  if (series.length < 2) return "";
  const items = series.map(({ name, style }) => `<span class="key ${style}">${escapeHtml(name)}</span>`);
  return `<span class="legend">${items.join("")}</span>`;
}

function drawMark(x: number, { label, at }: Mark): string {
  const beyondMiddle = x > (PLOT.left + PLOT.right) / 2;
  const side = beyondMiddle ? { x: x - 6, anchor: "end" } : { x: x + 6, anchor: "start" };
  return `<path class="mark" d="M${x.toFixed(1)} ${PLOT.top}V${PLOT.bottom}"/><text class="tick ${side.anchor}" x="${side.x.toFixed(1)}" y="${at === "top" ? PLOT.top + 10 : PLOT.bottom - 10}">${escapeHtml(label)}</text>`;
}

/** Maps a value to px; what lies beyond the axis is held at its end. */
function scaler({ from, to, scale = "linear" }: Axis, start: number, end: number): (value: number) => number {
  const project =
    scale === "log" ? (value: number) => Math.log10(Math.max(value, from)) : (value: number) => value;
  const [low, high] = [project(from), project(to)];
  return (value) => {
    const place = (project(value) - low) / (high - low);
    return start + Math.min(1, Math.max(0, place)) * (end - start);
  };
}
