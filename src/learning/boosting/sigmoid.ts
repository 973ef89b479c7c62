/** Cells per unit of score, and the score beyond which the probability no longer changes. */
const CELLS = 64;
const LIMIT = 32;

const TABLE = Float64Array.from(
  { length: 2 * LIMIT * CELLS + 2 },
  (_, i) => 1 / (1 + Math.exp(LIMIT - i / CELLS)),
);

/**
 * 1 / (1 + exp(-score)) by linear interpolation in a table: error at most 3e-6, which changes no split, in a
 * quarter of the time of an exponential. Only for gradients in training; predictions use the exact function.
 */
export function sigmoid(score: number): number {
  const bounded = Math.max(-LIMIT, Math.min(LIMIT, score));
  const at = (bounded + LIMIT) * CELLS;
  const cell = at | 0;
  const low = TABLE[cell] as number;
  return low + (at - cell) * ((TABLE[cell + 1] as number) - low);
}
