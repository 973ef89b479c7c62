import { createRandom, type Random } from "../../../src/core/index.ts";
import {
  ALGORITHMS,
  type Algorithm,
  type ArmPrior,
  type ArmRewards,
  armWeights,
  withFloor,
} from "../../../src/learning/index.ts";
import type { ExperimentBenchOptions } from "../experiments.ts";

const BATCHES = 20;
const CUSTOMERS = 5000;
/** What the arms truly earn: purchases per customer. */
const TRUTH = [0.1, 0.11, 0.12, 0.15];
/** What a model trained on an earlier campaign expects, with the weight of 300 customers: right in order, off in size. */
const PRIOR: readonly ArmPrior[] = [0.09, 0.1, 0.13, 0.14].map((mean) => ({ mean, weight: 300 }));

/** Twenty weekly batches of a campaign with four arms: what is lost against always showing the best one. */
export function benchBandits({ runs = 200 }: ExperimentBenchOptions): void {
  process.stdout.write(
    `\n${runs} campaigns of ${BATCHES} batches of ${CUSTOMERS}, four arms of ${TRUTH.join(", ")}; floor of 5 %, 100 customers an arm first\n`,
  );
  process.stdout.write("  algorithm            regret of uniform   best arm's share, last batch\n");
  const uniform =
    BATCHES * CUSTOMERS * (Math.max(...TRUTH) - TRUTH.reduce((sum, own) => sum + own, 0) / TRUTH.length);
  for (const algorithm of ALGORITHMS) {
    for (const priors of [undefined, PRIOR]) {
      const { regret, share } = simulate(algorithm, priors, runs);
      const name = `${algorithm}${priors === undefined ? "" : " with prior"}`;
      process.stdout.write(
        `  ${name.padEnd(28)} ${((100 * regret) / uniform).toFixed(1).padStart(6)} %   ${(100 * share).toFixed(1).padStart(8)} %\n`,
      );
    }
  }
}

function simulate(algorithm: Algorithm, priors: readonly ArmPrior[] | undefined, runs: number) {
  let regret = 0;
  let share = 0;
  const best = Math.max(...TRUTH);
  for (let run = 0; run < runs; run++) {
    const random = createRandom(run + 1);
    let arms: ArmRewards[] = TRUTH.map(() => ({ n: 0, sum: 0, squares: 0 }));
    let shares = new Float64Array(TRUTH.length);
    for (let batch = 0; batch < BATCHES; batch++) {
      shares = Float64Array.from(withFloor(armWeights(arms, { algorithm, reward: "binary", priors }), arms));
      const shown = spread(shares, random);
      arms = arms.map(({ n, sum }, arm) => {
        const own = shown[arm] ?? 0;
        const p = TRUTH[arm] ?? 0;
        regret += own * (best - p);
        let bought = 0;
        for (let i = 0; i < own; i++) if (random() < p) bought++;
        return { n: n + own, sum: sum + bought, squares: sum + bought };
      });
    }
    share += shares[TRUTH.indexOf(best)] ?? 0;
  }
  return { regret: regret / runs, share: share / runs };
}

function spread(shares: Float64Array, random: Random): number[] {
  const counts = Array.from(shares, () => 0);
  for (let i = 0; i < CUSTOMERS; i++) {
    let u = random();
    let arm = 0;
    while (arm < shares.length - 1 && u >= (shares[arm] ?? 0)) u -= shares[arm++] ?? 0;
    counts[arm] = (counts[arm] ?? 0) + 1;
  }
  return counts;
}
