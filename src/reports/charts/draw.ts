import type { ChartSize } from "./plot.ts";

/**
 * A drawing for wide pages and one for phones: text keeps its size, whereas scaling one drawing would shrink
 * it.
 */
export interface Chart {
  readonly title: string;
  readonly wide: string;
  readonly narrow: string;
}

/** @returns SVG of that size */
export type ChartMaker = (size: ChartSize, isNarrow: boolean) => string;

/** Width of a text column, px; `half` for two side by side. */
const WIDTHS = { full: 1040, half: 510 } as const;
const NARROW = 320;

export interface DrawOptions {
  readonly title: string;
  readonly height: number;
  /** Default `half`. */
  readonly width?: keyof typeof WIDTHS | undefined;
}

export function drawChart({ title, height, width = "half" }: DrawOptions, make: ChartMaker): Chart {
  return {
    title,
    wide: make({ width: WIDTHS[width], height }, false),
    narrow: make({ width: NARROW, height: Math.round(height * 0.92) }, true),
  };
}
