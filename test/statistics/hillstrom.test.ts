import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { sampleRatio } from "../../src/statistics/checks/sample-ratio.ts";
import { sampleOf } from "../../src/statistics/sample.ts";
import { sequenceInterval } from "../../src/statistics/sequence.ts";
import { differenceOfMeans } from "../../src/statistics/welch.ts";

const FILE = resolve(import.meta.dirname, "../../../shared/data/hillstrom/hillstrom_dev.csv");

/** A real e-mail experiment of three arms; values measured with GrowthBook's formulas on the same rows. */
describe.skipIf(!existsSync(FILE))("the Hillstrom experiment", () => {
  const [header = "", ...lines] = existsSync(FILE) ? readFileSync(FILE, "utf8").trim().split("\n") : [];
  // One label before these columns has a comma of its own, so columns count from the end.
  const names = header.trim().split(",").toReversed();
  const rows = lines.map((line) => line.trim().split(",").toReversed());
  const sample = (arm: string, metric: string) => {
    const [segment, column] = [names.indexOf("segment"), names.indexOf(metric)];
    const values = rows.filter((row) => row[segment] === arm).map((row) => Number(row[column]));
    return sampleOf({
      n: values.length,
      sum: values.reduce((sum, value) => sum + value, 0),
      squares: values.reduce((sum, value) => sum + value * value, 0),
    });
  };

  it("has arms of the planned sizes", () => {
    const labels = ["No E-Mail", "Mens E-Mail", "Womens E-Mail"];
    const codes = Int32Array.from(rows, (row) => labels.indexOf(row[names.indexOf("segment")] ?? ""));
    const { chiSquare, pValue, mismatch } = sampleRatio({ labels, codes });
    expect(chiSquare).toBeCloseTo(0.16, 3);
    expect(pValue).toBeCloseTo(0.923, 3);
    expect(mismatch).toBe(false);
  });

  it.each([
    ["Womens E-Mail", "visit", 0.0466, 0.0395, 0.05369, 0.03504, 0.05815],
    ["Mens E-Mail", "visit", 0.07574, 0.06834, 0.08315, 0.06368, 0.0878],
    ["Womens E-Mail", "conversion", 0.00407, 0.00224, 0.00591, 0.00108, 0.00706],
    ["Womens E-Mail", "spend", 0.50475, 0.21018, 0.79931, 0.02506, 0.98443],
  ])("%s on %s", (arm, metric, value, low, high, sequenceLow, sequenceHigh) => {
    const [none, own] = [sample("No E-Mail", metric), sample(arm, metric)];
    const found = differenceOfMeans(none, own);
    if (found === null) throw new Error("no difference");
    expect(found.value).toBeCloseTo(value, 5);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
    const sequence = sequenceInterval(found, none.n + own.n, { tuning: 5000 });
    expect(sequence.low).toBeCloseTo(sequenceLow, 4);
    expect(sequence.high).toBeCloseTo(sequenceHigh, 4);
  });
});
