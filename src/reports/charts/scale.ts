/** A mapping from values to px, and the values at which the axis is labelled. */
export interface Scale {
  (value: number): number;
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly number[];
}

export interface ScaleOptions {
  /** Values that the axis must reach. */
  readonly values: Iterable<number>;
  /** Start and end of the axis; default: round numbers around the values. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Approximate number of parts of the axis. */
  readonly splits: number;
  /** `log`: ticks at powers of ten; requires positive values. Default `linear`. */
  readonly kind?: "linear" | "log" | undefined;
}

/** @param px start and end of the axis */
export function createScale(options: ScaleOptions, px: readonly [number, number]): Scale {
  const [low, high] = reach(options);
  const isLog = options.kind === "log";
  const ticks = isLog ? decades(low, high) : roundTicks(low, high, options);
  const from = options.min ?? ticks[0] ?? low;
  const to = options.max ?? ticks.at(-1) ?? high;
  const project = isLog ? (value: number) => Math.log10(Math.max(value, from)) : (value: number) => value;
  const [first, last] = [project(from), project(to)];
  const scale = (value: number) => {
    const place = (project(value) - first) / (last - first || 1);
    return px[0] + Math.min(1, Math.max(0, place)) * (px[1] - px[0]);
  };
  return Object.assign(scale, { from, to, ticks: ticks.filter((tick) => tick >= from && tick <= to) });
}

/** The smallest of 1, 2 and 5 times a power of ten that is not smaller than `least`; 1 for 0 and less. */
export function niceStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const factor = [1, 2, 5, 10].find((each) => each * power >= least * (1 - 1e-9)) ?? 10;
  return factor * power;
}

function reach({ values, min, max }: ScaleOptions): readonly [number, number] {
  let [low, high] = [min ?? Number.POSITIVE_INFINITY, max ?? Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (min === undefined) low = Math.min(low, value);
    if (max === undefined) high = Math.max(high, value);
  }
  if (!Number.isFinite(low)) low = Number.isFinite(high) ? high - 1 : 0;
  if (!Number.isFinite(high)) high = low + 1;
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

function roundTicks(low: number, high: number, { min, max, splits }: ScaleOptions): number[] {
  const step = niceStep((high - low) / splits);
  const first = min === undefined ? Math.floor(low / step + 1e-9) : Math.ceil(low / step - 1e-9);
  const last = max === undefined ? Math.ceil(high / step - 1e-9) : Math.floor(high / step + 1e-9);
  // A product with the step, so that 0.3 does not become 0.30000000000000004 as a sum would.
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function decades(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}
