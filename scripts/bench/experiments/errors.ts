import { createRandom, type Random } from "../../../src/core/index.ts";
import {
  differenceOfMeans,
  powerOf,
  sampleOf,
  sequenceInterval,
  smallestEffect,
} from "../../../src/statistics/index.ts";
import type { ExperimentBenchOptions } from "../experiments.ts";

const DAYS = 28;
const PER_DAY = 200;
const BASE = 0.05;

/**
 * Campaigns without an effect, and with the effect that 80 % power is planned for, read on each of 28 days: how often a
 * verdict is false, how often an effect shows, and how often the interval holds the truth on all days.
 */
export function benchErrors({ runs = 10_000 }: ExperimentBenchOptions): void {
  const arms = { control: DAYS * PER_DAY, arm: DAYS * PER_DAY };
  const variance = BASE * (1 - BASE);
  const plan = { mean: BASE, variance, ...arms, isRate: true };
  const effect = smallestEffect(plan, 0.8, { relative: false }) ?? 0;
  process.stdout.write(
    `\n${runs} campaigns, ${DAYS} daily looks, ${PER_DAY} customers an arm and day, base ${BASE}; planned effect ${effect.toFixed(5)}\n`,
  );
  const none = simulate(0, runs, 1);
  const some = simulate(effect, runs, 2);
  const share = (count: number) => `${((100 * count) / runs).toFixed(2)} %`;
  const planned = powerOf(plan, effect, {
    relative: false,
    tuning: 2 * DAYS * PER_DAY,
  });
  const rows = [
    ["no effect: sequence, at any look, says more or less", share(none.sequence)],
    ["no effect: fixed interval, once at the end", share(none.fixed)],
    ["no effect: plain intervals, at any look", share(none.peeked)],
    ["no effect: sequence holds the truth at all looks", share(none.covered)],
    ["effect: fixed interval, once at the end", share(some.fixed)],
    ["effect: sequence, at any look", share(some.sequence)],
    ["effect: sequence, planned for the last look", `${(100 * planned).toFixed(2)} %`],
    ["effect: sequence holds the truth at all looks", share(some.covered)],
  ];
  for (const [label = "", value = ""] of rows) process.stdout.write(`  ${label.padEnd(54)} ${value}\n`);
}

interface Campaign {
  readonly effect: number;
  readonly drawControl: (random: Random) => number;
  readonly drawArm: (random: Random) => number;
  readonly random: Random;
}

function simulate(effect: number, runs: number, seed: number) {
  const campaign = {
    effect,
    random: createRandom(seed),
    drawControl: binomial(PER_DAY, BASE),
    drawArm: binomial(PER_DAY, BASE + effect),
  };
  const counts = { sequence: 0, fixed: 0, peeked: 0, covered: 0 };
  for (let run = 0; run < runs; run++) {
    const seen = readDaily(campaign);
    for (const name of ["sequence", "fixed", "peeked", "covered"] as const)
      counts[name] += Number(seen[name]);
  }
  return counts;
}

function readDaily({ effect, random, drawControl, drawArm }: Campaign) {
  let [control, arm] = [0, 0];
  const seen = { sequence: false, fixed: false, peeked: false, covered: true };
  const excludes = ({ low, high }: { low: number; high: number }, value: number) =>
    low > value || high < value;
  for (let day = 1; day <= DAYS; day++) {
    control += drawControl(random);
    arm += drawArm(random);
    const n = day * PER_DAY;
    const sample = (sum: number) => sampleOf({ n, sum, squares: sum });
    const found = differenceOfMeans(sample(control), sample(arm));
    if (found === null) continue;
    const sequence = sequenceInterval(found, 2 * n, { tuning: 2 * DAYS * PER_DAY });
    if (excludes(sequence, 0)) seen.sequence = true;
    if (excludes(sequence, effect)) seen.covered = false;
    seen.fixed = excludes(found, 0);
    if (seen.fixed) seen.peeked = true;
  }
  return seen;
}

/** Draws from a binomial distribution by its distribution function. */
function binomial(n: number, p: number): (random: Random) => number {
  const shares: number[] = [];
  let chance = (1 - p) ** n;
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    sum += chance;
    shares.push(sum);
    chance *= ((n - k) / (k + 1)) * (p / (1 - p));
  }
  return (random) => {
    const u = random();
    let k = 0;
    while (k < n && u > (shares[k] ?? 1)) k++;
    return k;
  };
}
