import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MANUFACTURERS, SWITCHING } from "../../scripts/simulate/switching.ts";
import { categoryColumn, createRandom, numberColumn } from "../../src/core/index.ts";
import { createScorer, type OfferModel, trainOffers } from "../../src/offers/index.ts";
import { batch, joinTransitions, type TransitionRow, table, transitions } from "./simulate.ts";

const createdAt = new Date("2026-11-21T00:00:00Z");

/** The survey that the simulated telco uses, one row per respondent. */
const DUTCH = transitions(
  SWITCHING.flatMap((row, from) =>
    row.map((n, to) => [MANUFACTURERS[from] as string, MANUFACTURERS[to] as string, n] as const),
  ),
);

async function train(
  source: ReturnType<typeof transitions>,
  products: readonly string[] = [source.current.labels[0] as string],
): Promise<OfferModel> {
  const offers = products.map((product) => ({ id: `buy ${product}`, product, margin: 100, cost: 5 }));
  return (await trainOffers({ transitions: source, offers }, { createdAt })).model;
}

function nextOf(model: OfferModel, customer: { current: string; age?: number; residence?: string }) {
  const features = table({
    current_manufacturer: categoryColumn([customer.current]),
    age: numberColumn([customer.age]),
    residence: categoryColumn([customer.residence]),
  });
  return createScorer(model).score(batch(features))[0]?.next ?? {};
}

describe("the Dutch switching survey", async () => {
  const model = await train(DUTCH, ["Apple", "Samsung"]);

  it.each([
    ["Apple", 0.837],
    ["Samsung", 0.662],
    ["Nokia", 0.393],
  ])("gives %s's published retention of %d", (brand, retention) => {
    const loyalty = model.metrics.next?.loyalty.find(({ manufacturer }) => manufacturer === brand);
    expect(loyalty?.rate.value).toBeCloseTo(retention, 3);
    expect(loyalty?.rate.low).toBeLessThan(retention);
    expect(loyalty?.rate.high).toBeGreaterThan(retention);
    // Brands of hundreds of respondents are hardly shrunk.
    expect(Math.abs((nextOf(model, { current: brand })[brand] as number) - retention)).toBeLessThan(0.01);
  });

  it("draws a brand of six respondents towards what is usual", () => {
    const counted = model.metrics.next?.loyalty.find(({ manufacturer }) => manufacturer === "Huawei");
    expect(counted?.customers).toBe(6);
    const shrunk = nextOf(model, { current: "Huawei" });
    expect(shrunk.Huawei).toBeLessThan(4 / 6);
    expect(shrunk.Samsung).toBeGreaterThan(0.05);
  });

  it("predicts better than the overall shares", () => {
    const { logLoss } = model.metrics.next ?? {};
    expect(logLoss?.model).toBeLessThan((logLoss?.overall as number) - 0.2);
  });

  it("gives lift as an association, and expected margin from it", () => {
    const features = table({ current_manufacturer: categoryColumn(["Apple", "Nokia"]) });
    const [apple] = createScorer(model).score(batch(features));
    const [offer] = apple?.scores ?? [];
    const overall = 346 / 1806;
    expect(offer).toMatchObject({
      basis: "lift",
      uplift: null,
      probabilityNone: null,
      probabilityOffer: null,
    });
    expect(offer?.lift).toBeCloseTo((apple?.next?.Apple as number) / overall, 1);
    expect(offer?.expectedValue).toBeCloseTo((apple?.next?.Apple as number) * 100 - 5, 9);
    expect(apple?.best).toBe("buy Apple");
    const cell = model.metrics.next?.switching.find(
      (pair) => pair.current === "Apple" && pair.next === "Apple",
    );
    expect(cell).toMatchObject({ customers: 175 });
    expect(cell?.lift.value).toBeCloseTo(175 / 209 / overall, 9);
  });
});

