import { type TrainingExperiment, trainOffers } from "../../../src/offers/index.ts";
import { simulateCoupon, simulatePromotion } from "../../simulate/experiments.ts";
import { peerEffects } from "./peers.ts";
import { type BenchOptions, CREATED_AT, JOBS, meanOf, pick, round, scoresOf } from "./tools.ts";

interface Decision {
  /** Per test row, the arm shown; 0: nothing. */
  readonly arms: Int32Array;
  /** Per arm, the effects decided by; null where none were given. */
  readonly effects: readonly Float64Array[] | null;
}

/**
 * `splits` coupon tests and `runs` promotions. What decisions earn on customers that took no part in training, by the truth of the simulation: a promotion that 0.9 % buy
 * at (10 a purchase, 0.15 a promotion), and two coupons with revenue, beside scikit-learn's peers on the same rows.
 */
export async function benchMoney({ splits = 5, runs = splits, rows }: BenchOptions): Promise<void> {
  const promotion: Record<string, number[]> = {};
  const coupon: Record<string, number[]> = {};
  for (let seed = 1; seed <= splits; seed++) {
    if (seed <= runs) await promote(seed, rows ?? 84_000, promotion);
    await giveCoupons(seed, rows ?? 20_000, coupon);
    console.log(`split ${seed}`, JSON.stringify(last(promotion)), JSON.stringify(last(coupon)));
  }
  for (const [name, found] of [
    [
      `Promotion: net revenue per 1,000 customers, slope of calibration, share shown (${runs} splits)`,
      promotion,
    ],
    ["Coupons: worth per 1,000 customers over showing none", coupon],
  ] as const) {
    console.log(`\n${name}, mean of ${splits} splits`);
    console.table(
      Object.fromEntries(Object.entries(found).map(([key, values]) => [key, round(meanOf(values), 3)])),
    );
  }
}

async function promote(seed: number, rows: number, found: Record<string, number[]>): Promise<void> {
  const simulated = simulatePromotion({ rows: 1.5 * rows, seed, differ: true });
  const purchases = { ...simulated.experiment, outcome: simulated.purchases };
  const order = Uint32Array.from({ length: 1.5 * rows }, (_, row) => row);
  const [train, test] = [pick(purchases, order.subarray(0, rows)), pick(purchases, order.subarray(rows))];
  const truth = [
    Float64Array.from(order.subarray(rows), (row) => ((simulated.effects[0]?.[row] ?? 0) + 0.15) / 10),
  ];
  const terms = { margin: 10, cost: 0.15 };
  const offers = [{ id: "promotion", product: "promotion", ...terms }];
  const own = await decide(train, test, offers);
  record("ours", own);
  const peers = peerEffects(train, test.features, "binary");
  for (const [name, effects] of peers ?? []) record(name, byEffects(effects, terms));
  record("everyone", { arms: new Int32Array(test.rows).fill(1), effects: null });
  record("ideal", byEffects(truth, terms));

  function record(name: string, { arms, effects }: Decision): void {
    add(found, name, (1000 / test.rows) * worth(arms, truth, terms));
    add(found, `${name}, share`, meanOf([...arms]));
    if (effects) add(found, `${name}, slope`, slopeOf(effects[0] as Float64Array, truth[0] as Float64Array));
  }
}

async function giveCoupons(seed: number, rows: number, found: Record<string, number[]>): Promise<void> {
  const { experiment, effects } = simulateCoupon({ rows, seed, differ: true });
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  const half = rows >> 1;
  const [train, test] = [pick(experiment, order.subarray(0, half)), pick(experiment, order.subarray(half))];
  const truth = effects.map((column) => column.slice(half));
  const terms = { margin: 1, cost: 0 };
  const record = (name: string, arms: Int32Array) =>
    add(found, name, (1000 / test.rows) * worth(arms, truth, terms));
  record("ours", (await decide(train, test, undefined)).arms);
  for (const [name, own] of peerEffects(train, test.features, "value") ?? [])
    record(name, byEffects(own, terms).arms);
  record("5 off for all", new Int32Array(test.rows).fill(1));
  record("12 off for all", new Int32Array(test.rows).fill(2));
  record("ideal", byEffects(truth, terms).arms);
}

interface Terms {
  readonly margin: number;
  readonly cost: number;
}

async function decide(
  train: TrainingExperiment,
  test: TrainingExperiment,
  offers: Parameters<typeof trainOffers>[0]["offers"],
): Promise<Decision> {
  const { model } = await trainOffers({ experiment: train, offers }, { createdAt: CREATED_AT, jobs: JOBS });
  const scores = scoresOf(model, test.features);
  const labels = train.arms.labels;
  return {
    arms: Int32Array.from(scores, ({ best }) => Math.max(0, labels.indexOf(best, 1))),
    effects: labels
      .slice(1)
      .map((label) =>
        Float64Array.from(
          scores,
          (score) => score.scores.find(({ offerId }) => offerId === label)?.uplift ?? 0,
        ),
      ),
  };
}

function byEffects(effects: readonly Float64Array[], { margin, cost }: Terms): Decision {
  const arms = Int32Array.from(effects[0] ?? [], (_, row) => {
    let [best, most] = [0, 0];
    for (const [arm, column] of effects.entries()) {
      const value = margin * (column[row] as number) - cost;
      if (value > most) [best, most] = [arm + 1, value];
    }
    return best;
  });
  return { arms, effects };
}

function worth(arms: Int32Array, truth: readonly Float64Array[], { margin, cost }: Terms): number {
  return arms.reduce(
    (sum, arm, row) => (arm === 0 ? sum : sum + margin * (truth[arm - 1]?.[row] as number) - cost),
    0,
  );
}

/** Least squares of the truth on what was predicted: 1 where predictions are as large as what they predict. */
function slopeOf(predicted: Float64Array, truth: Float64Array): number {
  const [meanX, meanY] = [meanOf([...predicted]), meanOf([...truth])];
  let [xy, xx] = [0, 0];
  for (let row = 0; row < truth.length; row++) {
    const x = (predicted[row] as number) - meanX;
    xy += x * ((truth[row] as number) - meanY);
    xx += x * x;
  }
  return xx > 0 ? xy / xx : Number.NaN;
}

function add(found: Record<string, number[]>, name: string, value: number): void {
  found[name] = [...(found[name] ?? []), value];
}

function last(found: Record<string, number[]>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(found).map(([name, values]) => [name, round(values.at(-1) ?? 0, 2)]),
  );
}
