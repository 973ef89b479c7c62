export { curveChart } from "./charts/curves.ts";
export { drawChart } from "./charts/draw.ts";
export { binChart, calibrationChart, intervalChart } from "./charts/intervals.ts";
export type { AxisOptions } from "./charts/plot.ts";
export { createScale, niceStep } from "./charts/scale.ts";
export { documentOf, type PageHead, pageOf } from "./document.ts";
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
  probability,
  range,
  sentence,
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
export { type Texts, type TextValues, type Wording, wordingIn } from "./language.ts";
export { GROUNDS } from "./style.ts";
