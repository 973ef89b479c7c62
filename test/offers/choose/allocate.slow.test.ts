import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import highs, { type Highs } from "highs";
import { describe, expect, it } from "vitest";
import { createRandom, randomNormal } from "../../../src/core/index.ts";
import {
  type AllocatorOptions,
  createAllocator,
  type LimitedOffer,
  type OfferScore,
} from "../../../src/offers/index.ts";

// Its types describe the CommonJS build, whose default export is wrapped; Node loads the other one.
const solver = await (highs as unknown as () => Promise<Highs>)();

function scoresOf(offers: readonly LimitedOffer[], values: readonly number[]): OfferScore[] {
  return offers.map(({ id }, i) => ({
    offerId: id,
    basis: "uplift",
    probabilityNone: 0,
    probabilityOffer: 0,
    uplift: 0,
    lift: null,
    unit: "probability",
    isPersonal: true,
    expectedValue: values[i] ?? Number.NaN,
  }));
}

function allocate(
  offers: readonly LimitedOffer[],
  rows: readonly (readonly number[])[],
  options: AllocatorOptions = {},
) {
  const allocator = createAllocator(offers, options);
  try {
    for (const values of rows) allocator.add({ scores: scoresOf(offers, values), incumbent: null });
    return allocator.solve();
  } finally {
    allocator.close();
  }
}

/** The optimum of the linear programme, by HiGHS. */
function optimum(
  offers: readonly LimitedOffer[],
  rows: readonly (readonly number[])[],
  maxSpend: number | null,
): number {
  const terms = rows.flatMap((values, i) =>
    values.flatMap((value, j) => (value > 0 ? [{ name: `x${i}_${j}`, i, j, value }] : [])),
  );
  if (terms.length === 0) return 0;
  const sum = (part: typeof terms, factor: (term: (typeof terms)[number]) => number) =>
    part.map((term) => `+ ${factor(term)} ${term.name}`).join(" ");
  const rowParts = rows.map((_, i) => terms.filter((term) => term.i === i)).filter((part) => part.length > 0);
  const constraints = [
    ...rowParts.map((part) => `r${part[0]?.i}: ${sum(part, () => 1)} <= 1`),
    ...offers.flatMap(({ maxCustomers }, j) => {
      const part = terms.filter((term) => term.j === j);
      return maxCustomers === null || part.length === 0
        ? []
        : [`s${j}: ${sum(part, () => 1)} <= ${maxCustomers}`];
    }),
    ...(maxSpend === null ? [] : [`b: ${sum(terms, ({ j }) => offers[j]?.cost ?? 0)} <= ${maxSpend}`]),
  ];
  const text = `Maximize\n obj: ${sum(terms, ({ value }) => value)}\nSubject To\n${constraints.join("\n")}\nEnd`;
  return solver.solve(text).ObjectiveValue;
}

function simulate(customers: number, offers: number, seed: number): number[][] {
  const random = createRandom(seed);
  return Array.from({ length: customers }, () => {
    const taste = randomNormal(random);
    return Array.from({ length: offers }, (_, j) => 3 * (j + 1) + 4 * taste + 5 * randomNormal(random));
  });
}

const offersOf = (limits: readonly (readonly [cost: number, stock: number | null])[]): LimitedOffer[] =>
  limits.map(([cost, maxCustomers], i) => ({ id: `offer ${i}`, cost, maxCustomers }));

