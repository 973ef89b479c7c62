import { createRandom, randomNormal } from "../../../src/core/index.ts";
import { addReward, emptyLinearArm, freezeLinear } from "../../../src/learning/index.ts";
import type { ExperimentBenchOptions } from "../experiments.ts";

/** A million decisions of a linear Thompson policy with exact propensities. */
export function benchLinear({ rows = 1_000_000 }: ExperimentBenchOptions): void {
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
}
