import { trainOffers } from "../../../src/offers/index.ts";
import {
  type ShapeOptions,
  type SimulatedExperiment,
  simulateCoupon,
  simulateTrial,
} from "../../simulate/experiments.ts";
import { type BenchOptions, CREATED_AT, round } from "./tools.ts";

const SHAPES: readonly {
  name: string;
  rows: number;
  make: (options: ShapeOptions) => SimulatedExperiment;
}[] = [
  { name: "one offer, purchases", rows: 3_000, make: (options) => simulateTrial(options) },
  { name: "two offers, purchases", rows: 4_500, make: (options) => simulateTrial(options, { offers: 2 }) },
  { name: "two coupons, revenue", rows: 4_500, make: simulateCoupon },
];

/**
 * How often the selector says that customers differ: where they do not (it should be wrong in at most 5 of 100), and
 * where they do.
 */
export async function benchVerdict({ runs = 200, rows, learner = "auto" }: BenchOptions): Promise<void> {
  const table = [];
  for (const { name, rows: usual, make } of SHAPES) {
    for (const [differ, factor] of [
      [false, 1],
      [true, 1],
      [true, 4],
    ] as const) {
      const size = (rows ?? usual) * factor;
      const count = differ ? Math.ceil(runs / 5) : runs;
      let shown = 0;
      for (let seed = 1; seed <= count; seed++) {
        const { experiment } = make({ rows: size, seed, differ });
        const { model } = await trainOffers({ experiment }, { seed, createdAt: CREATED_AT, learner });
        if (model.uplift?.heterogeneity.shown) shown++;
      }
      const share = shown / count;
      table.push({
        shape: name,
        rows: size,
        "customers differ": differ,
        experiments: count,
        "said to differ, %": round(100 * share, 1),
        "standard error": round(100 * Math.sqrt((share * (1 - share)) / count), 1),
      });
      console.log(JSON.stringify(table.at(-1)));
    }
  }
  console.log(`\nHow often customers are said to differ, learner ${learner}`);
  console.table(table);
}
