import { createRandom, type Random, randomNormal } from "../../../src/core/index.ts";
import {
  type Algorithm,
  addReward,
  armWeights,
  emptyLinearArm,
  freezeLinear,
  isLinear,
  type LinearAlgorithm,
  type LinearArm,
  mostOf,
  residualDeviation,
  withFloor,
} from "../../../src/learning/index.ts";
import type { ExperimentBenchOptions } from "../experiments.ts";

/** A million decisions of a linear Thompson policy with exact propensities, and what such policies earn. */
export function benchLinear({ rows = 1_000_000, runs = 20 }: ExperimentBenchOptions): void {
  for (const [features, armCount] of [
    [10, 4],
    [50, 4],
  ] as const) {
    const random = createRandom(3);
    const arms = Array.from({ length: armCount }, () => emptyLinearArm(features));
    const person = () => Float64Array.from({ length: features }, () => randomNormal(random));
    for (const arm of arms) for (let i = 0; i < 2000; i++) addReward(arm, person(), random() < 0.1 ? 1 : 0);
    const policy = freezeLinear(arms);
    const people = Array.from({ length: 1000 }, person);
    const started = process.cpuUsage();
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += policy.bestChances(people[i % people.length] ?? [])[0] ?? 0;
    const seconds = process.cpuUsage(started).user / 1e6;
    process.stdout.write(
      `\nLinTS, ${rows} decisions, ${features} features, ${armCount} arms: ${seconds.toFixed(1)} s of processor time (first arm ${(sum / rows).toFixed(3)})\n`,
    );
  }
  process.stdout.write(
    `\n${runs} campaigns of ${BATCHES} batches of ${CUSTOMERS}, ${ARMS} arms, ${FEATURES} features; regret, relative to equal shares\n`,
  );
  process.stdout.write("  algorithm      customers differ   customers do not differ\n");
  for (const algorithm of ["thompson", "lin-ts", "lin-ucb"] as const) {
    const shares = [1, 0].map((slope) => (100 * regretOf(algorithm, slope, runs)).toFixed(1).padStart(14));
    process.stdout.write(`  ${algorithm.padEnd(12)} ${shares.join(" %")} %\n`);
  }
}

const BATCHES = 20;
const CUSTOMERS = 5000;
const ARMS = 4;
/** With the constant. */
const FEATURES = 6;

/** P(buy) of an arm: 12 % on average, other customers prefer other arms; without slopes the arms differ by a point. */
function truth(x: Float64Array, arm: number, slope: number): number {
  return 0.12 + (slope === 0 ? 0.01 * (arm - 1.5) : 0.03 * slope * (x[arm + 1] ?? 0));
}

/** Lost purchases against the best arm of each customer, as a share of those of equal shares. */
function regretOf(algorithm: Algorithm | LinearAlgorithm, slope: number, runs: number): number {
  let [lost, even] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const random = createRandom(run + 1);
    const arms = Array.from({ length: ARMS }, () => emptyLinearArm(FEATURES));
    for (let batch = 0; batch < BATCHES; batch++) {
      const sharesOf = frozen(algorithm, arms);
      const shown = Array.from({ length: CUSTOMERS }, () => decide(sharesOf, random));
      for (const { x, arm } of shown) {
        const chances = Array.from({ length: ARMS }, (_, own) => truth(x, own, slope));
        const best = Math.max(...chances);
        lost += best - (chances[arm] ?? 0);
        even += best - chances.reduce((sum, chance) => sum + chance, 0) / ARMS;
        const own = arms[arm];
        if (own) addReward(own, x, random() < (chances[arm] ?? 0) ? 1 : 0);
      }
    }
  }
  return lost / even;
}

function decide(sharesOf: (x: Float64Array) => Float64Array, random: Random) {
  const x = Float64Array.from({ length: FEATURES }, (_, i) => (i === 0 ? 1 : 2 * random() - 1));
  const shares = sharesOf(x);
  let u = random();
  let arm = 0;
  while (arm < ARMS - 1 && u >= (shares[arm] ?? 0)) u -= shares[arm++] ?? 0;
  return { x, arm };
}

function frozen(algorithm: Algorithm | LinearAlgorithm, arms: readonly LinearArm[]) {
  const rewards = arms.map(({ n, b, squares }) => ({ n, sum: b[0] ?? 0, squares }));
  if (!isLinear(algorithm)) {
    const shares = withFloor(armWeights(rewards, { algorithm, reward: "amount" }), rewards);
    return () => shares;
  }
  const policy = freezeLinear(arms, { alpha: residualDeviation(arms) });
  return (x: Float64Array) =>
    withFloor(algorithm === "lin-ts" ? policy.bestChances(x) : mostOf(policy.upperBounds(x)), rewards);
}
