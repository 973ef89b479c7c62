import { createRandom } from "../../core/index.ts";
import type { Measured, Share } from "./types.ts";

/** The 97.5 % point of the standard normal distribution: two-sided 95 %. */
const Z = 1.959963984540054;

/** A share with its Wilson score interval (Wilson 1927, JASA 22); null where `of` is 0. */
export function share(count: number, of: number): Share {
  if (of === 0) return null;
  const p = count / of;
  const z2 = (Z * Z) / of;
  const centre = (p + z2 / 2) / (1 + z2);
  const half = Math.sqrt(z2 * (p * (1 - p) + z2 / 4)) / (1 + z2);
  // Rounding must not put the share outside of its own interval.
  const [low, high] = [Math.max(0, Math.min(p, centre - half)), Math.min(1, Math.max(p, centre + half))];
  return { value: p, low, high, of };
}

/**
 * Percentile bootstrap (Efron 1979) of several statistics at once: `measure` is called with how often each of
 * `count` cases was drawn, and returns one number per statistic.
 *
 * @returns the 2.5 and 97.5 % points per statistic
 */
export function bootstrap(
  count: number,
  measure: (drawn: Uint16Array) => readonly number[],
  { resamples, seed }: { readonly resamples: number; readonly seed: number },
): Pick<Measured, "low" | "high">[] {
  const random = createRandom(seed);
  const drawn = new Uint16Array(count);
  const samples: number[][] = [];
  for (let round = 0; round < resamples; round++) {
    drawn.fill(0);
    for (let i = 0; i < count; i++) {
      const at = Math.floor(random() * count);
      drawn[at] = (drawn[at] ?? 0) + 1;
    }
    measure(drawn).forEach((value, statistic) => {
      const values = samples[statistic] ?? [];
      samples[statistic] = values;
      values.push(value);
    });
  }
  return samples.map((values) => {
    const sorted = values.filter((value) => !Number.isNaN(value)).toSorted((a, b) => a - b);
    const at = (quantile: number) => sorted[Math.round(quantile * (sorted.length - 1))] ?? Number.NaN;
    return { low: at(0.025), high: at(0.975) };
  });
}
