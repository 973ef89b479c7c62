import { describe, expect, it } from "vitest";
import { createRandom, numberColumn } from "../../src/core/index.ts";
import { type Doubt, logDoubts } from "../../src/learning/index.ts";
import { logSentences } from "../../src/offers/report/log-words.ts";
import { cannotTell } from "../../src/offers/report/uplift-words.ts";
import { checkExperiment, experimentWarnings, inspectColumns } from "../../src/statistics/index.ts";
import { table } from "../offers/simulate.ts";

/** Logs with a known truth whose rows, and not their columns, show that arms cannot be compared. */

interface Row {
  readonly arm: number;
  readonly outcome: number;
  readonly customer?: number;
  readonly week?: number;
}

const LABELS = ["none", "a", "b"];

function logOf(rows: readonly Row[]) {
  const random = createRandom(77);
  const clusters =
    rows[0]?.customer === undefined ? null : Int32Array.from(rows, ({ customer = 0 }) => customer);
  return {
    rows: rows.length,
    arms: {
      labels: LABELS.slice(0, 1 + Math.max(...rows.map(({ arm }) => arm))),
      codes: Int32Array.from(rows, ({ arm }) => arm),
    },
    outcome: Float64Array.from(rows, ({ outcome }) => outcome),
    clusters,
    features: table({
      age: numberColumn(rows.map(() => 18 + Math.floor(60 * random()))),
      ...(rows[0]?.week === undefined ? {} : { week: numberColumn(rows.map(({ week = 0 }) => week)) }),
    }),
  };
}

function doubtsOf(rows: readonly Row[]): Doubt[] {
  return logDoubts(logOf(rows), { seed: 1 });
}

const kindsOf = (rows: readonly Row[]) => doubtsOf(rows).map(({ kind, arms }) => [kind, ...arms]);

function draw(count: number, seed: number, of: (random: () => number, at: number) => Row): Row[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => of(random, i / count));
}

/** One of some arms, each as likely as the others. */
const one = (random: () => number, arms: readonly number[]) =>
  arms[Math.floor(arms.length * random())] as number;
const buys = (random: () => number, rate: number) => (random() < rate ? 1 : 0);

/** Offer b ran only in the second half, in which everyone buys more; it does nothing. */
const late = (seed: number) =>
  draw(9_000, seed, (random, at) => {
    const arm = one(random, at < 0.5 ? [0, 1] : [0, 1, 2]);
    return { arm, outcome: buys(random, (at < 0.5 ? 0.1 : 0.2) + (arm === 1 ? 0.03 : 0)) };
  });

describe("an arm that ran at other times than the control", () => {
  it("is told by the order of the rows, where no column has the time", () => {
    expect(kindsOf(late(1))).toEqual([["drifting", "b"]]);
    expect(cannotTell(doubtsOf(late(1)))).toMatch(/effect of b beyond error.*Add the time of the treatment/);
  });

  it("is told where its probability grew from day to day", () => {
    const bandit = draw(9_000, 2, (random, at) => {
      const arm = buys(random, 0.2 + 0.6 * at);
      return { arm, outcome: buys(random, 0.08 + 0.15 * at + 0.03 * arm) };
    });
    expect(kindsOf(bandit)).toEqual([["drifting", "a"]]);
  });

  it("is told by a column that changes between the rows of a customer", () => {
    const random = createRandom(3);
    const rows = Array.from({ length: 1_200 }, (_, customer) =>
      Array.from({ length: 6 }, (_, i): Row => {
        const week = i + 1;
        const arm = one(random, week < 4 ? [0, 1] : [0, 1, 2]);
        return { customer, week, arm, outcome: buys(random, week < 4 ? 0.1 : 0.2) };
      }),
    ).flat();
    expect(kindsOf(rows).map(([kind]) => kind)).toContain("moved");
    const log = logOf(rows);
    expect(inspectColumns(log.arms, log.outcome, log.features).map(({ feature }) => feature)).toEqual([
      "week",
    ]);
    expect(experimentWarnings(checkExperiment(log)).join()).not.toMatch(/of one value/);
  });

  it("is not suspected where the probabilities stayed, or nothing else changed", () => {
    const steady = draw(9_000, 4, (random, at) => {
      const arm = one(random, [0, 1, 2]);
      return { arm, outcome: buys(random, 0.1 + 0.1 * at + (arm === 1 ? 0.03 : 0)) };
    });
    const level = draw(9_000, 5, (random, at) => {
      const arm = one(random, at < 0.5 ? [0, 1] : [0, 1, 2]);
      return { arm, outcome: buys(random, arm === 1 ? 0.13 : 0.1) };
    });
    expect(kindsOf(steady)).toEqual([]);
    expect(kindsOf(level)).toEqual([]);
  });

  it("is not suspected where the rows are sorted by arm, by outcome, by both, or by arm and time", () => {
    const growing = draw(9_000, 12, (random, at) => {
      const arm = one(random, [0, 1, 2]);
      return { arm, outcome: buys(random, 0.05 + 0.3 * at) };
    });
    expect(kindsOf(growing.toSorted((a, b) => a.arm - b.arm))).toEqual([]);
    const random = draw(6_000, 6, (random) => {
      const arm = one(random, [0, 1, 2]);
      return { arm, outcome: buys(random, arm === 1 ? 0.16 : 0.1) };
    });
    expect(kindsOf(random.toSorted((a, b) => a.arm - b.arm))).toEqual([]);
    expect(kindsOf(random.toSorted((a, b) => b.outcome - a.outcome))).toEqual([]);
    expect(kindsOf(random.toSorted((a, b) => b.outcome - a.outcome || a.arm - b.arm))).toEqual([]);
  });
});

