export { curveChart } from "./charts/curves.ts";
export { binChart, calibrationChart, intervalChart } from "./charts/intervals.ts";
export { drawChart } from "./charts/render.ts";
export { type PageHead, pageOf } from "./document.ts";
export { escapeHtml } from "./escape.ts";
export {
  count,
  digitsFor,
  fixed,
  percent,
  percentRange,
  points,
  pointsRange,
  pointsTick,
  range,
  signed,
  tick,
} from "./format.ts";
export {
  type Cell,
  details,
  figure,
  grid,
  type Html,
  paragraph,
  section,
  subsection,
  table,
  tiles,
  type Verdict,
  verdictCard,
} from "./html.ts";
