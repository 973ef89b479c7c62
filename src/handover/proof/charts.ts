import { createScale, escapeHtml } from "../../reports/index.ts";
import { BIN_WIDTH } from "./collect.ts";
import type { Speaker } from "./words/index.ts";

/** Charts as inline SVG in the page's colours, so that they follow the light and the dark theme. */

/** Rows of a label, a bar and a number; a table in HTML, so that screen readers can read it. */
export function barTable(
  caption: string,
  rows: readonly { readonly label: string; readonly value: number }[],
  whole: number,
  { count, share }: Speaker,
): string {
  const most = Math.max(1, ...rows.map(({ value }) => value));
  const lines = rows.map(({ label, value }) => {
    const width = Math.max(0.6, (100 * value) / most).toFixed(1);
    const bar = `<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="100" height="10"/><rect class="fill" width="${width}" height="10"/></svg>`;
    return `<tr><th scope="row">${escapeHtml(label)}</th><td class="number">${count(value)} <span>${escapeHtml(share(value, whole))}</span></td><td class="drawn">${bar}</td></tr>`;
  });
  return `<table class="bars"><caption>${escapeHtml(caption)}</caption><tbody>${lines.join("")}</tbody></table>`;
}

const WIDTH = 440;
const HEIGHT = 230;
const LEFT = 8;
const RIGHT = 432;
const TOP = 34;
const BOTTOM = 186;

/** A histogram of distances; the range that the campaign allows is shaded. */
export function histogram(
  bins: readonly number[],
  band: { readonly minDistance: number; readonly maxDistance: number },
  speaker: Speaker,
): string {
  const { say, sayFor, fixed } = speaker;
  const last = Math.max(bins.length * BIN_WIDTH, Math.min(band.maxDistance, 1) + BIN_WIDTH);
  const first = Math.max(0, Math.floor((firstBin(bins) * BIN_WIDTH - 0.1) * 10) / 10);
  const x = createScale({ values: [], min: first, max: last, splits: 5 }, [LEFT, RIGHT]);
  const most = Math.max(1, ...bins);
  const bars = bins.map((value, i) => {
    if (value === 0) return "";
    const height = Math.max(2, (value / most) * (BOTTOM - TOP));
    const left = x(i * BIN_WIDTH) + 1;
    const width = x((i + 1) * BIN_WIDTH) - left - 1;
    return `<rect class="fill" x="${left.toFixed(1)}" y="${(BOTTOM - height).toFixed(1)}" width="${width.toFixed(1)}" height="${height.toFixed(1)}" rx="2"/>`;
  });
  const total = bins.reduce((sum, value) => sum + value, 0);
  const limit = Math.min(band.maxDistance, last);
  const end = x(limit);
  const label = say("distances_label", {
    customers: sayFor(total, "customer"),
    bins: describeBins(bins, speaker),
  });
  return `<svg class="histogram" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">
<rect class="band" x="${x(Math.max(first, band.minDistance)).toFixed(1)}" y="${TOP - 12}" width="${(end - x(Math.max(first, band.minDistance))).toFixed(1)}" height="${BOTTOM - TOP + 12}"/>
${bars.join("")}
<line class="axis" x1="${LEFT}" x2="${RIGHT}" y1="${BOTTOM}" y2="${BOTTOM}"/>
<line class="limit" x1="${end.toFixed(1)}" x2="${end.toFixed(1)}" y1="${TOP - 12}" y2="${BOTTOM}"/>
<text class="limit-text" x="${end.toFixed(1)}" y="${TOP - 18}" text-anchor="${limit > (first + last) / 2 ? "end" : "start"}">${say("limit", { limit: speaker.decimal(band.maxDistance) })}</text>
${x.ticks
  .filter((value) => value >= first + 0.02 && value <= last - 0.02)
  .map(
    (value) =>
      `<text x="${x(value).toFixed(1)}" y="${BOTTOM + 20}" text-anchor="middle">${fixed(value, 2)}</text>`,
  )
  .join("")}
<text x="${LEFT}" y="${BOTTOM + 40}">${say("more_alike")}</text><text x="${RIGHT}" y="${BOTTOM + 40}" text-anchor="end">${say("less_alike")}</text>
</svg>`;
}

function firstBin(bins: readonly number[]): number {
  return Math.max(
    0,
    bins.findIndex((value) => value > 0),
  );
}

function describeBins(bins: readonly number[], { say, count, fixed }: Speaker): string {
  const parts = bins.flatMap((value, i) => {
    const from = fixed(i * BIN_WIDTH, 2);
    const to = fixed((i + 1) * BIN_WIDTH, 2);
    return value === 0 ? [] : [say("bin", { count: count(value), from, to })];
  });
  return parts.length === 0 ? say("none") : parts.join(", ");
}
