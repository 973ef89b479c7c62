import { describe, expect, it } from "vitest";
import { createRandom, numberColumn } from "../../../src/core/index.ts";
import { withoutRevealing } from "../../../src/offers/next/revealing.ts";
import { codeTransitions } from "../../../src/offers/next/segments.ts";

const ROWS = 1_500;
const PRODUCTS = ["apple", "samsung", "xiaomi"];

/** Purchases of customers who stay with a product by `loyalty`; `columns` of each, given the product before and after. */
function revealingOf(
  loyalty: number,
  columns: (before: number, after: number, customer: number, random: () => number) => Record<string, number>,
) {
  const random = createRandom(6);
  const [current, next, known]: [number[], number[], Record<string, number>[]] = [[], [], []];
  for (let customer = 0; customer < ROWS / 5; customer++) {
    let before = Math.floor(3 * random());
    for (let i = 0; i < 5; i++) {
      const after = random() < loyalty ? before : Math.floor(3 * random());
      current.push(before);
      next.push(after);
      known.push(columns(before, after, customer, random));
      before = after;
    }
  }
  const product = (codes: number[]) =>
    ({ kind: "category", labels: PRODUCTS, codes: Int32Array.from(codes) }) as const;
  const names = Object.keys(known[0] ?? {});
  const features = {
    rows: ROWS,
    columns: new Map(names.map((name) => [name, numberColumn(known.map((row) => row[name]))])),
  };
  const transitions = codeTransitions({
    rows: ROWS,
    customerIds: current.map((_, row) => String(row)),
    current: product(current),
    next: product(next),
    since: Float64Array.from(current, (_, row) => row - 1),
    at: Float64Array.from(current, (_, row) => row),
    features,
  });
  return withoutRevealing(transitions);
}

describe("columns that reveal the product bought", () => {
  it("are left out: a price paid, a code, an amount with noise", () => {
    const { revealing, coded } = revealingOf(0.6, (_, after, __, random) => ({
      price_paid: [999, 799, 399][after] ?? 0,
      code: 10 + after,
      amount: 300 * after + 100 * random(),
      age: Math.floor(60 * random()),
    }));
    expect(revealing).toEqual(["price_paid", "code", "amount"]);
    expect([...coded.features.columns.keys()]).toEqual(["age", "current_manufacturer"]);
  });

  it("are found among loyal customers too", () => {
    const { revealing } = revealingOf(0.9, (_, after) => ({ price_paid: [999, 799, 399][after] ?? 0 }));
    expect(revealing).toEqual(["price_paid"]);
  });

  it("are not traits of customers, prices of all products or what they had before", () => {
    const { revealing } = revealingOf(0.97, (before, _, customer, random) => ({
      had: 7 * before,
      home: customer,
      price_apple: Math.floor(9 * random()),
    }));
    expect(revealing).toEqual([]);
  });
});
