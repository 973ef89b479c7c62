import { encodeExperiment, learnUplift } from "../../../src/learning/index.ts";
import { CLUSTER_SIZES, type ClusterSizes, simulateClustered } from "../../simulate/clustered.ts";
import { type BenchOptions, round } from "./tools.ts";

/**
 * False claims of the automatic choice where a customer has several rows, the numbers of rows differ, and offers do
 * nothing: that customers differ, and that the offer has an average effect. At most 5 of 100 experiments may claim each.
 */
export async function benchClusters({ nulls = 60, rows = 800 }: BenchOptions): Promise<void> {
  const table = [];
  for (const sizes of Object.keys(CLUSTER_SIZES) as ClusterSizes[]) {
    let [differ, effects, total] = [0, 0, 0];
    for (let seed = 1; seed <= nulls; seed++) {
      const experiment = simulateClustered({ customers: rows, sizes, seed });
      total += experiment.rows;
      const { model, metrics } = await learnUplift(encodeExperiment(experiment), {
        learner: "auto",
        terms: [{ offerId: "offer", margin: 1, cost: 0 }],
        seed,
        jobs: 1,
      });
      if (model.heterogeneity.shown) differ++;
      const [arm] = metrics.arms;
      if (arm && (arm.averageUplift.low > 0 || arm.averageUplift.high < 0)) effects++;
    }
    table.push({
      "rows a customer": sizes,
      customers: rows,
      rows: round(total / nulls, 0),
      experiments: nulls,
      "said to differ": differ,
      "said to have an effect": effects,
    });
    console.log(JSON.stringify(table.at(-1)));
  }
  console.log("\nFalse claims, several rows a customer, automatic choice");
  console.table(table);
}
