import { describe, expect, it } from "vitest";
import { categoryColumn, createRandom, numberColumn } from "../../src/core/index.ts";
import {
  checkExperiment,
  chiSquareTail,
  covariateBalance,
  experimentWarnings,
  inspectColumns,
  placeboRun,
  plannedShares,
  qiniCount,
  rankByUplift,
  sampleRatio,
} from "../../src/statistics/index.ts";
import { simulate, table } from "../offers/simulate.ts";

describe("chi-square tails", () => {
  it.each([
    // Points of the published tables.
    [3.841458820694124, 1, 0.05],
    [5.991464547107979, 2, 0.05],
    [18.307038053275146, 10, 0.05],
    [10.827566170662733, 1, 0.001],
    [2.705543454095404, 1, 0.1],
    [124.34211340400408, 100, 0.05],
  ])("P(X >= %d) with %d degrees of freedom is %d", (statistic, freedom, tail) => {
    expect(chiSquareTail(statistic, freedom)).toBeCloseTo(tail, 10);
  });

  it("is 1 at 0, and does not underflow into NaN far out", () => {
    expect(chiSquareTail(0, 3)).toBe(1);
    expect(chiSquareTail(5_000, 2)).toBe(0);
  });
});

function armsOf(...sizes: number[]) {
  return {
    labels: sizes.map((_, arm) => (arm === 0 ? "none" : `offer ${arm}`)),
    codes: Int32Array.from(sizes.flatMap((size, arm) => new Array<number>(size).fill(arm))),
  };
}

describe("the sample-ratio check", () => {
  it("is Pearson's chi-square against the plan", () => {
    // (60 - 50)^2 / 50 + (40 - 50)^2 / 50 = 4: p .0455.
    const even = sampleRatio(armsOf(60, 40));
    expect(even.chiSquare).toBeCloseTo(4, 12);
    expect(even.pValue).toBeCloseTo(0.0455, 4);
    expect(even.mismatch).toBe(false);
    expect(sampleRatio(armsOf(60, 40), [0.6, 0.4]).chiSquare).toBe(0);
    expect(sampleRatio(armsOf(6_000, 4_000)).mismatch).toBe(true);
  });

  it("refuses a plan that is none: ERR_OPTION_INVALID", () => {
    for (const plan of [[1], [0.5, 0.6], [1, 0]]) {
      expect(() => sampleRatio(armsOf(6, 4), plan)).toThrow(
        expect.objectContaining({ code: "ERR_OPTION_INVALID" }),
      );
    }
  });

  it("reads the plan off logged propensities, where they depend on the arm alone", () => {
    const arms = armsOf(2, 1);
    expect(plannedShares(arms, Float64Array.of(0.7, 0.7, 0.3))).toEqual([0.7, 0.3]);
    expect(plannedShares(arms, Float64Array.of(0.7, 0.5, 0.3))).toBeNull();
    expect(plannedShares(arms, Float64Array.of(0.7, 0.7, 0.6))).toBeNull();
  });
});

describe("covariate balance", () => {
  it("is the standardised mean difference, worked by hand", () => {
    const arms = armsOf(400, 400);
    const often = <T>(control: readonly T[], arm: readonly T[]): T[] =>
      [control, arm].flatMap((part) => Array.from({ length: 400 }, (_, i) => part[i % 4] as T));
    const features = table({
      // Control mean 2, arm mean 4; variance 200/399 of each.
      age: numberColumn(often([1, 2, 2, 3], [3, 4, 4, 5])),
      // Control: half urban, variance 100/399; arm: all, variance 0.
      place: categoryColumn(
        often(["urban", "urban", "rural", "rural"], ["urban", "urban", "urban", "urban"]),
      ),
      same: numberColumn(often([1, 2, 3, 4], [1, 2, 3, 4])),
      gaps: numberColumn(often([1, 1, 1, 1], [null, null, 1, 1])),
    });
    const found = new Map(covariateBalance(arms, features).map((entry) => [entry.feature, entry]));
    expect(found.get("age")?.difference).toBeCloseTo(2 / Math.sqrt(200 / 399), 12);
    expect(Math.abs(found.get("place")?.difference ?? 0)).toBeCloseTo(0.5 / Math.sqrt(100 / 399 / 2), 12);
    expect(found.get("same")).toMatchObject({ difference: 0, flagged: false });
    expect(found.get("gaps")).toMatchObject({ level: "missing", flagged: true, arm: "offer 1" });
  });

  it("does not flag what chance does to small arms", () => {
    const random = createRandom(12);
    const features = table({ age: numberColumn(Array.from({ length: 100 }, () => random())) });
    const [found] = covariateBalance(armsOf(50, 50), features);
    expect(Math.abs(found?.difference ?? 0)).toBeGreaterThan(0.1);
    expect(found?.flagged).toBe(false);
  });

  it("flags nothing in a randomised experiment", () => {
    const { experiment } = simulate(6_000, 2);
    const found = covariateBalance(experiment.arms, experiment.features);
    expect(found).toHaveLength(4);
    expect(found.filter(({ flagged }) => flagged)).toEqual([]);
  });
});

