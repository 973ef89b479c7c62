import { describe, expect, it } from "vitest";
import { createRandom } from "../../src/core/index.ts";
import { unevenRejections } from "../../src/statistics/index.ts";

function drawn(random: () => number, rows: number, share: number): number {
  return Array.from({ length: rows }, () => (random() < share ? 1 : 0)).reduce<number>((a, b) => a + b, 0);
}

describe("unevenRejections", () => {
  it("names the arms that miss more or fewer rows than the control", () => {
    const control = { arm: "none", rows: 2_000, rejected: 100 };
    const [more, fewer, same] = [
      { arm: "more", rows: 2_000, rejected: 220 },
      { arm: "fewer", rows: 2_000, rejected: 10 },
      { arm: "same", rows: 500, rejected: 28 },
    ];
    expect(unevenRejections([control, more, same, fewer])).toEqual([more, fewer]);
    expect(unevenRejections([])).toEqual([]);
  });

  it("has no false alarm in 400 logs with equal shares", () => {
    const random = createRandom(8);
    const alarms = Array.from({ length: 400 }, () =>
      unevenRejections(
        ["none", "a", "b"].map((arm) => ({ arm, rows: 1_000, rejected: drawn(random, 1_000, 0.3) })),
      ),
    );
    expect(alarms.filter((arms) => arms.length > 0).length).toBeLessThanOrEqual(2);
  });

  it("tolerates a difference that hardly changes the effect, and counts rows of one customer once", () => {
    const control = { arm: "none", rows: 50_000, rejected: 0 };
    expect(unevenRejections([control, { arm: "a", rows: 50_000, rejected: 40 }])).toEqual([]);
    const offer = { arm: "a", rows: 50_000, rejected: 500 };
    expect(unevenRejections([control, offer])).toEqual([offer]);
    expect(unevenRejections([control, offer], 50)).toEqual([]);
  });
});
