import { describe, expect, it } from "vitest";
import { categoryColumn, createRandom, numberColumn } from "../../src/core/index.ts";
import { createDriftMeter, learnReference, stabilityIndex } from "../../src/statistics/index.ts";
import { table } from "../offers/simulate.ts";

function customers(rows: number, seed: number, { older = 0, rural = 0.3, unknown = 0 } = {}) {
  const random = createRandom(seed);
  const people = Array.from({ length: rows }, () => ({
    age: random() < unknown ? null : 20 + older + Math.floor(50 * random()),
    place: random() < rural ? "rural" : "urban",
  }));
  return table({
    age: numberColumn(people.map(({ age }) => age)),
    place: categoryColumn(people.map(({ place }) => place)),
  });
}

describe("the population stability index", () => {
  it("is the textbook's", () => {
    // (.5 - .6) ln(.5 / .6) + (.5 - .4) ln(.5 / .4)
    expect(stabilityIndex([0.6, 0.4], [0.5, 0.5])).toBeCloseTo(
      -0.1 * Math.log(5 / 6) + 0.1 * Math.log(5 / 4),
      12,
    );
    expect(stabilityIndex([0.6, 0.4], [0.6, 0.4])).toBe(0);
    expect(Number.isFinite(stabilityIndex([1, 0], [0, 1]))).toBe(true);
  });

  it("is small for customers of the same kind, and names features that have moved", () => {
    const reference = learnReference(customers(5_000, 1), ["age", "place", "absent"]);
    expect(reference.map(({ name }) => name)).toEqual(["age", "place"]);
    const report = (options: Parameters<typeof customers>[2]) => {
      const meter = createDriftMeter(reference);
      meter.add(customers(2_000, 2, options));
      meter.add(customers(2_000, 3, options));
      return new Map(meter.report().map((entry) => [entry.feature, entry]));
    };
    for (const { verdict, outside } of report({}).values()) expect([verdict, outside]).toEqual(["stable", 0]);
    expect(report({ older: 20 }).get("age")).toMatchObject({ verdict: "shifted" });
    // Ages 70 to 89 were never seen.
    expect(report({ older: 20 }).get("age")?.outside).toBeCloseTo(0.4, 1);
    expect(report({ rural: 0.45 }).get("place")).toMatchObject({ verdict: "stable" });
    expect(report({ rural: 0.5 }).get("place")).toMatchObject({ verdict: "moving" });
    expect(report({ unknown: 0.3 }).get("age")).toMatchObject({ verdict: "shifted", outside: 0 });
  });

  it("counts labels that training did not know, whatever kind the reader guessed", () => {
    const reference = learnReference(table({ zip: categoryColumn(["1", "2", "1", "2"]) }), ["zip"]);
    const meter = createDriftMeter(reference);
    meter.add(table({ zip: numberColumn(Array.from({ length: 300 }, (_, i) => (i % 3) + 1)) }));
    expect(meter.report()[0]?.outside).toBeCloseTo(1 / 3, 12);
  });

  it("says nothing of few customers", () => {
    const meter = createDriftMeter(learnReference(customers(1_000, 1), ["age"]));
    meter.add(customers(199, 2, { older: 30 }));
    expect(meter.report()).toEqual([]);
  });
});
