import { trainOffers } from "../../../src/offers/index.ts";
import { simulateCoupon, simulatePromotion } from "../../simulate/experiments.ts";
import { recovery } from "./recovery.ts";
import { type BenchOptions, CREATED_AT, JOBS, round } from "./tools.ts";

/** Experiments of other shapes: revenue, and money after costs on a rare purchase. */
export async function benchShapes({ rows }: BenchOptions): Promise<void> {
  const table = [];
  for (const [name, make, usual] of [
    ["two coupons, revenue", simulateCoupon, 40_000],
    ["a promotion, 10 x purchases - 0.15", simulatePromotion, 84_000],
  ] as const) {
    for (const differ of [true, false]) {
      for (const seed of [1, 2]) {
        const simulated = make({ rows: rows ?? usual, seed, differ });
        const startedAt = performance.now();
        const { model } = await trainOffers(
          { experiment: simulated.experiment },
          { seed, createdAt: CREATED_AT, jobs: JOBS },
        );
        const seconds = round((performance.now() - startedAt) / 1000, 1);
        table.push({ shape: name, "customers differ": differ, ...recovery(model, simulated), seconds });
      }
    }
  }
  console.log("\nOther shapes, automatic choice");
  console.table(table);
}
