import { join } from "node:path";
import { evaluatePolicy } from "../../../src/experiments/index.ts";
import type { ExperimentBenchOptions } from "../experiments.ts";

/** The uniform policy on the logs of another one: Open Bandit, small sample (Saito et al. 2020). */
export async function benchLogged({ folder }: ExperimentBenchOptions): Promise<void> {
  if (folder === undefined) {
    process.stdout.write("\nlogged: skipped, pass --folder with bts-men.csv and bts-women.csv\n");
    return;
  }
  const columns = { action: "item_id", propensity: "propensity_score", reward: "click", stratum: "position" };
  for (const campaign of ["men", "women"]) {
    const log = join(folder, `bts-${campaign}.csv`);
    const { overlap, estimates, refusal } = await evaluatePolicy({ log, columns, policy: "uniform" });
    const { ips, snips } = estimates;
    process.stdout.write(
      `\n${campaign}: IPS ${ips.value.toFixed(7)}, SNIPS ${snips.value.toFixed(7)}, effective rows ${overlap.effectiveRows.toFixed(2)}, largest weight ${overlap.largestWeight.toFixed(2)}; ${refusal ?? "verdict given"}\n`,
    );
  }
}
