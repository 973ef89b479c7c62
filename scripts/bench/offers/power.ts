import { encodeExperiment, learnUplift } from "../../../src/learning/index.ts";
import { simulateModerated } from "../../simulate/moderated.ts";
import { type BenchOptions, round } from "./tools.ts";

/**
 * How often customers are said to differ, by the automatic choice: where an offer adds 4 points for everyone (at most 5 of
 * 100 experiments may say so), and where it adds 4 + 6 x points, x uniform in [-1, 1].
 */
export async function benchPower({ runs = 20, nulls = 200, rows }: BenchOptions): Promise<void> {
  const table = [];
  for (const size of rows === undefined ? [3_000, 10_000] : [rows]) {
    for (const slope of [0.06, 0]) {
      table.push(await claims(size, slope, slope === 0 ? nulls : runs));
      console.log(JSON.stringify(table.at(-1)));
    }
  }
  console.log("\nPower and false claims, automatic choice");
  console.table(table);
}

async function claims(size: number, slope: number, count: number) {
  let [shown, low] = [0, 0];
  for (let seed = 1; seed <= count; seed++) {
    const { experiment } = simulateModerated({ rows: size, seed, slope });
    // What `train` does of a log, without its placebo.
    const terms = [{ offerId: "offer", margin: 1, cost: 0 }];
    const { model } = await learnUplift(encodeExperiment(experiment), {
      learner: "auto",
      terms,
      seed,
      jobs: 1,
    });
    if (model.heterogeneity.shown) shown++;
    if ((model.heterogeneity.tests?.[0]?.adjusted ?? 1) <= 0.1) low++;
    // Hundreds of experiments take hours on a loaded machine.
    if (seed % 20 === 0) console.log(`${size} customers, slope ${slope}: ${shown} of ${seed} said to differ`);
  }
  return {
    customers: size,
    "effect, points": slope === 0 ? "4" : "4 + 6x",
    experiments: count,
    "said to differ": shown,
    share: round(shown / count, 3),
    "p below .1": low,
  };
}