describe("shrinkage", () => {
  it("vanishes where there are many customers", async () => {
    const many: TransitionRow[] = [];
    const add = (n: number, row: TransitionRow) => {
      for (let i = 0; i < n; i++) many.push(row);
    };
    for (const [residence, stay] of [
      ["Delft", 9_000],
      ["Breda", 2_000],
    ] as const) {
      for (const [age, share] of [
        [20, 0.5],
        [50, 1],
      ] as const) {
        add(stay * share, { current: "A", next: "A", age, residence });
        add(10_000 - stay * share, { current: "A", next: "B", age, residence });
        add(10_000, { current: "B", next: "B", age, residence });
      }
    }
    const model = await train(joinTransitions(many));
    expect(nextOf(model, { current: "A", age: 20, residence: "Delft" }).A).toBeCloseTo(0.45, 2);
    expect(nextOf(model, { current: "A", age: 50, residence: "Breda" }).A).toBeCloseTo(0.2, 2);
  });

  it("is complete where there are none: an unknown segment has its parent's probabilities", async () => {
    const rows: TransitionRow[] = [];
    const random = createRandom(5);
    for (let i = 0; i < 3_000; i++) {
      const age = random() < 0.5 ? 20 : 50;
      const residence = random() < 0.5 ? "Delft" : "Breda";
      const next = random() < (age === 20 ? 0.8 : 0.4) ? "A" : "B";
      rows.push({ current: "A", next, age, residence });
    }
    const model = await train(joinTransitions(rows));
    const young = nextOf(model, { current: "A", age: 20 });
    expect(nextOf(model, { current: "A", age: 20, residence: "Never seen" })).toEqual(young);
    expect(young.A).toBeCloseTo(0.8, 1);
    const all = nextOf(model, { current: "A" });
    expect(nextOf(model, { current: "A", age: -1 })).toEqual(all);
    // B has no customers at all: it is expected to keep its own as A does, and to lose the rest to A.
    const stays = nextOf(model, { current: "B" });
    const counted = rows.filter((row) => row.next === "A").length;
    expect(stays.B).toBeCloseTo((counted + 0.5) / (rows.length + 1), 9);
    // A manufacturer that training never saw has the overall shares.
    expect(nextOf(model, { current: "Fairphone" }).A).toBeCloseTo((counted + 0.5) / (rows.length + 1), 9);
    // 65 and over was never seen: the parent again.
    expect(nextOf(model, { current: "A", age: 80 })).toEqual(all);
  });

  it("is strong where segments do not differ, weak where they do", async () => {
    const rowsOf = (differ: boolean): TransitionRow[] => {
      const random = createRandom(11);
      return Array.from({ length: 6_000 }, (_, i) => {
        const place = i % 30;
        const own = place % 2 === 0 ? 0.9 : 0.3;
        const chance = differ ? own : 0.6;
        return { current: "A", next: random() < chance ? "A" : "B", residence: `place ${place}` };
      });
    };
    const same = (await train(joinTransitions(rowsOf(false)))).next?.concentration.residence
      .loyalty as number;
    const different = (await train(joinTransitions(rowsOf(true)))).next?.concentration.residence
      .loyalty as number;
    expect(same).toBeGreaterThan(100);
    // A Beta of means .9 and .3 has a variance of .09 around .6: a + b = .24 / .09 - 1, about 1.7.
    expect(different).toBeGreaterThan(0.5);
    expect(different).toBeLessThan(5);
  });

  it("always yields probabilities", async () => {
    const rows = fc.array(
      fc.record({
        current: fc.constantFrom("A", "B", "C"),
        next: fc.constantFrom("A", "B", "C"),
        age: fc.constantFrom(16, 30, 70),
        residence: fc.constantFrom("Delft", "Breda"),
      }),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(rows, fc.constantFrom("A", "B", "C", "D"), async (counted, current) => {
        const model = await train(joinTransitions(counted), [counted[0]?.current as string]);
        const shares = Object.values(nextOf(model, { current, age: 30, residence: "Delft" }));
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
        expect(Math.min(...shares)).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe("customers without a next purchase", () => {
  it("are left out where the log shows repeated purchases", async () => {
    const model = await train(
      transitions([
        ["A", "A", 30],
        ["A", "B", 10],
        ["A", null, 500],
      ]),
    );
    expect(model.next?.stays).toBe("bought again");
    expect(model.metrics.next?.loyalty[0]).toMatchObject({ customers: 40, rate: { value: 0.75 } });
  });

  it("stay where the log cannot show a manufacturer bought twice", async () => {
    const model = await train(
      transitions([
        ["A", "B", 10],
        ["A", null, 30],
      ]),
    );
    expect(model.next?.stays).toBe("unchanged");
    expect(model.metrics.next?.loyalty[0]).toMatchObject({ customers: 40, rate: { value: 0.75 } });
  });

  it("are not enough when nobody is left: ERR_TRANSITIONS_EMPTY", async () => {
    const empty = transitions([]);
    const offers = [{ id: "a", product: "A", margin: 1, cost: 0 }];
    await expect(trainOffers({ transitions: empty, offers }, { createdAt })).rejects.toThrow(
      expect.objectContaining({ code: "ERR_TRANSITIONS_EMPTY" }),
    );
  });
});

describe("call logs alone", () => {
  it("need offers, of manufacturers that they know", async () => {
    await expect(trainOffers({ transitions: DUTCH }, { createdAt })).rejects.toThrow(
      expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
    );
    await expect(train(DUTCH, ["Aple"])).rejects.toThrow(
      expect.objectContaining({ code: "ERR_OFFER_UNKNOWN" }),
    );
  });

  it("need the customers' current manufacturer: ERR_FEATURE_MISSING", async () => {
    const customers = batch(table({ age: numberColumn([30]) }));
    const model = await train(DUTCH);
    expect(() => createScorer(model).score(customers)).toThrow(
      expect.objectContaining({
        code: "ERR_FEATURE_MISSING",
        message: expect.stringMatching(/current_manufacturer/),
      }),
    );
  });
});