describe("columns", () => {
  const { experiment } = simulate(4_000, 5);
  const { codes } = experiment.arms;

  it("that are constant, doubled, or tell the arm or the outcome are named", () => {
    const regions = experiment.features.columns.get("region");
    const ages = experiment.features.columns.get("age");
    if (regions?.kind !== "category" || ages?.kind !== "number")
      throw new Error("the simulation has changed");
    const features = table({
      age: ages,
      region: regions,
      "region code": numberColumn(Float64Array.from(regions.codes, (code) => 10 - code)),
      constant: numberColumn(codes.map(() => 4)),
      mailed: numberColumn(Float64Array.from(codes, (code) => (code > 0 ? 1 : 0))),
      bought: numberColumn(experiment.outcome),
    });
    const findings = inspectColumns(experiment.arms, experiment.outcome, features);
    const kinds = findings.map(({ kind, feature }) => `${feature}: ${kind}`);
    expect(kinds).toEqual([
      "region code: duplicate",
      "constant: constant",
      "mailed: tells treatment",
      "bought: tells outcome",
    ]);
    expect(findings[0]).toMatchObject({ of: "region" });
  });

  it("of which every value is different are doubled only if they have one order", () => {
    const random = createRandom(9);
    const bill = Float64Array.from(codes, (_, row) => (row % 9 === 4 ? Number.NaN : random()));
    const features = table({
      bill: numberColumn(bill),
      usage: numberColumn(bill.map((value) => (Number.isNaN(value) ? value : random()))),
      cents: numberColumn(bill.map((value) => 3 - 100 * value)),
    });
    expect(inspectColumns(experiment.arms, experiment.outcome, features)).toEqual([
      { kind: "duplicate", feature: "cents", of: "bill" },
    ]);
  });

  it("that are honest are not", () => {
    expect(inspectColumns(experiment.arms, experiment.outcome, experiment.features)).toEqual([]);
  });
});

describe("an outcome", () => {
  const { experiment } = simulate(2_000, 5);
  const warn = (outcome: Float64Array) =>
    experimentWarnings(checkExperiment({ ...experiment, outcome })).filter((text) =>
      text.includes("outcome"),
    );

  it("of 0 and 1 with a stray number in it is warned of, amounts are not", () => {
    const stray = experiment.outcome.map((value, row) => (row < 2 ? 2 : value));
    expect(warn(stray)).toEqual([expect.stringMatching(/neither 0 nor 1 in 2 rows/)]);
    expect(warn(experiment.outcome)).toEqual([]);
    expect(warn(experiment.outcome.map((value, row) => value * (1 + (row % 7))))).toEqual([]);
  });
});

describe("the placebo", () => {
  const arms = simulate(3_000, 6).experiment.arms;
  const outcome = simulate(3_000, 6).experiment.outcome;
  const countOf = (codes: Int32Array, scores: Float64Array) =>
    qiniCount(
      rankByUplift({
        scores,
        treated: Uint8Array.from(codes, (code) => (code === 1 ? 1 : 0)),
        outcomes: outcome,
      }),
    );

  it("finds nothing with a model that knows nothing of the shuffled arms", () => {
    const random = createRandom(8);
    const run = placeboRun(arms, (codes) => {
      const count = countOf(codes, Float64Array.from(outcome, random));
      return [count, count];
    });
    expect(run).toMatchObject({ runs: 5, found: false });
    expect(run.offers.map(({ offerId }) => offerId)).toEqual(["south", "young"]);
  });

  it("catches a model that has seen the outcomes it is tested on", () => {
    const run = placeboRun(arms, (codes) => {
      const cheating = Float64Array.from(
        codes,
        (code, row) => (code === 1 ? 1 : -1) * (outcome[row] as number),
      );
      return [countOf(codes, cheating), null];
    });
    expect(run.found).toBe(true);
    expect(run.offers[1]).toMatchObject({ counts: [], mean: 0, deviations: 0 });
  });
});
