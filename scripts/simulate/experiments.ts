import {
  type Column,
  categoryColumn,
  createRandom,
  numberColumn,
  type Random,
  randomNormal,
} from "../../src/core/index.ts";
import type { TrainingExperiment } from "../../src/offers/index.ts";

/** A randomised experiment and what each offer truly adds to each customer. */
export interface SimulatedExperiment {
  readonly experiment: TrainingExperiment;
  /** Per offer (without the control) and row: the expected extra outcome. */
  readonly effects: readonly Float64Array[];
}

export interface ShapeOptions {
  readonly rows: number;
  readonly seed: number;
  /** Whether customers differ in what the offers do to them; else the effect is the same for all. */
  readonly differ: boolean;
}

/**
 * A promotion on a rare purchase: seven columns V1 to V7, two equal arms, some 0.9 % buy. The outcome is money: 10 per
 * purchase, less 0.15 for each promotion shown. Where customers differ, the promotion wins those with V4 = 2 and V5
 * of 3 or more, and hardly anybody else.
 */
export function simulatePromotion({ rows, seed, differ }: ShapeOptions): SimulatedExperiment & {
  readonly purchases: Float64Array;
} {
  const random = createRandom(seed);
  const people = Array.from({ length: rows }, () => ({
    v1: whole(random, 4),
    v2: 30 + 5 * randomNormal(random),
    v3: randomNormal(random),
    v4: 1 + whole(random, 2),
    v5: 1 + whole(random, 4),
    v6: 1 + whole(random, 4),
    v7: 1 + whole(random, 2),
  }));
  const base = people.map(({ v3, v4, v6 }) => 0.006 * Math.exp(0.25 * v3 + (v4 === 2 ? 0.2 : 0) - 0.05 * v6));
  const added = people.map(({ v4, v5, v2 }) =>
    differ ? (v4 === 2 && v5 >= 3 ? 0.028 : 0.0005) * (v2 > 28 ? 1.2 : 0.6) : 0.009,
  );
  const shown = Int32Array.from(people, () => whole(random, 2));
  const purchases = Float64Array.from(people, (_, row) =>
    random() < (base[row] as number) + (shown[row] === 1 ? (added[row] as number) : 0) ? 1 : 0,
  );
  const names = ["v1", "v2", "v3", "v4", "v5", "v6", "v7"] as const;
  return {
    experiment: {
      rows,
      arms: { labels: ["none", "promotion"], codes: shown },
      outcome: purchases.map((bought, row) => 10 * bought - 0.15 * (shown[row] as number)),
      features: tableOf(
        rows,
        names.map((name) => [name.toUpperCase(), numberColumn(people.map((person) => person[name]))]),
      ),
    },
    effects: [Float64Array.from(added, (effect) => 10 * effect - 0.15)],
    purchases,
  };
}

/**
 * A coupon test with revenue: two coupons against none, most customers spend nothing, the others a log-normal amount.
 * Where customers differ, the small coupon wins lapsed customers, the large one those who buy by phone, and both lose
 * money with regulars, who would have paid the full price.
 */
