import { createRandom } from "../../src/core/index.ts";
import type { UpliftSample } from "../../src/statistics/index.ts";

/** Customers that measures are worked out on. */

export function sample(
  rows: readonly (readonly [score: number, treated: number, outcome: number])[],
): UpliftSample {
  return {
    scores: Float64Array.from(rows, (row) => row[0]),
    treated: Uint8Array.from(rows, (row) => row[1]),
    outcomes: Float64Array.from(rows, (row) => row[2]),
  };
}

/** Eight customers, worked by hand below. */
export const EIGHT = sample([
  [0.8, 1, 1],
  [0.7, 0, 0],
  [0.6, 1, 1],
  [0.5, 0, 1],
  [0.4, 1, 0],
  [0.3, 0, 0],
  [0.2, 1, 0],
  [0.1, 0, 1],
]);

/** Customers whose effect is `spread x (2 score - 1)`; the score is known or, for a blind model, random. */
export function simulate(
  rows: number,
  spread: number,
  seed: number,
): { informed: UpliftSample; blind: Float64Array } {
  const random = createRandom(seed);
  const all = Array.from({ length: rows }, () => {
    const score = random();
    const treated = random() < 0.5 ? 1 : 0;
    const outcome = random() < 0.3 + (treated === 1 ? spread * (2 * score - 1) : 0) ? 1 : 0;
    return [spread * (2 * score - 1), treated, outcome] as const;
  });
  return { informed: sample(all), blind: Float64Array.from(all, () => random()) };
}
