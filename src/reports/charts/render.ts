import { hashBytes } from "../../io/files.ts";

/**
 * The charting library's one door: options in, SVG text out, on the server and without a browser. Colours are CSS
 * variables of the page (`var(--ink)`), so that one drawing serves the light and the dark page.
 */

/** An option object of ECharts, as its documentation describes it; kept loose because the library's type is huge. */
export type ChartOption = Readonly<Record<string, unknown>>;

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** A drawing for wide pages and one for phones: text keeps its size where a scaled drawing's would shrink. */
export interface Chart {
  readonly title: string;
  readonly wide: string;
  readonly narrow: string;
}

export type ChartMaker = (size: ChartSize, isNarrow: boolean) => ChartOption;

/** As wide as a column of the page's text, px; `half` where two stand side by side. */
const WIDTHS = { full: 1040, half: 510 } as const;
const NARROW = 320;

export interface DrawOptions {
  readonly title: string;
  readonly height: number;
  readonly width?: keyof typeof WIDTHS | undefined;
}

export async function drawChart(
  { title, height, width = "half" }: DrawOptions,
  make: ChartMaker,
): Promise<Chart> {
  const [wide, narrow] = [
    { width: WIDTHS[width], height },
    { width: NARROW, height: Math.round(height * 0.92) },
  ];
  return {
    title,
    wide: await renderSvg(make(wide, false), wide),
    narrow: await renderSvg(make(narrow, true), narrow),
  };
}

async function renderSvg(option: ChartOption, { width, height }: ChartSize): Promise<string> {
  // Loaded when a page is drawn: no other command waits for it.
  const [echarts, charts, components, renderers] = await Promise.all([
    import("echarts/core"),
    import("echarts/charts"),
    import("echarts/components"),
    import("echarts/renderers"),
  ]);
  echarts.use([
    charts.LineChart,
    charts.ScatterChart,
    charts.BarChart,
    charts.CustomChart,
    components.GridComponent,
    components.MarkLineComponent,
    renderers.SVGRenderer,
  ]);
  const chart = echarts.init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ animation: false, textStyle: { fontFamily: "inherit" }, ...option });
    return cleaned(chart.renderToSVGString());
  } finally {
    chart.dispose();
  }
}

/**
 * Takes out what is for the library's own script, and names clip paths by the drawing's content instead of by how many
 * were drawn before: the same figures give the same page, and two drawings on one page do not clash.
 */
function cleaned(svg: string): string {
  const bare = svg
    .replace(/ class="zr[^"]*"/g, "")
    .replace(/ ecmeta_\w+="[^"]*"/g, "")
    .replace(/<style[\s\S]*?<\/style>/g, "")
    .replace(/zr\d+-/g, "zr-")
    .replace("<svg ", '<svg role="img" aria-hidden="true" ');
  return bare.replaceAll("zr-", `${hashBytes(bare).slice(0, 8)}-`);
}
