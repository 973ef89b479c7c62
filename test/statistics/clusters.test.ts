import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.ts";
import {
  assignFolds,
  bootstrap,
  calibrationOf,
  clusteredMean,
  drawnRows,
  effectiveClusters,
  firstRows,
  meanError,
  placeboRun,
} from "../../src/statistics/index.ts";

/** 50 customers, each `times` over. */
function repeated(times: number) {
  const own = Float64Array.from({ length: 50 }, (_, i) => (i * 37) % 11);
  const clusters = Int32Array.from({ length: 50 * times }, (_, row) => Math.floor(row / times));
  return { own, clusters, values: Float64Array.from(clusters, (cluster) => own[cluster] as number) };
}

describe("rows of one cluster", () => {
  it("say no more than one of them: the error of a mean stays what it was", () => {
    const { own, clusters, values } = repeated(8);
    expect(meanError(values, clusters)).toBeCloseTo(meanError(own), 12);
    expect(meanError(values)).toBeLessThan(meanError(own) / 2.7);
    const { value, low, high } = clusteredMean(values, clusters);
    expect(high - value).toBeCloseTo(1.959964 * meanError(own), 6);
    expect(value - low).toBeCloseTo(high - value, 12);
  });

  it("are as many clusters as have equal sizes: a few with most rows count little more than themselves", () => {
    expect(effectiveClusters(400, repeated(8).clusters)).toBeCloseTo(50, 12);
    expect(effectiveClusters(400, null)).toBe(400);
    // One of 30 rows, and 10 of one row each.
    const unequal = Int32Array.from({ length: 40 }, (_, row) => Math.max(0, row - 29));
    expect(effectiveClusters(40, unequal)).toBeCloseTo(1600 / 910, 12);
  });

  it("are represented by a random one, and not by the first of each", () => {
    const { clusters } = repeated(8);
    const drawn = drawnRows(400, clusters);
    expect([...drawn].map((row) => clusters[row])).toEqual(Array.from({ length: 50 }, (_, i) => i));
    const places = new Set([...drawn].map((row) => row % 8));
    expect(places.size).toBeGreaterThan(5);
    expect(drawnRows(400, clusters)).toEqual(drawn);
  });

  it("are worked out by hand: two clusters of 1, 3 and of 5", () => {
    // Mean 3, sums of deviations -2 and 2: sqrt(2 / 1 x (4 + 4)) / 3.
    expect(meanError(Float64Array.of(1, 3, 5), Int32Array.of(0, 0, 1))).toBeCloseTo(4 / 3, 12);
  });

  it("come into one fold", () => {
    const { clusters } = repeated(4);
    const strata = clusters.map((cluster) => cluster % 2);
    const foldOf = assignFolds(strata, 5, createRandom(1), clusters);
    for (const [row, cluster] of clusters.entries()) expect(foldOf[row]).toBe(foldOf[cluster * 4]);
    const sizes = Array.from({ length: 5 }, (_, fold) => foldOf.filter((own) => own === fold).length);
    expect(sizes).toEqual([40, 40, 40, 40, 40]);
  });

  it("are drawn together by the bootstrap", () => {
    const { clusters } = repeated(3);
    bootstrap(
      clusters.length,
      (weights) => {
        for (const [row, cluster] of clusters.entries()) expect(weights[row]).toBe(weights[cluster * 3]);
        return [0];
      },
      { resamples: 3, clusters },
    );
  });

  it("keep one arm in a placebo", () => {
    const { clusters } = repeated(2);
    const codes = clusters.map((cluster) => cluster % 2);
    const seen = new Set<string>();
    placeboRun(
      { labels: ["none", "offer"], codes },
      (shuffled) => {
        for (const [row, cluster] of clusters.entries()) expect(shuffled[row]).toBe(shuffled[cluster * 2]);
        seen.add(shuffled.join(""));
        return [0];
      },
      { runs: 3, clusters },
    );
    expect(seen.size).toBe(3);
  });

  it("of customers who were in both arms are shuffled one by one: no arm is lost", () => {
    const clusters = Int32Array.from({ length: 40 }, (_, row) => row >> 1);
    const codes = clusters.map((_, row) => row % 2);
    placeboRun(
      { labels: ["none", "offer"], codes },
      (shuffled) => {
        expect(shuffled.reduce((sum, code) => sum + code, 0)).toBe(20);
        return [0];
      },
      { runs: 2, clusters },
    );
  });

  it("have as wide a slope of calibration as their customers alone", () => {
    const { own, clusters, values } = repeated(5);
    const noisy = (column: Float64Array) => column.map((value) => 2 * value + ((value * 7) % 5));
    const sample = (scores: Float64Array) => ({
      scores,
      treated: Uint8Array.from(scores, (_, row) => (clusters[row] as number) % 2),
      outcomes: scores,
    });
    const alone = calibrationOf(
      { ...sample(own), treated: Uint8Array.from(own, (_, i) => i % 2) },
      noisy(own),
    ).slope;
    const all = calibrationOf(sample(values), noisy(values), clusters).slope;
    expect(all?.value).toBeCloseTo(alone?.value as number, 10);
    expect((all?.high as number) - (all?.low as number)).toBeCloseTo(
      (alone?.high as number) - (alone?.low as number),
      1,
    );
  });

  it("are stood for by the first of them", () => {
    expect([...firstRows(5, Int32Array.of(3, 3, 0, 3, 0))]).toEqual([0, 2]);
    expect([...firstRows(3, null)]).toEqual([0, 1, 2]);
  });
});