describe("without limits", () => {
  it("everyone gets their best offer, and nobody one of expected loss", () => {
    const allocation = allocate(
      offersOf([
        [1, null],
        [2, null],
      ]),
      [
        [3, 4],
        [5, 2],
        [-1, -2],
        [Number.NaN, 0],
      ],
    );
    expect([0, 1, 2, 3].map((row) => allocation.offerOf(row))).toEqual([
      "offer 1",
      "offer 0",
      "none",
      "none",
    ]);
    expect(Object.fromEntries(allocation.customers)).toEqual({ none: 2, "offer 0": 1, "offer 1": 1 });
    expect(allocation.spend).toBe(3);
    expect(allocation.value).toBeCloseTo(9, 3);
    expect(allocation.bound).toBeCloseTo(9, 3);
  });

  it("an offer with a lift only does not compete with one that has an uplift, and the ineligible get nothing", () => {
    const offers = offersOf([
      [0, null],
      [0, null],
    ]);
    const allocator = createAllocator(offers);
    const [a, b] = scoresOf(offers, [1, 99]);
    if (a === undefined || b === undefined) throw new Error("two offers");
    allocator.add({ scores: [a, { ...b, basis: "lift" }], incumbent: null });
    allocator.add({ scores: [a, b], incumbent: null }, (id) => id === "offer 0");
    allocator.add({ scores: [a, b], incumbent: null }, () => false);
    const allocation = allocator.solve();
    expect([0, 1, 2].map(allocation.offerOf)).toEqual(["offer 0", "offer 0", "none"]);
  });
});

describe("limits that all customers share", () => {
  it.each([
    [
      "stock alone",
      [
        [1, 100],
        [2, 300],
        [1, 50],
        [3, 400],
      ],
      null,
    ],
    [
      "a budget alone",
      [
        [1, null],
        [2, null],
        [4, null],
        [8, null],
      ],
      1_500,
    ],
    [
      "stock and budget",
      [
        [1, 200],
        [2, 300],
        [3, null],
        [5, 100],
      ],
      2_000,
    ],
    [
      "stock that is never short",
      [
        [1, 2_000],
        [2, 2_000],
        [1, 2_000],
        [1, 2_000],
      ],
      100_000,
    ],
    [
      "hardly anything",
      [
        [1, 3],
        [2, 5],
        [1, 0],
        [3, 1],
      ],
      // All of it fits: with nine customers a rest would be more than 0.1 % of the linear (fractional) optimum.
      16,
    ],
  ] as const)("are used within 0.1 %% of the LP optimum: %s", (_, limits, maxSpend) => {
    const offers = offersOf(limits);
    for (const seed of [1, 2]) {
      const rows = simulate(1_500, offers.length, seed);
      const allocation = allocate(offers, rows, { maxSpend, seed });
      const best = optimum(offers, rows, maxSpend);
      expect(allocation.bound).toBeGreaterThan(best * (1 - 1e-4));
      const worth = rows.reduce((sum, values, row) => {
        const offer = offers.findIndex(({ id }) => id === allocation.offerOf(row));
        return sum + (offer < 0 ? 0 : (values[offer] as number));
      }, 0);
      expect(worth).toBeGreaterThan(best * 0.999);
      expect(worth).toBeLessThan(best * (1 + 1e-6));
      expect(allocation.spend).toBeLessThanOrEqual(maxSpend ?? Number.POSITIVE_INFINITY);
      for (const { id, maxCustomers } of offers) {
        expect(allocation.customers.get(id)).toBeLessThanOrEqual(maxCustomers ?? Number.POSITIVE_INFINITY);
      }
    }
  });

  it("are kept whatever the values, with nobody at a loss", () => {
    const value = fc.double({ min: -5, max: 20, noNaN: true });
    const problem = fc.record({
      rows: fc.array(fc.tuple(value, value, value), { maxLength: 40 }),
      stock: fc.tuple(fc.nat(20), fc.option(fc.nat(20), { nil: null }), fc.nat(5)),
      maxSpend: fc.option(fc.integer({ min: 0, max: 60 }), { nil: null }),
    });
    fc.assert(
      fc.property(problem, ({ rows, stock, maxSpend }) => {
        const offers = offersOf([
          [1, stock[0]],
          [0, stock[1]],
          [7, stock[2]],
        ]);
        const allocation = allocate(offers, rows, { maxSpend });
        let spend = 0;
        const shown = new Map<string, number>();
        for (const [row, values] of rows.entries()) {
          const offer = offers.findIndex(({ id }) => id === allocation.offerOf(row));
          if (offer < 0) continue;
          expect(values[offer]).toBeGreaterThan(0);
          spend += offers[offer]?.cost ?? 0;
          shown.set(allocation.offerOf(row), (shown.get(allocation.offerOf(row)) ?? 0) + 1);
        }
        expect(spend).toBeLessThanOrEqual(maxSpend ?? Number.POSITIVE_INFINITY);
        for (const { id, maxCustomers } of offers) {
          expect(shown.get(id) ?? 0).toBeLessThanOrEqual(maxCustomers ?? Number.POSITIVE_INFINITY);
        }
        expect(allocation.value).toBeLessThanOrEqual(allocation.bound * (1 + 1e-6) + 1e-6);
      }),
      { numRuns: 150 },
    );
  });

  it("are shared by lot among customers who are worth the same: the seed decides, all stock is used", () => {
    const offers = offersOf([[1, 300]]);
    const same = Array.from({ length: 1_000 }, () => [5]);
    const shown = (seed: number) => {
      const allocation = allocate(offers, same, { seed });
      return same.flatMap((_, row) => (allocation.offerOf(row) === "none" ? [] : [row]));
    };
    expect(shown(1)).toHaveLength(300);
    expect(shown(1)).toEqual(shown(1));
    expect(shown(1)).not.toEqual(shown(2));
    // Not simply whoever comes first.
    expect(Math.max(...shown(1))).toBeGreaterThan(900);
  });

  it("are met by prices that tell what more would be worth", () => {
    const offers = offersOf([[1, 2]]);
    const { prices } = allocate(offers, [[9], [7], [4], [1]]);
    expect(prices.offers.get("offer 0")).toBeCloseTo(4, 3);
    expect(prices.money).toBe(0);
  });
});

