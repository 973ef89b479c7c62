import { createRandom } from "../../core/index.ts";
import { wilson } from "../../statistics/index.ts";
import type { Measured, Share } from "./types.ts";

/** A share with its Wilson score interval; null where `of` is 0. */
export function share(count: number, of: number): Share {
  return of === 0 ? null : { ...wilson(count, of), of };
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