describe("customers with several rows", () => {
  const customers = draw(4_000, 7, (random) => {
    const arm = buys(random, 0.5);
    return { arm, outcome: buys(random, 0.1 + 0.04 * arm) };
  });
  const repeat = (times: (row: Row, random: () => number) => readonly Row[], seed = 8) => {
    const random = createRandom(seed);
    return customers.flatMap((row, customer) => times(row, random).map((own) => ({ ...own, customer })));
  };

  it("who all bought were joined to their purchases, as conversions or as amounts", () => {
    const orders = (row: Row, random: () => number) =>
      Array<Row>(row.outcome === 1 ? 1 + Math.floor(3 * random()) : 1).fill(row);
    expect(kindsOf(repeat(orders))).toEqual([["repeated", "a"]]);
    const amounts = repeat((row, random) =>
      orders(row, random).map((own) => ({ ...own, outcome: own.outcome * (5 + 40 * random()) })),
    );
    expect(kindsOf(amounts)).toEqual([["repeated", "a"]]);
  });

  it("are no doubt where they were contacted several times, or every row is doubled", () => {
    const contacts = (row: Row, random: () => number) =>
      Array.from({ length: 1 + Math.floor(3 * random()) }, () => ({ ...row, outcome: buys(random, 0.1) }));
    expect(kindsOf(repeat(contacts))).toEqual([]);
    expect(kindsOf(repeat((row) => [row, row]))).toEqual([]);
  });
});

describe("amounts of an arm", () => {
  const amounts = (factor: number) =>
    draw(4_000, 9, (random) => {
      const arm = one(random, [0, 1, 2]);
      const amount = Math.round(100 * (5 + 60 * random())) / 100;
      return { arm, outcome: buys(random, 0.15) * amount * (arm === 2 ? factor : 1) };
    });

  it("in another unit than the control's are no effect", () => {
    expect(kindsOf(amounts(100))).toEqual([["units", "b"]]);
    expect(kindsOf(amounts(1 / 1000))).toEqual([["units", "b"]]);
    expect(cannotTell(doubtsOf(amounts(100)))).toMatch(/median amount of b.*Write all amounts in one unit/);
  });

  it("that are twice as large are one, also less what showing the offer costs", () => {
    expect(kindsOf(amounts(2))).toEqual([]);
    const net = amounts(1).map(({ arm, outcome }) => ({ arm, outcome: outcome - 0.15 * arm }));
    expect(kindsOf(net)).toEqual([]);
    expect(kindsOf(amounts(100).map(({ arm, outcome }) => ({ arm, outcome: outcome - 15 * arm })))).toEqual([
      ["units", "b"],
    ]);
  });
});

describe("the arm that was planned", () => {
  it("stays a feature where customers were shown another, so that no number is printed", () => {
    const random = createRandom(10);
    const planned = Array.from({ length: 6_000 }, () => buys(random, 0.5));
    const bought = planned.map((arm) => buys(random, 0.1 + 0.04 * arm));
    // Customers of the control who did not buy were shown the offer later.
    const rows = planned.map((arm, i): Row => {
      const isLate = arm === 0 && bought[i] === 0 && random() < 0.4;
      return { arm: isLate ? 1 : arm, outcome: bought[i] as number };
    });
    const log = logOf(rows);
    const column = { kind: "category", labels: ["None", "A "], codes: Int32Array.from(planned) } as const;
    const features = { ...log.features, columns: new Map([...log.features.columns, ["planned", column]]) };
    const findings = inspectColumns(log.arms, log.outcome, features);
    expect(findings.map(({ kind, feature }) => [kind, feature])).toEqual([["tells treatment", "planned"]]);
    expect(logDoubts({ ...log, features }, { seed: 1 })).not.toEqual([]);
  });
});

describe("a warning", () => {
  const rows = draw(2_000, 11, (random) => {
    const arm = buys(random, 0.5);
    return { arm, outcome: arm * buys(random, 0.08) };
  });
  const warn = (log: Parameters<typeof checkExperiment>[0]) =>
    experimentWarnings(checkExperiment(log)).join("\n");

  it("names an outcome that nobody of the control has, unless chance explains it", () => {
    const control = rows.filter(({ arm }) => arm === 0).length;
    expect(warn(logOf(rows))).toContain(`None of the ${control} customers of none has an outcome`);
    expect(warn(logOf(rows.slice(0, 60)))).not.toContain("has an outcome");
    const other = rows.map((row, i) =>
      i === rows.findIndex(({ arm }) => arm === 0) ? { ...row, outcome: 1 } : row,
    );
    expect(warn(logOf(other))).not.toContain("has an outcome");
  });

  it("of the outcome stands in an evaluation too", () => {
    const checks = checkExperiment(logOf(rows));
    const propensity = { source: "shares", differs: false, trimmed: 0 } as const;
    expect(logSentences({ checks, propensity, doubts: [] }).join()).toContain(
      "customers of none has an outcome",
    );
  });

  it("names many rows without an outcome", () => {
    const received = [
      { arm: "none", rows: 1_300, rejected: 300 },
      { arm: "a", rows: 1_300, rejected: 300 },
    ];
    expect(warn({ ...logOf(rows), received })).toContain("23 % of the rows were rejected");
    const few = received.map((own) => ({ ...own, rejected: 13 }));
    expect(warn({ ...logOf(rows), received: few })).not.toContain("rejected");
  });
});
