import { meanLogLoss } from "./losses.ts";

/** Parameters for combining the probabilities of two models. */
export interface Pool {
  /** Weight of the second model, the trees, in [0, 1]; the rest is the weight of the first. */
  readonly share: number;
  /** Divides the pooled log-probabilities. */
  readonly temperature: number;
}

const SHARES: readonly number[] = [0, 0.25, 0.5, 0.75, 1];
const TEMPERATURES: readonly number[] = [0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5];

/**
 * Logarithmic pool: P(k) proportional to (first(k)^(1 - share) second(k)^share)^(1 / temperature).
 *
 * Source: Genest and Zidek 1986, "Combining probability distributions", Statistical Science 1.
 *
 * @param first `rows x classes`, and so is `second`
 */
export function poolChoices(
  first: Float64Array,
  second: Float64Array,
  classes: number,
  { share, temperature }: Pool,
): Float64Array {
  const pooled = first.map((p, i) => {
    const log =
      (1 - share) * Math.log(Math.max(1e-12, p)) + share * Math.log(Math.max(1e-12, second[i] as number));
    return Math.exp(log / temperature);
  });
  for (let at = 0; at < pooled.length; at += classes) {
    let total = 0;
    for (let k = 0; k < classes; k++) total += pooled[at + k] as number;
    for (let k = 0; k < classes; k++) pooled[at + k] = (pooled[at + k] as number) / total;
  }
  return pooled;
}

/** The pool with the lowest log-loss; of ties the one with more of the first model. */
export function choosePool(
  first: Float64Array,
  second: Float64Array,
  chosen: Int32Array,
  classes: number,
): Pool {
  let best: Pool = { share: 0, temperature: 1 };
  let least = Number.POSITIVE_INFINITY;
  for (const share of SHARES) {
    for (const temperature of TEMPERATURES) {
      const loss = meanLogLoss(poolChoices(first, second, classes, { share, temperature }), chosen, classes);
      if (loss >= least) continue;
      least = loss;
      best = { share, temperature };
    }
  }
  return best;
}
