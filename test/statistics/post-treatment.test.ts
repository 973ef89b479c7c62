import { describe, expect, it } from "vitest";
import { type Column, createRandom } from "../../src/core/index.ts";
import { inspectColumns, isUnfit } from "../../src/statistics/index.ts";

const ROWS = 4_000;

function columnsOf(make: (arm: number, random: () => number) => Record<string, number>) {
  const random = createRandom(3);
  const codes = Int32Array.from({ length: ROWS }, () => (random() < 0.5 ? 1 : 0));
  const rows = Array.from(codes, (arm) => ({
    age: Math.floor(50 * random()),
    region: random(),
    ...make(arm, random),
  }));
  const names = Object.keys(rows[0] ?? {});
  const columns = new Map(
    names.map((name): [string, Column] => [
      name,
      {
        kind: "number",
        values: Float64Array.from(rows, (row) => (row as Record<string, number>)[name] ?? 0),
      },
    ]),
  );
  const outcome = Float64Array.from(codes, () => (random() < 0.2 ? 1 : 0));
  return inspectColumns({ labels: ["none", "offer"], codes }, outcome, { rows: ROWS, columns })
    .filter(isUnfit)
    .map(({ feature }) => feature);
}

function outcomeColumnsOf(make: (bought: number, random: () => number) => Record<string, number>) {
  const random = createRandom(5);
  const codes = Int32Array.from({ length: ROWS }, () => (random() < 0.5 ? 1 : 0));
  const outcome = Float64Array.from(codes, () => (random() < 0.2 ? 1 : 0));
  const rows = Array.from(outcome, (bought) => make(bought, random));
  const columns = new Map(
    Object.keys(rows[0] ?? {}).map((name): [string, Column] => [
      name,
      { kind: "number", values: Float64Array.from(rows, (row) => row[name] ?? 0) },
    ]),
  );
  return inspectColumns({ labels: ["none", "offer"], codes }, outcome, { rows: ROWS, columns })
    .filter(isUnfit)
    .map(({ feature }) => feature);
}

describe("columns that what was shown has changed", () => {
  it("are found by name where they differ between the arms", () => {
    const unfit = columnsOf((arm, random) => ({
      visitsAfter: Math.floor((2 + arm) * random()),
      email_opened: arm === 1 && random() < 0.4 ? 1 : 0,
    }));
    expect(unfit).toEqual(["visitsAfter", "email_opened"]);
  });

  it("are found where only those who were shown something can have them", () => {
    expect(columnsOf((arm, random) => ({ seconds: arm === 1 ? Math.floor(9 * random()) : 0 }))).toEqual([
      "seconds",
    ]);
  });

  it("are found where only those who were shown something have any value", () => {
    const sent = columnsOf((arm, random) => ({
      seconds: arm === 1 ? 1 + Math.floor(9 * random()) : Number.NaN,
    }));
    expect(sent).toEqual(["seconds"]);
  });

  it("are not what customers were selected by, whatever it is called", () => {
    expect(columnsOf((arm, random) => ({ spend: (1 + 0.5 * arm) * random() }))).toEqual([]);
    expect(columnsOf((arm, random) => ({ orders: arm * 10 + Math.floor(10 * random()) }))).toEqual([]);
    // Every level above the lowest got the offer.
    expect(columnsOf((arm, random) => ({ level: arm === 1 ? 1 + Math.floor(3 * random()) : 0 }))).toEqual([]);
  });

  it("are unfit as copies of the arm", () => {
    expect(columnsOf((arm) => ({ group: arm === 1 ? 7 : 3 }))).toEqual(["group"]);
  });

  it("reveal the outcome by a value that only buyers have, even a rare one", () => {
    expect(
      outcomeColumnsOf((bought, random) => ({ spend: bought === 1 && random() < 0.05 ? 20 * random() : 0 })),
    ).toEqual(["spend"]);
    expect(
      outcomeColumnsOf((bought, random) => ({ basket: bought === 1 ? 5 + random() : 10 * random() ** 3 })),
    ).toEqual(["basket"]);
    expect(
      outcomeColumnsOf((bought, random) => ({
        income: Math.floor(4 * Math.max(random(), bought * random())),
      })),
    ).toEqual([]);
  });

  it("are not suspected where the arms are alike in them, or the name is of the past", () => {
    expect(
      columnsOf((_, random) => ({ orders: Math.floor(5 * random()), opens_last_year: random() })),
    ).toEqual([]);
    expect(columnsOf((arm, random) => ({ visits_last_month: Math.floor((3 + arm) * random()) }))).toEqual([]);
  });

  it("are left to the adjustment where other columns differ too: customers were picked", () => {
    expect(
      columnsOf((arm, random) => ({ visits: Math.floor((3 + arm) * random()), value: (1 + arm) * random() })),
    ).toEqual([]);
  });
});
