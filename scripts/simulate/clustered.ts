import { type Column, createRandom, numberColumn, type Random, randomNormal } from "../../src/core/index.ts";
import type { TrainingExperiment } from "../../src/offers/index.ts";

/** How many rows a customer has; 8 on average. */
export const CLUSTER_SIZES = {
  equal: () => 8,
  /** Log-normal: half of the customers have at most 4 rows, one of 100 has 40 or more. */
  unequal: (random: Random) => Math.max(1, Math.round(4 * Math.exp(1.1 * randomNormal(random)))),
  /** Most customers have 2 rows, one of 50 has 300. */
  "a few of 300": (random: Random) => (random() < 0.02 ? 300 : 2),
} as const;

export type ClusterSizes = keyof typeof CLUSTER_SIZES;

/**
 * A log with several rows per customer and no effect at all: the arm, three features and the chance to buy are the
 * customer's, so the rows of a customer say the same again and again.
 */
export function simulateClustered({
  customers,
  sizes,
  seed,
}: {
  readonly customers: number;
  readonly sizes: ClusterSizes;
  readonly seed: number;
}): TrainingExperiment {
  const random = createRandom(seed * 104_729);
  const rows: { readonly customer: number; readonly arm: number; readonly outcome: number }[] = [];
  const features = Array.from({ length: 3 }, () => [] as number[]);
  for (let customer = 0; customer < customers; customer++) {
    const own = features.map(() => randomNormal(random));
    const arm = random() < 0.5 ? 1 : 0;
    // Some customers hardly ever buy, others mostly do.
    const chance = 1 / (1 + Math.exp(2 - 1.5 * randomNormal(random)));
    const count = CLUSTER_SIZES[sizes](random);
    for (let i = 0; i < count; i++) {
      rows.push({ customer, arm, outcome: random() < chance ? 1 : 0 });
      for (const [j, column] of features.entries()) column.push(own[j] as number);
    }
  }
  return {
    rows: rows.length,
    arms: { labels: ["none", "offer"], codes: Int32Array.from(rows, ({ arm }) => arm) },
    outcome: Float64Array.from(rows, ({ outcome }) => outcome),
    clusters: Int32Array.from(rows, ({ customer }) => customer),
    features: {
      rows: rows.length,
      columns: new Map(features.map((values, j): [string, Column] => [`x${j + 1}`, numberColumn(values)])),
    },
  };
}