export function simulateCoupon({ rows, seed, differ }: ShapeOptions): SimulatedExperiment {
  const random = createRandom(seed);
  const channels = ["web", "phone", "shop"];
  const people = Array.from({ length: rows }, () => ({
    recency: 1 + whole(random, 12),
    visits: Math.floor(-3 * Math.log(1 - random())),
    spent: Math.exp(4 + 0.9 * randomNormal(random)),
    channel: whole(random, 3),
    isRegular: random() < 0.3,
  }));
  const buys = people.map(
    ({ recency, visits, isRegular }) =>
      0.02 + 0.004 * Math.min(8, visits) + (isRegular ? 0.05 : 0) + 0.01 / recency,
  );
  const basket = people.map(({ spent }) => 20 + 0.3 * Math.min(spent, 400));
  const added = [
    people.map(({ recency, isRegular }) => {
      if (isRegular) return 0;
      return recency > 6 ? 0.05 : 0.005;
    }),
    people.map(({ channel, isRegular }) => (!isRegular && channel === 1 ? 0.07 : 0.01)),
  ];
  const discount = [5, 12];
  const arm = Int32Array.from(people, () => whole(random, 3));
  const meanOf = (row: number, offer: number) =>
    ((buys[row] as number) + (added[offer]?.[row] as number)) *
      ((basket[row] as number) - (discount[offer] as number)) -
    (buys[row] as number) * (basket[row] as number);
  const effects = added.map((_, offer) =>
    Float64Array.from(people, (_, row) => (differ ? meanOf(row, offer) : 0.4 * (offer + 1))),
  );
  const outcome = Float64Array.from(people, (_, row) => {
    const offer = (arm[row] as number) - 1;
    const price = (basket[row] as number) * Math.exp(0.5 * randomNormal(random) - 0.125);
    if (offer < 0 || !differ) {
      // Alike for all: the same sum on top, now and then.
      const spent = random() < (buys[row] as number) ? price : 0;
      const extra = offer >= 0 && random() < 0.02 ? 20 * (offer + 1) : 0;
      return cents(spent + extra);
    }
    const chance = (buys[row] as number) + (added[offer]?.[row] as number);
    return random() < chance ? cents(Math.max(0, price - (discount[offer] as number))) : 0;
  });
  return {
    experiment: {
      rows,
      arms: { labels: ["none", "5 off", "12 off"], codes: arm },
      outcome,
      features: tableOf(rows, [
        ["months_since_purchase", numberColumn(people.map((person) => person.recency))],
        ["visits", numberColumn(people.map((person) => person.visits))],
        ["spent_last_year", numberColumn(people.map((person) => cents(person.spent)))],
        ["channel", categoryColumn(people.map((person) => channels[person.channel]))],
        ["is_regular", categoryColumn(people.map((person) => (person.isRegular ? "yes" : "no")))],
      ]),
    },
    effects,
  };
}

/**
 * A small experiment of one or two offers with six features that tell who buys. Each offer adds `effect` for everyone,
 * or, where customers differ, between 0 and twice that, by one feature.
 */
export function simulateTrial(
  { rows, seed, differ }: ShapeOptions,
  { offers = 1, effect = 0.04 }: { readonly offers?: number; readonly effect?: number } = {},
): SimulatedExperiment {
  const random = createRandom(seed);
  const x = Array.from({ length: 4 }, () => Float64Array.from({ length: rows }, () => randomNormal(random)));
  const region = Array.from({ length: rows }, () => whole(random, 4));
  const member = Array.from({ length: rows }, () => whole(random, 2));
  const codes = Int32Array.from({ length: rows }, () => whole(random, offers + 1));
  const at = (j: number, row: number) => x[j]?.[row] as number;
  const effects = Array.from({ length: offers }, (_, offer) =>
    Float64Array.from({ length: rows }, (_, row) => effect * (differ ? 1 + Math.tanh(at(offer, row)) : 1)),
  );
  const outcome = Float64Array.from(codes, (arm, row) => {
    const base = 1 / (1 + Math.exp(1.8 - 0.6 * at(0, row) - 0.3 * at(2, row) - (member[row] ? 0.4 : 0)));
    return random() < 0.85 * base + (arm === 0 ? 0 : (effects[arm - 1]?.[row] as number)) ? 1 : 0;
  });
  const labels = ["none", ...effects.map((_, offer) => `offer ${offer + 1}`)];
  return {
    experiment: {
      rows,
      arms: { labels, codes },
      outcome,
      features: tableOf(rows, [
        ...x.map((values, j): [string, Column] => [`x${j}`, { kind: "number", values }]),
        ["region", categoryColumn(region.map((code) => `r${code}`))],
        ["member", numberColumn(member)],
      ]),
    },
    effects,
  };
}

function whole(random: Random, below: number): number {
  return Math.floor(random() * below);
}

function cents(amount: number): number {
  return Math.round(100 * amount) / 100;
}

function tableOf(rows: number, columns: readonly [string, Column][]) {
  return { rows, columns: new Map(columns) };
}