describe("very many customers", () => {
  const folder = mkdtempSync(join(tmpdir(), "lookalike-test-"));
  const offers = offersOf([
    [1, 3_000],
    [2, 20_000],
    [3, null],
  ]);
  const rows = 250_000;

  it.each([
    ["in memory", 256],
    ["on disk", 1],
  ])("are solved on a sample and corrected on all: %s", (_, memoryMb) => {
    const random = createRandom(3);
    const allocator = createAllocator(offers, { maxSpend: 150_000, memoryMb, tempFolder: folder });
    const scores = scoresOf(offers, [0, 0, 0]) as { -readonly [K in keyof OfferScore]: OfferScore[K] }[];
    for (let row = 0; row < rows; row++) {
      const taste = randomNormal(random);
      for (const [j, score] of scores.entries()) score.expectedValue = 2 + j + 2 * taste + 4 * random();
      allocator.add({ scores, incumbent: null });
    }
    if (memoryMb === 1) expect(readdirSync(folder)).toHaveLength(1);
    const allocation = allocator.solve();
    allocator.close();
    expect(readdirSync(folder)).toEqual([]);
    expect(allocation.value / allocation.bound).toBeGreaterThan(0.999);
    expect(allocation.spend).toBeLessThanOrEqual(150_000);
    expect(allocation.customers.get("offer 0")).toBeLessThanOrEqual(3_000);
    expect(allocation.customers.get("offer 1")).toBeLessThanOrEqual(20_000);
  });
});

describe("an allocator", () => {
  it("refuses limits that are none: ERR_OPTION_INVALID", () => {
    const refused = expect.objectContaining({ code: "ERR_OPTION_INVALID" });
    expect(() => createAllocator(offersOf([[-1, null]]))).toThrow(refused);
    expect(() => createAllocator(offersOf([[1, -3]]))).toThrow(refused);
    expect(() => createAllocator(offersOf([[1, 3]]), { maxSpend: Number.NaN })).toThrow(refused);
    expect(() => createAllocator(offersOf(Array.from({ length: 251 }, () => [1, null] as const)))).toThrow(
      refused,
    );
  });

  it("decides for nobody when there is nobody, and stops when asked to: ERR_ABORTED", () => {
    expect(allocate(offersOf([[1, 3]]), [])).toMatchObject({ rows: 0, value: 0, bound: 0 });
    const allocator = createAllocator(offersOf([[1, 3]]));
    expect(() => allocator.solve(AbortSignal.abort())).toThrow(
      expect.objectContaining({ code: "ERR_ABORTED" }),
    );
  });
});
